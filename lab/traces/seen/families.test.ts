import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_SEC, GIB, MIB } from '../../../src/base/units.ts'
import type { LabelledTrace } from '../labelled.ts'
import { SEEN_FAMILIES } from './families.ts'

function levels({ trace }: LabelledTrace): number[] {
  const { rssAnonBytes, rssShmemBytes, swapBytes } = trace
  return Array.from(rssAnonBytes, (anon, i) => anon + (rssShmemBytes[i] || 0) + (swapBytes[i] || 0))
}

test('families have names of their own, harmless and leaking ones about as many', () => {
  const names = new Set(SEEN_FAMILIES.map(({ name }) => name))
  assert.equal(names.size, SEEN_FAMILIES.length)
  const leaks = SEEN_FAMILIES.filter(({ leaking }) => leaking).length
  assert.ok(leaks > names.size / 3 && leaks < names.size / 2, `${leaks} of ${names.size}`)
})

test('the same seed gives the same trace, another seed another', () => {
  for (const family of SEEN_FAMILIES) {
    const first = family.make(1)
    assert.deepEqual(family.make(1), first, family.name)
    assert.notDeepEqual(family.make(2).trace, first.trace, family.name)
  }
})

test('a trace is what its spec says, and never beyond what was free', () => {
  for (const family of SEEN_FAMILIES) {
    for (const seed of [1, 2, 3]) {
      const labelled = family.make(seed)
      const { spec, trace } = labelled
      const name = `${family.name}-${seed}`
      assert.equal(spec.file, `${name}.csv.gz`)
      assert.ok(spec.headroomBytes >= 64 * MIB && spec.headroomBytes <= 64 * GIB, name)
      assert.ok(spec.sampleSec >= 0.5 && spec.sampleSec <= 60, name)
      const rows = trace.tSec.length
      const end = trace.tSec[rows - 1] as number
      assert.ok(rows >= 40 && end <= 14.1 * DAY_SEC, `${name}: ${rows} rows, ${end} s`)
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

test('the truth of a leak is in the trace: it begins at its onset and grows at its rate', () => {
  for (const family of SEEN_FAMILIES) {
    const labelled = family.make(1)
    const { truth, trace, spec } = labelled
    assert.equal(truth.leaking, family.leaking)
    if (!family.leaking) {
      assert.deepEqual([truth.onsetSec, truth.rateBytesPerSec], [null, null], family.name)
      continue
    }
    const onset = truth.onsetSec ?? NaN
    const rate = truth.rateBytesPerSec ?? NaN
    const end = trace.tSec[trace.tSec.length - 1] as number
    assert.ok(onset >= 0 && onset < end && rate > 0, family.name)
    // What leaks in a life without restarts is a material part of what was free, and no more.
    const leaked = (rate * (end - onset)) / spec.headroomBytes
    if (spec.startsSec === null) assert.ok(leaked > 0.1 && leaked <= 1, `${family.name}: ${leaked}`)
  }
})
