import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { leastSquaresSlope } from './slope.ts'

const coefficient = fc.integer({ min: -1e6, max: 1e6 })
const times = fc.uniqueArray(fc.integer({ min: 0, max: 1e4 }), { minLength: 2, maxLength: 50 })

test('a straight line has its own slope, wherever it starts and however it is sampled', () => {
  fc.assert(
    fc.property(coefficient, coefficient, times, (slope, start, xs) => {
      const found = leastSquaresSlope(
        xs,
        xs.map((x) => start + slope * x),
      )
      assert.ok(Math.abs(found - slope) <= 1e-6 * Math.max(1, Math.abs(slope)), `${found}`)
    }),
  )
})

test('samples of one moment have no slope', () => {
  assert.ok(Number.isNaN(leastSquaresSlope([3, 3], [1, 2])))
})
