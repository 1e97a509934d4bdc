import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeakState } from '../../core/leak/records.ts'
import type { SnapshotDocument } from '../../core/wire/api.ts'
import type { Event, SubjectRow } from '../../core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import {
  addEvent,
  applySnapshot,
  applyTick,
  createLive,
  isMarked,
  markOf,
  prependTrail,
} from './live.ts'

const { wallMs } = HOST_FIXTURE
const hostAt = (ms: number) => ({ ...HOST_FIXTURE, wallMs: wallMs + ms })

function row(id: string, levelBytes: number, state: LeakState = 'growing'): SubjectRow {
  const base = rowFixture(id, { levelBytes })
  return { ...base, verdict: { ...base.verdict, state } }
}

function snapshot(rows: readonly SubjectRow[], tick = 1): SnapshotDocument {
  return {
    schema: 'plimsoll.snapshot/1',
    access: 'full',
    tick,
    host: hostAt(tick * 1_000),
    rows,
    rowsOmitted: 0,
    marks: [],
    state: null,
    guard: { connected: true, sinceWallMs: 0, reason: '' },
  }
}

const tick = (at: number, rows: readonly SubjectRow[], gone: readonly string[] = []) => ({
  tick: at,
  host: hostAt(at * 1_000),
  rows,
  gone,
})

test('a tick changes rows in place and takes those away that are gone', () => {
  const live = createLive()
  applySnapshot(live, snapshot([row('a', 1), row('b', 2)]))
  applyTick(live, tick(2, [row('a', 10), row('c', 3)], ['b']))
  assert.deepEqual(
    [...live.rows.values()].map(({ id, levelBytes }) => [id, levelBytes]),
    [
      ['a', 10],
      ['c', 3],
    ],
  )
  assert.deepEqual(
    live.hosts.map((host) => host.wallMs - wallMs),
    [1_000, 2_000],
  )
})

test('a tick comes in parts; an older one is of no use', () => {
  const live = createLive()
  applySnapshot(live, snapshot([], 5))
  applyTick(live, tick(6, [row('a', 1)]))
  applyTick(live, tick(6, [row('b', 2)]))
  applyTick(live, tick(5, [row('a', 99), row('old', 1)]))
  assert.deepEqual([...live.rows.keys()], ['a', 'b'])
  assert.equal(live.rows.get('a')?.levelBytes, 1)
  assert.equal(live.hosts.length, 2)
})

test('what grows leaves a trail, which ends with the growth', () => {
  const live = createLive()
  applySnapshot(live, snapshot([row('a', 1), row('s', 1, 'steady')]))
  applyTick(live, tick(2, [row('a', 5)]))
  applyTick(live, tick(2, [row('a', 5)]))
  assert.deepEqual(live.trails.get('a')?.levelBytes, [1, 5])
  assert.equal(live.trails.has('s'), false)
  applyTick(live, tick(3, [row('a', 5, 'harmless')]))
  assert.equal(live.trails.has('a'), false)
})

test('trails, hosts and events are bounded', () => {
  const live = createLive()
  applySnapshot(live, snapshot([row('a', 1)]))
  const many = Array.from({ length: 300 }, (_, i) => row(`r${i}`, i))
  for (let at = 2; at < 1_000; at++) applyTick(live, tick(at, at === 2 ? many : [row('a', at)]))
  assert.ok(live.trails.size <= 256)
  assert.ok((live.trails.get('a')?.wallMs.length ?? 0) <= 120)
  assert.ok(live.hosts.length <= 900)
  for (let i = 0; i < 600; i++) addEvent(live, { id: String(i) } as Event)
  assert.equal(live.events.length, 500)
  assert.equal(live.events[0]?.id, '599')
})

test('what was recorded is put before a trail, once and as far as there is room', () => {
  const trail = { wallMs: [10, 11], levelBytes: [5, 6] }
  prependTrail(trail, { wallMs: [8, 9, 10], levelBytes: [3, 4, 99] })
  assert.deepEqual(trail, { wallMs: [8, 9, 10, 11], levelBytes: [3, 4, 5, 6] })
  const full = {
    wallMs: Array.from({ length: 119 }, (_, i) => 100 + i),
    levelBytes: [] as number[],
  }
  prependTrail(full, { wallMs: [1, 2, 3], levelBytes: [1, 2, 3] })
  assert.deepEqual([full.wallMs.length, full.wallMs[0]], [120, 3])
})

test('a mark holds until it expires', () => {
  const live = createLive()
  const mark = { subjectId: 'a', mark: 'muted' as const, comment: '', setWallMs: 1 }
  live.marks.set('a', { ...mark, untilWallMs: 100 })
  assert.equal(markOf(live, 'a', 99)?.mark, 'muted')
  assert.equal(markOf(live, 'a', 100), null)
  live.marks.set('a', { ...mark, untilWallMs: null })
  assert.equal(markOf(live, 'a', 1e15)?.mark, 'muted')
  assert.equal(markOf(live, 'b', 0), null)
})

test('the mark of a service holds for its processes', () => {
  const live = createLive()
  const mark = { mark: 'expected' as const, comment: '', untilWallMs: 100, setWallMs: 1 }
  live.marks.set('service:s', { ...mark, subjectId: 'service:s' })
  assert.ok(isMarked(live, { id: 'p', serviceId: 'service:s' }, 99))
  assert.ok(!isMarked(live, { id: 'p', serviceId: 'service:s' }, 100))
  assert.ok(!isMarked(live, { id: 'p', serviceId: null }, 99))
  assert.ok(isMarked(live, { id: 'service:s', serviceId: null }, 99))
})
