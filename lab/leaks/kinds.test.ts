import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LEAK_KINDS } from './kinds.ts'
import { leaksMemory } from './program.ts'

const EXPECTED: readonly (readonly [kind: string, program: string, leaks: boolean])[] = [
  ['short-lived', 'short-lived', false],
  ['long-lived', 'leak-steady', true],
  ['slow', 'leak-slow', true],
  ['stepwise', 'leak-steps', true],
  ['cached', 'cache-fill', false],
  ['late', 'leak-late', true],
  ['behind-load', 'leak-under-load', true],
  ['threads', 'leak-threads', true],
  ['shared-memory', 'leak-shared', true],
  ['fds', 'leak-fds', false],
  ['c++', 'cpp-leak-objects', true],
  ['python', 'python-leak-list', true],
  ['node', 'node-leak-map', true],
  ['java', 'java-leak-map', true],
]

test('each kind is a program of the catalogue, and leaks memory or does not', () => {
  assert.deepEqual(
    LEAK_KINDS.map(({ kind, program }) => [kind, program.name, leaksMemory(program.truth)]),
    EXPECTED,
  )
})

for (const { kind, program, does, valgrindSec } of LEAK_KINDS) {
  test(`${kind} fits the lesson`, () => {
    assert.equal(program.subject, 'process')
    // A line of the list has 80 columns, and the other cells take 40 of them.
    assert.ok(does.length <= 40, does)
    assert.match(does, /^[a-z].*[^.]$/)
    assert.ok(valgrindSec > (program.truth.onsetSec ?? 0))
  })
}
