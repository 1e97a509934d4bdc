import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_SEC } from '../../../src/base/units.ts'
import {
  bursts,
  dayShape,
  highWater,
  inChunks,
  integral,
  logarithmic,
  meanReverting,
  type Part,
  power,
  ramp,
  saturating,
  sawtooth,
  startingAt,
  steps,
  sum,
} from './parts.ts'
import { createRng, exponential, normal, pick, uniform, whole } from './rng.ts'

function sample(part: Part, count = 10_000): number[] {
  return Array.from({ length: count }, (_, t) => part(t))
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

test('parts without chance at a glance', () => {
  const cases: readonly (readonly [part: Part, t: number, expected: number])[] = [
    [ramp(100, 10), 5, 50],
    [ramp(100, 10), 50, 100],
    [saturating(100, 10), 1000, 100],
    [logarithmic(100, 5, 50), 50, 100],
    [power(100, 50, 2), 25, 25],
    [startingAt(10, ramp(100, 10)), 9, 0],
    [startingAt(10, ramp(100, 10)), 15, 50],
    [steps([1, 5], [10, 3]), 0, 0],
    [steps([1, 5], [10, 3]), 5, 13],
    [inChunks(ramp(100, 100), 16), 33, 48],
    [sum(ramp(1, 1), ramp(2, 1)), 9, 3],
  ]
  for (const [part, t, expected] of cases) assert.ok(Math.abs(part(t) - expected) < 1e-9, `${t}`)
})

test('parts that remember', () => {
  assert.deepEqual(
    sample(
      highWater((t) => t % 3),
      5,
    ),
    [0, 1, 2, 2, 2],
  )
  assert.deepEqual(
    sample(
      integral(() => 2),
      4,
    ),
    [0, 2, 4, 6],
  )
})

test('parts by chance keep to what they say', () => {
  const tooth = sample(sawtooth(createRng('tooth', 1), 100, 50, 0.3))
  assert.ok(Math.min(...tooth) >= 0 && Math.max(...tooth) <= 100)
  assert.ok(Math.min(...tooth.slice(5000, 5100)) < 10, 'each tooth begins at the floor')
  const walk = sample(meanReverting(createRng('walk', 1), 5, 20))
  assert.ok(Math.abs(mean(walk)) < 1, `${mean(walk)}`)
  const deviation = Math.sqrt(mean(walk.map((each) => each * each)))
  assert.ok(Math.abs(deviation / 5 - 1) < 0.15, `${deviation}`)
  const work = sample(bursts(createRng('work', 1), 100, 200, 20))
  assert.ok(work.filter((each) => each === 0).length > 8000, 'gives all of it back')
})

test('a day is low once and high once', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => dayShape((hour * DAY_SEC) / 24, 0))
  assert.ok(Math.min(...hours) < 0.2 && Math.max(...hours) > 0.8)
  assert.equal(dayShape(0, 0), dayShape(DAY_SEC, 0))
})

test('random numbers are even, and other names or seeds give others', () => {
  const rng = createRng('even', 7)
  const draws = Array.from({ length: 20_000 }, rng)
  assert.ok(draws.every((each) => each >= 0 && each < 1))
  assert.ok(Math.abs(mean(draws) - 0.5) < 0.01)
  assert.notEqual(createRng('even', 8)(), createRng('even', 7)())
  assert.notEqual(createRng('odd', 7)(), createRng('even', 7)())
  assert.ok(Math.abs(mean(Array.from({ length: 20_000 }, () => normal(rng)))) < 0.03)
  const waits = Array.from({ length: 20_000 }, () => exponential(rng, 3))
  assert.ok(Math.abs(mean(waits) - 3) < 0.1)
  const wholes = new Set(Array.from({ length: 500 }, () => whole(rng, 2, 4)))
  assert.deepEqual([...wholes].sort(), [2, 3, 4])
  assert.ok(['a', 'b'].includes(pick(rng, ['a', 'b'])))
  const within = uniform(rng, 5, 6)
  assert.ok(within >= 5 && within < 6)
})
