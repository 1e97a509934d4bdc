import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, SubjectRow } from '../../core/wire/records.ts'
import { HELLO_FIXTURE, HOST_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import { openHistory } from '../../io/history/history.ts'
import { healthDocument, historyDocument, snapshotDocument } from './documents.ts'
import type { GuardView } from './watch-guard.ts'

function guardView(changed: Partial<GuardView>, rows: readonly SubjectRow[] = []): GuardView {
  return {
    snapshot: {
      tick: 3,
      host: HOST_FIXTURE,
      rows: new Map(rows.map((row) => [row.id, row])),
      isSynced: true,
      pending: [],
    },
    hello: HELLO_FIXTURE,
    state: null,
    status: { connected: true, sinceWallMs: 0, reason: 'connected' },
    tickAtMs: null,
    version: 0,
    touch() {},
    inspect() {},
    stop() {},
    ...changed,
  }
}

test('a host with very many subjects is told by its worst and largest', () => {
  const rows = Array.from({ length: 7_000 }, (_, i) => rowFixture(`${i}`, { levelBytes: i }))
  const leak = rowFixture('leak', { levelBytes: 1 })
  const verdict = { ...leak.verdict, state: 'confirmed', etaSec: 60 } as const
  const document = snapshotDocument(guardView({}, [...rows, { ...leak, verdict }]), [])
  assert.equal(document.rows.length, 6_000)
  assert.equal(document.rowsOmitted, 1_001)
  assert.deepEqual(
    document.rows.slice(0, 2).map((row) => row.id),
    ['leak', '6999'],
  )
})

test('a deploy of the whole host is on every timeline, however often services restart', () => {
  const history = openHistory({ path: null, nowMs: () => 2_000, onTrouble: assert.fail })
  const event = (id: number, subject: string | null): Event => {
    const { pid, startTicks, cgroup, unit, container } = rowFixture('x')
    return {
      id: `b-${id}`,
      hostId: 'h',
      bootId: 'b',
      bootMs: 1,
      wallMs: 1_000 + id,
      kind: 'lifecycle',
      subject:
        subject === null
          ? null
          : { id: subject, pid, startTicks, comm: null, cgroup, unit, container },
      reason: 'because',
      data: {},
    }
  }
  history.recordEvent(event(0, null))
  for (let id = 1; id <= 600; id++) history.recordEvent(event(id, 'service:noisy'))
  history.recordEvent(event(601, 'service:own'))
  const span = { fromMs: 0, toMs: 10_000, points: 10 }
  const { events } = historyDocument(history, 'service:own', span)
  assert.deepEqual(
    events.map(({ id }) => id),
    ['b-601', 'b-0'],
  )
  history.close()
})

for (const [what, changed, status] of [
  ['before the first tick', {}, 'guard-silent'],
  ['after a tick', { tickAtMs: 95_000 }, 'ok'],
  ['long after the last tick', { tickAtMs: 80_000 }, 'guard-silent'],
  [
    'between two rare ticks',
    { tickAtMs: 20_000, hello: { ...HELLO_FIXTURE, intervalMs: 60_000 } },
    'ok',
  ],
  [
    'without a guard',
    { tickAtMs: 99_000, status: { connected: false, sinceWallMs: 0, reason: '' } },
    'guard-disconnected',
  ],
] as const) {
  test(`${what} the health is ${status}`, () => {
    assert.equal(healthDocument(guardView(changed), 100_000).status, status)
  })
}
