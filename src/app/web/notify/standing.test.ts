import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeakState } from '../../../core/leak/records.ts'
import type { Mark, SubjectId, SubjectRow } from '../../../core/wire/records.ts'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import type { Change, Told } from './standing.ts'
import { CALM_FOR_MS, findChanges, toldOf } from './standing.ts'

const SERVICE = 'service:shop.service'

function row(id: SubjectId, state: LeakState, serviceId: SubjectId | null = null): SubjectRow {
  const plain = rowFixture(id, { cgroup: '/shop' })
  const kind = id.startsWith('service:') ? 'service' : 'process'
  return { ...plain, kind, serviceId, verdict: { ...plain.verdict, state } }
}

function mark(subjectId: SubjectId): Mark {
  return { subjectId, mark: 'muted', comment: '', untilWallMs: null, setWallMs: 1 }
}

/** Looks again and again as a notifier does, and gives in short what was told. */
function follow() {
  const told = new Map<SubjectId, Told>()
  const calmSinceMs = new Map<SubjectId, number>()
  return (nowMs: number, rows: readonly SubjectRow[], marks: readonly Mark[] = []): string[] => {
    const byId = new Map(rows.map((each) => [each.id, each]))
    const changes = findChanges({ rows: byId, marks, told, calmSinceMs, nowMs })
    const name = (change: Change): string => {
      if (change.what === 'begun') {
        told.set(change.row.id, toldOf(change.row, nowMs))
        return `begun ${change.row.id}`
      }
      told.delete(change.id)
      if (change.what !== 'moved') return `${change.what} ${change.id}`
      told.set(change.row.id, toldOf(change.row, nowMs))
      return `moved ${change.id} ${change.row.id}`
    }
    return changes.map(name)
  }
}

test('a leak is told once, and once when its process ended', () => {
  const look = follow()
  assert.deepEqual(look(0, [row('process:1:1', 'suspected')]), [])
  assert.deepEqual(look(1, [row('process:1:1', 'confirmed')]), ['begun process:1:1'])
  assert.deepEqual(look(2, [row('process:1:1', 'confirmed')]), [])
  assert.deepEqual(look(3, []), ['over process:1:1'])
  assert.deepEqual(look(4, []), [])
})

test('a verdict that wavers is over only after a calm', () => {
  const look = follow()
  look(0, [row('process:1:1', 'confirmed')])
  assert.deepEqual(look(10, [row('process:1:1', 'suspected')]), [])
  assert.deepEqual(look(CALM_FOR_MS * 2, [row('process:1:1', 'steady')]), [])
  assert.deepEqual(look(CALM_FOR_MS * 3 - 1, [row('process:1:1', 'confirmed')]), [])
  assert.deepEqual(look(CALM_FOR_MS * 4, [row('process:1:1', 'harmless')]), [])
  assert.deepEqual(look(CALM_FOR_MS * 5, [row('process:1:1', 'harmless')]), ['over process:1:1'])
})

test('a clock that is set back delays no end by more than a calm', () => {
  const look = follow()
  const day = 86_400_000
  look(2 * day, [row('process:1:1', 'confirmed')])
  assert.deepEqual(look(2 * day + 1, [row('process:1:1', 'steady')]), [])
  assert.deepEqual(look(day, [row('process:1:1', 'steady')]), [])
  assert.deepEqual(look(day + CALM_FOR_MS, [row('process:1:1', 'steady')]), ['over process:1:1'])
})

test('a guard that knows nothing of before does not say that a leak is over', () => {
  const look = follow()
  look(0, [row('process:1:1', 'confirmed')])
  for (const [minutes, state] of [
    [2, 'unknown'],
    [4, 'growing'],
    [6, 'suspected'],
    [8, 'confirmed'],
  ] as const) {
    assert.deepEqual(look(CALM_FOR_MS * minutes, [row('process:1:1', state)]), [])
  }
})

for (const first of ['service', 'process', 'both']) {
  test(`a process and its service are one leak, whichever is confirmed first: ${first}`, () => {
    const look = follow()
    const at = (service: LeakState, process: LeakState) => [
      row('process:1:1', process, SERVICE),
      row(SERVICE, service),
    ]
    const expected = first === 'process' ? 'process:1:1' : SERVICE
    const early = at(
      first === 'process' ? 'growing' : 'confirmed',
      first === 'service' ? 'growing' : 'confirmed',
    )
    assert.deepEqual(look(0, early), [`begun ${expected}`])
    assert.deepEqual(look(1, at('confirmed', 'confirmed')), [])
  })
}

