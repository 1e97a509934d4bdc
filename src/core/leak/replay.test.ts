import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GIB, MIB } from '../../base/units.ts'
import type { TraceRow } from './records.ts'
import { createRow, feedReplay, openReplay, readReplay, summarizeReplay } from './replay.ts'

/** Replays rows of a second each; what a row leaves out was not readable. */
function replay(
  rows: readonly Partial<TraceRow>[],
  headroomBytes: number | null = GIB,
  startsSec: readonly number[] | null = null,
) {
  const opened = openReplay(headroomBytes, startsSec)
  const levels = rows.map((row, tSec) => feedReplay(opened, { ...createRow(), tSec, ...row }))
  return { opened, levels, said: summarizeReplay(opened), verdict: readReplay(opened) }
}

/** So many seconds of anonymous memory that grows by `perSec` from `fromSec` on. */
function growing(seconds: number, perSec: number, fromSec = 0): Partial<TraceRow>[] {
  return Array.from({ length: seconds }, (_, t) => ({
    rssAnonBytes: 100 * MIB + perSec * Math.max(0, t - fromSec),
  }))
}

test('the level is what would come back: anonymous, shared and swapped, not file pages', () => {
  const { levels } = replay([
    { rssAnonBytes: 1, rssShmemBytes: 10, swapBytes: 100, rssFileBytes: 1000, vszBytes: 9e9 },
    { rssAnonBytes: 2 },
    { rssShmemBytes: 20 },
    { rssAnonBytes: 3, swapBytes: 0 },
  ])
  assert.deepEqual(levels, [111, 112, NaN, 13])
})

test('the limit is the first level that was readable and the headroom', () => {
  const { opened } = replay([{}, { rssAnonBytes: 5 * MIB }, { rssAnonBytes: 9 * MIB }], 100 * MIB)
  assert.equal(opened.limitBytes, 105 * MIB)
})

test('where no headroom is given, it is as much again, and at least 1 GiB', () => {
  assert.equal(replay([{ rssAnonBytes: MIB }], null).opened.headroomBytes, GIB)
  assert.equal(replay([{ rssAnonBytes: 3 * GIB }], null).opened.headroomBytes, 3 * GIB)
})

test('an alarm that stands is told as it was raised', () => {
  const { said } = replay(growing(300, 2 * MIB, 60))
  assert.ok(said.leaking)
  assert.deepEqual(said.alarmsSec, [said.detectedAtSec])
  const left = (GIB - 2 * MIB * ((said.detectedAtSec ?? 0) - 60)) / (2 * MIB)
  assert.ok(Math.abs((said.etaSec ?? 0) / left - 1) < 0.15, `${said.etaSec} for ${left}`)
})

test('an alarm that was taken back is still named, and nothing is told of it', () => {
  const given = Array.from({ length: 900 }, () => ({ rssAnonBytes: 100 * MIB }))
  const { said, verdict } = replay([...growing(240, 2 * MIB), ...given])
  assert.equal(said.alarmsSec.length, 1)
  assert.notEqual(verdict.state, 'confirmed')
  const { leaking, detectedAtSec, onsetSec, rateBytesPerSec, rateLow, rateHigh, etaSec } = said
  assert.deepEqual(
    [leaking, detectedAtSec, onsetSec, rateBytesPerSec, rateLow, rateHigh, etaSec],
    [false, null, null, null, null, null, null],
  )
  assert.equal(said.reason, verdict.reason)
})

test('restarts come in any order, and one before the first row changes nothing', () => {
  const rows = growing(400, MIB).map((row, t) => ({
    rssAnonBytes: (row.rssAnonBytes ?? 0) - (t >= 200 ? 200 * MIB : 0),
  }))
  const inOrder = replay(rows, GIB, [-5, 200, 300]).said
  assert.deepEqual(replay(rows, GIB, [300, -5, 200]).said, inOrder)
})

test('rows that come again or too late are skipped', () => {
  const rows = growing(300, 2 * MIB).map((row, tSec) => ({ ...row, tSec }))
  const twice = rows.flatMap((row) => [row, row, { ...row, tSec: row.tSec - 3, rssAnonBytes: 1 }])
  assert.deepEqual(replay(twice).said, replay(rows).said)
})

test('any trace that grows gives a summary that does not contradict itself', () => {
  // Steps of some seconds' growth, now and then a hole or a fall.
  const step = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 8 * MIB }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, -64 * MIB) },
  )
  const steps = fc.array(step, { minLength: 50, maxLength: 300 })
  let leaking = 0
  fc.assert(
    fc.property(steps, fc.integer({ min: 64 * MIB, max: 2 * GIB }), (rises, headroomBytes) => {
      let level = 200 * MIB
      const rows = rises.map((rise) => {
        if (Number.isNaN(rise)) return {}
        level = Math.max(MIB, level + rise)
        return { rssAnonBytes: level }
      })
      const { said } = replay(rows, headroomBytes)
      const last = said.alarmsSec[said.alarmsSec.length - 1] ?? null
      assert.equal(said.detectedAtSec, said.leaking ? last : null)
      if (!said.leaking) return
      leaking++
      const { rateLow, rateBytesPerSec, rateHigh, onsetSec, detectedAtSec } = said
      assert.ok((rateLow ?? NaN) <= (rateBytesPerSec ?? NaN))
      assert.ok((rateBytesPerSec ?? NaN) <= (rateHigh ?? NaN))
      assert.ok((onsetSec ?? NaN) <= (detectedAtSec ?? NaN))
    }),
  )
  assert.ok(leaking > 0, 'some of them leak')
})
