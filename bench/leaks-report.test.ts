import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observationOf } from '../lab/leaks/observation.fixture.ts'
import type { Observation } from '../lab/leaks/observe.ts'
import { MIB } from '../src/base/units.ts'
import { detectTrace } from '../src/core/leak/replay.ts'
import { findWrongTruths, judge as judgeBy, renderSummary } from './leaks-report.ts'

const judge = (seen: Observation) => judgeBy(seen, detectTrace)
const steady = observationOf('leak-steady', (tSec) => (20 + 9 * tSec) * MIB)

test('a leak that is found is right, with its rate beside the true one', () => {
  const { leaks, alarmed, usedFraction, rateError, cells } = judge(steady)
  assert.deepEqual([leaks, alarmed, cells[2], cells[3]], [true, true, 'confirmed', 'yes'])
  assert.ok(usedFraction !== null && usedFraction > 0 && usedFraction < 0.6)
  assert.ok(rateError !== null && Math.abs(rateError) < 0.1)
})

test('a leak that is not found is wrong', () => {
  const { alarmed, usedFraction, cells } = judge(observationOf('leak-steady', () => 20 * MIB))
  assert.deepEqual([alarmed, usedFraction, cells[3]], [false, null, 'NO'])
})

test('a harmless program that was called a leak for a while is wrong', () => {
  const rise = observationOf('cache-fill', (tSec) => (20 + 9 * tSec) * MIB)
  const fall = observationOf('cache-fill', (tSec) => (tSec < 40 ? 20 + 12 * tSec : 20) * MIB)
  for (const seen of [rise, fall]) assert.equal(judge(seen).cells[3], 'NO')
  assert.equal(judge(fall).cells[2], 'withdrawn')
  assert.equal(judge(observationOf('cache-fill', () => 180 * MIB)).cells[3], 'yes')
})

test('the summary counts what was found and who was accused', () => {
  const flat = judge(observationOf('cache-fill', () => 180 * MIB))
  assert.match(
    renderSummary('Plimsoll', [judge(steady), flat]),
    /^Plimsoll: 1 of 1 leaks found, 0 of 1 harmless programs accused; median: \d+ % of what was free/,
  )
})

test('a rate of the catalogue that the program does not keep is told', () => {
  const faster = judge(observationOf('leak-steady', (tSec) => (20 + 10.8 * tSec) * MIB))
  assert.deepEqual(findWrongTruths([judge(steady)]), [])
  assert.deepEqual(findWrongTruths([faster]), [
    'leak-steady leaks 20 % faster than the catalogue says',
  ])
})
