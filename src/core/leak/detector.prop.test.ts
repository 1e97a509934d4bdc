import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MIB } from '../../base/units.ts'
import { feedSeries, openSeries, readState, readVerdict, restartSeries } from './detector.ts'
import type { Arena } from './ladder.ts'
import { createArena, SLAB_BYTES } from './ladder.ts'
import type { Verdict } from './records.ts'
import { LEAK_STATES } from './records.ts'

const RUNS = { numRuns: 150, seed: 20_261 }
const LIMIT = 1200 * MIB

/** A stretch of life: so many samples, each so much further in time and level. */
interface Stretch {
  readonly samples: number
  readonly stepSec: number
  readonly stepMib: number
  readonly noiseMib: number
  readonly restarts: boolean
}

const stretch: fc.Arbitrary<Stretch> = fc.record({
  samples: fc.integer({ min: 1, max: 150 }),
  stepSec: fc.constantFrom(0.5, 1, 2, 30, 700),
  stepMib: fc.constantFrom(-3, -0.5, 0, 0, 0.1, 0.5, 2, 8),
  noiseMib: fc.constantFrom(0, 0.2, 4),
  restarts: fc.constantFrom(false, false, false, true),
})
const life = fc.array(stretch, { minLength: 1, maxLength: 8 })

interface Sample {
  readonly tSec: number
  readonly levelMib: number
  readonly restarts: boolean
}

function samplesOf(stretches: readonly Stretch[]): Sample[] {
  const samples: Sample[] = []
  let tSec = 0
  let level = 40
  let phase = 0
  for (const { samples: count, stepSec, stepMib, noiseMib, restarts } of stretches) {
    if (restarts) level = 40
    for (let i = 0; i < count; i++) {
      phase = (phase * 69 + 7) % 101
      tSec += stepSec
      level = Math.min(1000, Math.max(4, level + stepMib))
      const levelMib = level + noiseMib * (phase / 101)
      samples.push({ tSec, levelMib, restarts: restarts && i === 0 })
    }
  }
  return samples
}

interface Change {
  readonly shiftSec?: number
  readonly scale?: number
}

function feed(arena: Arena, slot: number, sample: Sample, change: Change = {}): void {
  const { shiftSec = 0, scale = 1 } = change
  if (sample.restarts) restartSeries(arena, slot)
  const level = sample.levelMib * MIB * scale
  feedSeries(arena, slot, sample.tSec + shiftSec, level, LIMIT * scale)
}

function verdictOf(samples: readonly Sample[], change: Change = {}): Verdict {
  const arena = createArena(1)
  openSeries(arena, 0)
  for (const sample of samples) feed(arena, 0, sample, change)
  return readVerdict(arena, 0)
}

test('any numbers at all give a verdict whose figures are in order', () => {
  const anything = fc.oneof(
    fc.double({ min: 0, max: 1e12 }),
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -1, 0),
  )
  const numbers = fc.array(fc.tuple(anything, anything, anything), { maxLength: 300 })
  fc.assert(
    fc.property(numbers, (samples) => {
      const arena = createArena(1)
      openSeries(arena, 0)
      for (const [tSec, level, limit] of samples) feedSeries(arena, 0, tSec, level, limit)
      const { state, rateLowBytesPerSec: low, rateHighBytesPerSec: high } = readVerdict(arena, 0)
      assert.ok(LEAK_STATES.includes(state))
      if (low !== null && high !== null) assert.ok(!(low > high))
    }),
    RUNS,
  )
})

test('a verdict does not depend on when the clock began', () => {
  fc.assert(
    fc.property(life, fc.integer({ min: 1, max: 4_000_000 }), (stretches, shiftSec) => {
      const samples = samplesOf(stretches)
      const { state, reason } = verdictOf(samples)
      const shifted = verdictOf(samples, { shiftSec })
      assert.deepEqual([shifted.state, shifted.reason], [state, reason])
    }),
    RUNS,
  )
})

test('a process four times as large under a limit four times as high is judged the same', () => {
  fc.assert(
    fc.property(life, (stretches) => {
      const samples = samplesOf(stretches)
      const { state, reason, usedFraction } = verdictOf(samples)
      const larger = verdictOf(samples, { scale: 4 })
      assert.deepEqual([larger.state, larger.reason], [state, reason])
      assert.equal(larger.usedFraction, usedFraction)
    }),
    RUNS,
  )
})

test('a series that is saved at any point and restored elsewhere goes on as if nothing had been', () => {
  fc.assert(
    fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (stretches, share) => {
      const samples = samplesOf(stretches)
      const cut = Math.floor(share * samples.length)
      const first = createArena(2)
      openSeries(first, 1)
      for (const sample of samples.slice(0, cut)) feed(first, 1, sample)
      const second = createArena(3)
      second.bytes.set(first.bytes.slice(SLAB_BYTES, 2 * SLAB_BYTES), 2 * SLAB_BYTES)
      for (const sample of samples.slice(cut)) feed(second, 2, sample)
      assert.deepEqual(readVerdict(second, 2), verdictOf(samples))
    }),
    RUNS,
  )
})

test('series that are fed in turn do not touch each other', () => {
  fc.assert(
    fc.property(life, life, (one, other) => {
      const samples = [samplesOf(one), samplesOf(other)] as const
      const arena = createArena(2)
      openSeries(arena, 0)
      openSeries(arena, 1)
      for (let i = 0; i < Math.max(samples[0].length, samples[1].length); i++) {
        for (const slot of [0, 1] as const) {
          const sample = samples[slot][i]
          if (sample !== undefined) feed(arena, slot, sample)
        }
      }
      assert.deepEqual(readVerdict(arena, 0), verdictOf(samples[0]))
      assert.deepEqual(readVerdict(arena, 1), verdictOf(samples[1]))
    }),
    RUNS,
  )
})

test('what never rises above its first level is never suspected', () => {
  const falls = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 400,
  })
  fc.assert(
    fc.property(falls, (shares) => {
      const arena = createArena(1)
      openSeries(arena, 0)
      let level = 1000
      for (const [i, share] of shares.entries()) {
        level -= share * 2
        feedSeries(arena, 0, i, level * MIB, LIMIT)
        const state = readState(arena, 0)
        assert.ok(state === 'unknown' || state === 'steady', `${state} at ${i}`)
      }
    }),
    RUNS,
  )
})
