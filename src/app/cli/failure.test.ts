import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommanderError } from 'commander'
import { PlimsollError } from '../../base/errors.ts'
import { explainFailure } from './failure.ts'

test('an expected error is a sentence, its code and what to do', () => {
  assert.deepEqual(explainFailure(new PlimsollError('PLM_PORT', '127.0.0.1:1 is taken')), {
    exit: 69,
    text: 'plimsoll: 127.0.0.1:1 is taken\nPLM_PORT: Choose another with --port or [web] port.',
  })
})

test('what an error quotes cannot steer the terminal', () => {
  const { text } = explainFailure(new PlimsollError('PLM_CONFIG', 'got \u001b[2J\nline two'))
  assert.match(text, /^plimsoll: got \\x1b\[2J\nline two\n/)
})

for (const [what, error, exit] of [
  ['help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
  ['a wrong option', new CommanderError(1, 'commander.unknownOption', 'no such'), 2],
] as const) {
  test(`${what} was said already and ends with ${exit}`, () => {
    assert.deepEqual(explainFailure(error), { exit, text: '' })
  })
}

test('a bug shows its stack', () => {
  const { exit, text } = explainFailure(new TypeError('x is undefined'))
  assert.equal(exit, 70)
  assert.match(text, /please report it\nTypeError: x is undefined\n\s+at .*failure\.test\.ts/)
  assert.equal(explainFailure('a string').exit, 70)
})
