import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { decodeText } from '../core/procfs/scan.ts'
import { forEachFileLine } from './file-lines.ts'
import { GONE } from './files.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-lines-'))
after(() => rmSync(directory, { recursive: true }))

function readLines(text: string, bufferLength: number): string[] {
  const path = join(directory, 'file')
  writeFileSync(path, text)
  const buffer = new Uint8Array(bufferLength)
  const lines: string[] = []
  const total = forEachFileLine(path, buffer, (start, end) =>
    lines.push(decodeText(buffer, start, end)),
  )
  assert.equal(total, text.length)
  return lines
}

test('every line that fits comes once and whole, wherever the buffer ends', () => {
  const line = fc.stringMatching(/^[a-z ]{0,12}$/)
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 20 }),
      fc.boolean(),
      fc.integer({ min: 2, max: 40 }),
      (all, ends, length) => {
        const text = all.join('\n') + (ends ? '\n' : '')
        // With its newline a line must fit; the last one may lack it.
        const fitting = text.split('\n').filter((one) => one.length > 0)
        const found = readLines(text, length)
        const short = fitting.filter((one) => one.length < length)
        assert.deepEqual(
          found.filter((one) => one.length < length),
          short,
        )
        assert.ok(found.every((one) => one.length < length))
      },
    ),
    { numRuns: 300 },
  )
})

test('a file that is not there is a code', () => {
  const buffer = new Uint8Array(16)
  assert.equal(
    forEachFileLine(join(directory, 'none'), buffer, () => assert.fail()),
    GONE,
  )
})
