import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_SEC, GIB, MIB } from '../../../src/base/units.ts'
import type { LabelledTrace } from '../labelled.ts'
import { HARMLESS } from '../practice/harmless.ts'
import { LEAKS } from '../practice/leaks.ts'
import { SEEN_FAMILIES } from '../seen/families.ts'
import { SCORED_FAMILIES } from './families.ts'

const SEEDS = [1, 2, 3]

/** Levels by row; a cell that was not read is not a number. */
function levels({ trace }: LabelledTrace): number[] {
  const { rssAnonBytes, rssShmemBytes, swapBytes } = trace
  return Array.from(
    rssAnonBytes,
    (anon, i) => anon + (rssShmemBytes[i] as number) + (swapBytes[i] as number),
  )
}

/** Lowest level of the rows between two shares of those from `fromSec` on. */
function floorBetween(labelled: LabelledTrace, fromSec: number, low: number, high: number): number {
  const first = labelled.trace.tSec.findIndex((t) => t >= fromSec)
  const rows = levels(labelled).slice(first)
  const some = rows.slice(Math.floor(low * rows.length), Math.ceil(high * rows.length))
  return Math.min(...some.filter((level) => !Number.isNaN(level)))
}

test('families have names that no other set has, and about half of them leak', () => {
  const names = new Set(SCORED_FAMILIES.map(({ name }) => name))
  assert.equal(names.size, SCORED_FAMILIES.length)
  for (const { name } of [...SEEN_FAMILIES, ...HARMLESS, ...LEAKS])
    assert.ok(!names.has(name), name)
  const leaks = SCORED_FAMILIES.filter(({ leaking }) => leaking).length
  assert.ok(Math.abs(leaks / names.size - 0.5) < 0.08, `${leaks} of ${names.size}`)
})

test('the same seed gives the same trace, another seed another', () => {
  for (const family of SCORED_FAMILIES) {
    const first = family.make(1)
    assert.deepEqual(family.make(1), first, family.name)
    assert.notDeepEqual(family.make(2).trace, first.trace, family.name)
  }
})

test('a trace is what its spec says, and never beyond what was free', () => {
  for (const family of SCORED_FAMILIES) {
    for (const seed of SEEDS) {
      const labelled = family.make(seed)
      const { spec, trace } = labelled
      const name = `${family.name}-${seed}`
      assert.equal(spec.file, `${name}.csv.gz`)
      assert.ok(spec.headroomBytes >= 64 * MIB && spec.headroomBytes <= 64 * GIB, name)
      assert.ok(spec.sampleSec >= 0.5 && spec.sampleSec <= 60, name)
      const rows = trace.tSec.length
      const end = trace.tSec[rows - 1] as number
      assert.ok(rows >= 40 && rows <= 20_600, `${name}: ${rows} rows`)
      assert.ok(end >= 35 && end <= 14.1 * DAY_SEC, `${name}: ${end} s`)
      assert.equal(trace.tSec[0], 0, name)
      for (let i = 1; i < rows; i++) {
        assert.ok((trace.tSec[i] as number) > (trace.tSec[i - 1] as number), name)
      }
      const all = levels(labelled)
      const limit = (all[0] as number) + spec.headroomBytes
      assert.ok(
        all.every((level) => !(level > limit)),
        `${name} is beyond its limit`,
      )
    }
  }
})

test('what is harmless stays below a bound well short of what was free', () => {
  for (const family of SCORED_FAMILIES.filter(({ leaking }) => !leaking)) {
    for (const seed of SEEDS) {
      const labelled = family.make(seed)
      const { truth, spec } = labelled
      assert.deepEqual(
        truth,
        { leaking: false, onsetSec: null, rateBytesPerSec: null },
        family.name,
      )
      const all = levels(labelled)
      const highest = Math.max(...all.filter((level) => !Number.isNaN(level)))
      const risen = (highest - (all[0] as number)) / spec.headroomBytes
      assert.ok(risen <= 0.68, `${family.name}-${seed} takes ${risen}`)
    }
  }
})

test('the floor of a leak rises from its onset at about the rate that its truth tells', () => {
  for (const family of SCORED_FAMILIES.filter(({ leaking }) => leaking)) {
    for (const seed of SEEDS) {
      const labelled = family.make(seed)
      const { truth, trace, spec } = labelled
      const name = `${family.name}-${seed}`
      const onset = truth.onsetSec ?? NaN
      const rate = truth.rateBytesPerSec ?? NaN
      const end = trace.tSec.at(-1) as number
      assert.ok(truth.leaking && onset >= 0 && onset < end && rate > 0, name)
      // With restarts after the onset the level tells one life, not all that has leaked.
      if (spec.startsSec?.some((start) => start > onset)) continue
      const leaked = rate * (end - onset)
      const share = leaked / spec.headroomBytes
      assert.ok(share > 0.13 && share <= 0.95, `${name}: ${share}`)
      const risen = floorBetween(labelled, onset, 0.9, 1) - floorBetween(labelled, onset, 0, 0.1)
      // A cache that fills beside it, or work that ends later, moves the floor too.
      const told = risen / leaked
      assert.ok(told > 0.6 && told < 2.2, `${name}: the floor rose by ${told} of what leaked`)
    }
  }
})
