import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { locateKeys } from './locate.ts'
import { parseConfig } from './parse.ts'

const PIECES = ['[', ']', '[[', ']]', '=', '"', "'", '"""', "'''", '{', '}', ',', '.', '#', '\\']
const WORDS = ['web', 'port', 'notify', 'webhook', '1', '"1s"', 'true', '\n', ' ', 'é']

const anyText = fc
  .array(fc.oneof(fc.constantFrom(...PIECES, ...WORDS), fc.string({ maxLength: 4 })))
  .map((parts) => parts.join(''))

test('any text gives a configuration or faults', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseConfig({ text, file: 'f' })
      assert.ok(parsed.ok || parsed.error.length > 0)
    }),
  )
})

test('lines are found in any text, and are lines of it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const count = text.split('\n').length
      for (const line of locateKeys(text).values()) assert.ok(line >= 1 && line <= count)
    }),
  )
})
