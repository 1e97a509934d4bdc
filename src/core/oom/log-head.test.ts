import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJournalFile, isText } from './log-head.ts'

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [...part])),
  )

const CASES: readonly (readonly [what: string, head: Uint8Array, isIt: boolean])[] = [
  ['nothing', bytes(), true],
  ['a log', bytes('[    1.0] a invoked oom-killer\r\n\tb'), true],
  ['colours of a terminal', bytes('\u001b[31mred\u001b[0m [ 1.0] oom'), true],
  ['another language', bytes('[śr lis 25 12:47:02 2026] oom'), true],
  ['zeros that a crash left', bytes(new Array<number>(4000).fill(0), 'Jun 20 host kernel:'), true],
  ['a program', bytes([0x7f], 'ELF', [2, 1, 1, 0, 0, 0, 3, 0, 62, 0, 1, 0]), false],
  [
    'a picture',
    bytes([0x89], 'PNG', [13, 10, 26, 10, 0, 0, 0, 13], 'IHDR', [0, 0, 2, 6, 3]),
    false,
  ],
]

for (const [what, head, isIt] of CASES) {
  test(`${what} is ${isIt ? 'text' : 'no text'}`, () => assert.equal(isText(head), isIt))
}

test('the journal as it lies on disk is known', () => {
  assert.equal(isJournalFile(bytes('LPKSHHRH', [0, 0])), true)
  assert.equal(isJournalFile(bytes('LPKS')), false)
})
