import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../base/units.ts'
import { feedSeries, readVerdict } from '../../core/leak/detector.ts'
import { SLAB_BYTES } from '../../core/leak/ladder.ts'
import { dropUnclaimed, isSameClock, restoreSeries } from './resume.ts'
import { createSeriesIndex, takeSlot } from './series-index.ts'

const LEAK = 'process:1:1'
const FLAT = 'process:2:2'
const SERVICE = 'service:shop.service'
const RATE = 4 * MIB
const START_SEC = 5_000

/** Levels that all follow: one grows steadily, the others stay. */
function levelAt(id: string, tSec: number): number {
  const grown = id === LEAK || id === SERVICE ? (tSec - START_SEC) * RATE : 0
  return 100 * MIB + grown
}

/** Feeds what is sampled from `fromSec` to `toSec` once a second. */
function follow(
  index: ReturnType<typeof createSeriesIndex>,
  ids: readonly string[],
  fromSec: number,
  toSec: number,
): void {
  for (let tSec = fromSec; tSec < toSec; tSec++) {
    for (const id of ids) {
      feedSeries(index.arena, takeSlot(index, id), tSec, levelAt(id, tSec), 2 * GIB)
    }
  }
}

/** As the state file keeps it. */
function save(index: ReturnType<typeof createSeriesIndex>) {
  return [...index.slots].map(([key, slot]) => ({
    key,
    slab: index.arena.bytes.slice(slot * SLAB_BYTES, (slot + 1) * SLAB_BYTES),
  }))
}

function watched(ids: readonly string[], forSec: number) {
  const index = createSeriesIndex(8)
  follow(index, ids, START_SEC, START_SEC + forSec)
  return index
}

const verdictOf = (index: ReturnType<typeof createSeriesIndex>, id: string) =>
  readVerdict(index.arena, takeSlot(index, id))

for (const gapSec of [1, 30, 90]) {
  test(`after ${gapSec} s without a guard a leak is still that leak, and what stayed is none`, () => {
    const before = createSeriesIndex(8)
    let nowSec = START_SEC
    while (nowSec < START_SEC + 400 && verdictOf(before, LEAK).state !== 'confirmed') {
      follow(before, [LEAK, FLAT], nowSec, nowSec + 1)
      nowSec++
    }
    const alarm = verdictOf(before, LEAK)
    assert.equal(alarm.state, 'confirmed')
    const after = createSeriesIndex(8)
    assert.equal(restoreSeries(after, save(before), true), 2)
    assert.equal(verdictOf(after, LEAK).state, 'confirmed')
    const againSec = nowSec + gapSec
    for (let tSec = againSec; tSec < againSec + 60; tSec++) {
      follow(after, [LEAK, FLAT], tSec, tSec + 1)
      assert.equal(verdictOf(after, LEAK).state, 'confirmed', `at ${tSec}`)
      assert.notEqual(verdictOf(after, FLAT).state, 'confirmed')
    }
    const now = verdictOf(after, LEAK)
    assert.equal(now.confirmedAtSec, alarm.confirmedAtSec)
    assert.ok(Math.abs((now.rateBytesPerSec ?? 0) / RATE - 1) < 0.1, `${now.rateBytesPerSec}`)
  })
}

test('after a boot no process is the same; a service goes on as after a restart', () => {
  const before = watched([LEAK, FLAT, SERVICE], 100)
  const after = createSeriesIndex(8)
  assert.equal(restoreSeries(after, save(before), false), 1)
  assert.deepEqual([...after.slots.keys()], [SERVICE])
})

test('what nobody claims ended meanwhile', () => {
  const index = createSeriesIndex(8)
  restoreSeries(index, save(watched([LEAK, FLAT], 10)), true)
  takeSlot(index, FLAT)
  dropUnclaimed(index)
  assert.deepEqual([...index.slots.keys()], [FLAT])
  assert.equal(takeSlot(index, 'process:3:3') >= 0, true)
  assert.equal(verdictOf(index, 'process:3:3').state, 'unknown')
})

test('where there is less room than before, what fits is restored', () => {
  const before = watched([LEAK, FLAT, SERVICE], 10)
  const after = createSeriesIndex(2)
  assert.equal(restoreSeries(after, save(before), true), 2)
  assert.equal(after.dropped, 1)
})

for (const [what, saved, now, expected] of [
  ['a moment later', ['b', 100], ['b', 101], true],
  ['after a boot', ['b', 100], ['c', 101], false],
  ['in a container that was started anew on the same host', ['b', 100], ['b', 20], false],
  ['where the host has no boot id', ['', 100], ['', 101], false],
] as const) {
  test(`whether the clock goes on ${what}`, () => {
    const moment = ([bootId, bootSec]: readonly [string, number]) => ({ bootId, bootSec })
    assert.equal(isSameClock(moment(saved), moment(now)), expected)
  })
}