test('where the process ends and its service leaks on, the leak stands', () => {
  const look = follow()
  const service = row(SERVICE, 'confirmed')
  look(0, [row('process:1:1', 'confirmed', SERVICE), row(SERVICE, 'growing')])
  assert.deepEqual(look(1, [service]), [`moved process:1:1 ${SERVICE}`])
  assert.deepEqual(look(2, [row('process:2:9', 'confirmed', SERVICE), service]), [])
  assert.deepEqual(look(3, [row(SERVICE, 'steady')]), [])
  assert.deepEqual(look(3 + CALM_FOR_MS, [row(SERVICE, 'steady')]), [`over ${SERVICE}`])
})

test('a cgroup that leaks with what is in it is no leak of its own', () => {
  const look = follow()
  const inner: SubjectRow = { ...row('cgroup:/shop', 'confirmed'), kind: 'cgroup' }
  const outer: SubjectRow = { ...inner, id: 'cgroup:/', cgroup: '/' }
  const other: SubjectRow = { ...inner, id: 'cgroup:/sho', cgroup: '/sho' }
  const process = row('process:1:1', 'confirmed')
  assert.deepEqual(look(0, [outer, inner, process]), ['begun process:1:1'])
  assert.deepEqual(look(1, [outer, inner, other, process]), ['begun cgroup:/sho'])
  assert.deepEqual(look(2, [inner, other]), ['moved process:1:1 cgroup:/shop'])
})

test('what leaks in a cgroup that was told is told by its own name', () => {
  const look = follow()
  const group: SubjectRow = { ...row('cgroup:/shop', 'confirmed'), kind: 'cgroup' }
  const process = row('process:1:1', 'confirmed')
  assert.deepEqual(look(0, [group]), ['begun cgroup:/shop'])
  assert.deepEqual(look(1, [group, process]), ['dropped cgroup:/shop', 'begun process:1:1'])
  assert.deepEqual(look(2, [group, process]), [])
})

test('two processes of one service that does not leak itself are two leaks', () => {
  const look = follow()
  const rows = [row('process:1:1', 'confirmed', SERVICE), row('process:2:2', 'confirmed', SERVICE)]
  assert.deepEqual(look(0, rows), ['begun process:1:1', 'begun process:2:2'])
})

test('what is marked is not told; what still stands when the mark is gone is', () => {
  const look = follow()
  const rows = [row('process:1:1', 'confirmed')]
  const marks = [mark('process:1:1')]
  assert.deepEqual(look(0, rows, marks), [])
  assert.deepEqual(look(1, rows), ['begun process:1:1'])
  assert.deepEqual(look(2, rows, marks), ['dropped process:1:1'])
  assert.deepEqual(look(3, [], marks), [])
  assert.deepEqual(look(4, []), [])
})

test('a mark holds for the service of a process and the processes of a service', () => {
  const rows = [row('process:1:1', 'confirmed', SERVICE), row(SERVICE, 'confirmed')]
  assert.deepEqual(follow()(0, rows, [mark(SERVICE)]), [])
  assert.deepEqual(follow()(0, rows, [mark('process:1:1')]), [])
  const other = [...rows, row('process:2:2', 'confirmed', SERVICE)]
  assert.deepEqual(follow()(0, other, [mark('process:1:1')]), [`begun ${SERVICE}`])
})

test('a process is not over while its unit is awaited back, and is once the unit is given up', () => {
  const look = follow()
  const leaking = row('process:1:1', 'confirmed', SERVICE)
  const empty = { ...row(SERVICE, 'harmless'), processes: 0 }
  assert.deepEqual(look(0, [leaking]), ['begun process:1:1'])
  assert.deepEqual(look(10, [empty]), [])
  assert.deepEqual(look(20, []), ['over process:1:1'])
})

test('a service of one process is told by that process', () => {
  const leaking = row('process:1:1', 'confirmed', SERVICE)
  const service = { ...row(SERVICE, 'confirmed'), processes: 1 }
  assert.deepEqual(follow()(0, [service, leaking]), ['begun process:1:1'])
})
