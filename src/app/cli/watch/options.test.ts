import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFor, parseInterval, parseLimit, parseSort } from './options.ts'

test('durations, limits and keys as people write them', () => {
  assert.equal(parseFor('10s'), 10_000)
  assert.equal(parseFor('1.5min'), 90_000)
  assert.equal(parseInterval('500ms'), 500)
  assert.equal(parseLimit('20'), 20)
  assert.equal(parseSort('size'), 'size')
})

const WRONG: readonly [parse: (text: string) => unknown, text: string][] = [
  [parseFor, '10'],
  [parseFor, '0s'],
  [parseFor, '-1s'],
  [parseFor, '1 fortnight'],
  [parseInterval, '1ms'],
  [parseLimit, '0'],
  [parseLimit, '1e3'],
  [parseSort, 'sze'],
]
test('what is wrong is refused with what was expected', () => {
  for (const [parse, text] of WRONG) {
    assert.throws(() => parse(text), { code: 'PLM_USAGE', message: /expects/ }, text)
  }
})
