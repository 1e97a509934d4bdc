import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryColumns, HostHistoryColumns } from '../../core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import { HOST_LAYERS, hostSeries, joinTimes } from './host-columns.ts'
import { subjectSeries } from './subject-columns.ts'

test('ticks go on where what was recorded ends; what both hold is there once', () => {
  const { wallMs, places } = joinTimes([0, 1_000, 2_000], [1_000, 2_000, 3_000, 4_000], 1_000)
  assert.deepEqual(wallMs, [0, 1_000, 2_000, 3_000, 4_000])
  assert.deepEqual(places, [0, 1, 2, 5, 6])
})

test('no line is drawn over a time when nobody looked', () => {
  assert.deepEqual(joinTimes([0], [60_000], 1_000), {
    wallMs: [0, 1, 60_000],
    places: [0, null, 1],
  })
  assert.deepEqual(joinTimes([0], [60_000], 20_000).wallMs, [0, 60_000])
})

const HOST_COLUMNS: HostHistoryColumns = {
  wallMs: [HOST_FIXTURE.wallMs - 1_000],
  anonBytes: [1],
  fileBytes: [2],
  shmemBytes: [3],
  slabBytes: [4],
  kernelBytes: [5],
  hugepagesBytes: [6],
  unaccountedBytes: [7],
  freeBytes: [8],
  swapUsedBytes: [9],
  psiSomeAvg10Pct: [null],
  psiFullAvg10Pct: [10],
}

test("the host's layers are read alike from history and from ticks", () => {
  const series = hostSeries({ stepMs: 1_000, columns: HOST_COLUMNS }, [HOST_FIXTURE], 1_000)
  assert.deepEqual(
    series.layers.map(({ bytes }) => bytes[0]),
    [1, 3, 4, 5, 6, 7, 2, 8],
  )
  assert.deepEqual(
    series.layers.map(({ bytes }) => bytes[1]),
    HOST_LAYERS.map(({ read }) => read(HOST_FIXTURE)),
  )
  assert.deepEqual(series.psiSomePct, [null, 0])
  assert.deepEqual(series.psiFullPct, [10, 0])
})

test("a host's layers sum up to its memory", () => {
  const sum = HOST_LAYERS.reduce((total, { read }) => total + read(HOST_FIXTURE), 0)
  assert.ok(Math.abs(sum / HOST_FIXTURE.memTotalBytes - 1) < 0.02)
})

const COLUMNS: HistoryColumns = {
  wallMs: [0, 60_000],
  levelBytes: [5, null],
  anonBytes: [5, null],
  fileBytes: [1, null],
  shmemBytes: [0, null],
  swapBytes: [0, null],
  threads: [2, null],
  fds: [null, null],
}

test('a process has layers of the kinds that it ever held, and a gap where nobody looked', () => {
  const row = rowFixture('process:1:1', { levelBytes: 9, anonBytes: 6, swapBytes: 3, threads: 4 })
  const series = subjectSeries(
    'process',
    'anon',
    { stepMs: 1_000, columns: COLUMNS },
    [{ wallMs: 61_000, row }],
    1_000,
  )
  assert.deepEqual(
    series.layers.map(({ kind, bytes }) => [kind, ...bytes]),
    [
      ['anon', 5, null, 6],
      ['swap', 0, null, 3],
      ['file', 1, null, 4_096],
    ],
  )
  assert.deepEqual(series.levelBytes, [5, null, 9])
  assert.deepEqual(series.threads, [2, null, 4])
})

test('what is no process has one layer, of its own kind', () => {
  const series = subjectSeries('slab', 'slab', { stepMs: 1_000, columns: COLUMNS }, [], 1_000)
  assert.deepEqual(
    series.layers.map(({ kind, bytes }) => [kind, ...bytes]),
    [['slab', 5]],
  )
})
