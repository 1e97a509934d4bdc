import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectTrace } from '../../../src/core/leak/replay.ts'
import { HARMLESS } from './harmless.ts'
import { LEAKS } from './leaks.ts'

const FAMILIES = [...HARMLESS, ...LEAKS]

test('a seed gives the same life each time, and another seed another', () => {
  for (const family of FAMILIES) {
    const { trace, truth, spec } = family.make(3)
    const again = family.make(3)
    assert.deepEqual(again.trace.rssAnonBytes, trace.rssAnonBytes, family.name)
    assert.deepEqual([again.truth, again.spec], [truth, spec])
    assert.equal(truth.leaking, family.leaking, family.name)
    assert.notDeepEqual(family.make(4).trace.tSec.length, 0)
    assert.notDeepEqual(family.make(4).spec.headroomBytes, spec.headroomBytes)
  }
})

test('each life is in order of time, and holds what a recording may', () => {
  for (const family of FAMILIES) {
    const { trace, spec } = family.make(5)
    for (let i = 1; i < trace.tSec.length; i++) {
      assert.ok((trace.tSec[i] as number) > (trace.tSec[i - 1] as number), `${family.name} at ${i}`)
      assert.ok((trace.rssAnonBytes[i] as number) >= 0, family.name)
    }
    assert.ok(spec.headroomBytes > 0)
  }
})

test('of the practice lives the detector tells leaking from harmless', () => {
  let found = 0
  let leaks = 0
  let disturbed = 0
  for (const family of FAMILIES) {
    for (const seed of [1, 2, 3, 4]) {
      const { trace, spec, truth } = family.make(seed)
      const { leaking, alarmsSec } = detectTrace(trace, spec)
      if (!truth.leaking) disturbed += alarmsSec.length > 0 ? 1 : 0
      else {
        leaks++
        found += leaking ? 1 : 0
      }
    }
  }
  assert.ok(found >= 0.9 * leaks, `${found} of ${leaks} leaks found`)
  assert.ok(disturbed <= 0.12 * 4 * HARMLESS.length, `${disturbed} harmless lives disturbed`)
})
