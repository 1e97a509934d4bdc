/** @module The documents of the API, from what is known of the guard and of the past. */
import type {
  Access,
  GuardStatus,
  HealthDocument,
  HistoryDocument,
  HostHistoryDocument,
  PublicRow,
  PublicSnapshotDocument,
  SessionDocument,
  SnapshotDocument,
  SubjectDocument,
} from '../../core/wire/api.ts'
import { membersOf } from '../../core/wire/members.ts'
import type { Event, Mark, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { compareWorst } from '../../core/wire/worst-first.ts'
import type { History } from './history.ts'
import type { SpanQuery } from './query.ts'
import type { GuardView } from './watch-guard.ts'

/** Some 6 MB of JSON. */
const MAX_ROWS = 6_000
const MAX_PUBLIC_ROWS = 10_000
const MAX_MEMBERS = 200
const MAX_SUBJECT_EVENTS = 200
const MAX_SPAN_EVENTS = 500
/** Ticks that may be late before the guard counts as silent, and the least time for it. */
const SILENT_TICKS = 3
const SILENT_MS = 10_000

/** Without paths and pids, which are none of a visitor's business. */
function publicStatus({ connected, sinceWallMs }: GuardStatus): GuardStatus {
  return { connected, sinceWallMs, reason: connected ? 'connected' : 'not connected' }
}

export function sessionDocument(
  guard: GuardView,
  access: Access,
  version: string,
  loginCommand: string,
): SessionDocument {
  const isFull = access === 'full'
  return {
    schema: 'plimsoll.session/1',
    access,
    version,
    loginCommand,
    hello: isFull ? guard.hello : null,
    guard: isFull ? guard.status : publicStatus(guard.status),
  }
}

export function snapshotDocument(guard: GuardView, marks: readonly Mark[]): SnapshotDocument {
  const { tick, host, rows } = guard.snapshot
  const all = [...rows.values()]
  const kept = all.length > MAX_ROWS ? all.sort(compareWorst).slice(0, MAX_ROWS) : all
  return {
    schema: 'plimsoll.snapshot/1',
    access: 'full',
    tick: tick ?? 0,
    host,
    rows: kept,
    rowsOmitted: rows.size - kept.length,
    marks,
    state: guard.state,
    guard: guard.status,
  }
}

export function publicSnapshotDocument(guard: GuardView): PublicSnapshotDocument {
  const { tick, host, rows } = guard.snapshot
  const visible: PublicRow[] = []
  for (const { kind, name, levelBytes } of rows.values()) {
    if (kind === 'process') visible.push({ kind, name, levelBytes })
  }
  visible.sort((a, b) => b.levelBytes - a.levelBytes)
  return {
    schema: 'plimsoll.snapshot/1',
    access: 'public',
    tick: tick ?? 0,
    host,
    rows: visible.slice(0, MAX_PUBLIC_ROWS),
    guard: publicStatus(guard.status),
  }
}

/** @param cmdline as SubjectDocument has it */
export function subjectDocument(
  guard: GuardView,
  history: History,
  row: SubjectRow,
  cmdline: readonly string[] | null,
  nowMs: number,
): SubjectDocument {
  return {
    schema: 'plimsoll.subject/1',
    row,
    members: membersOf(guard.snapshot.rows.values(), row)
      .sort((a, b) => b.levelBytes - a.levelBytes)
      .slice(0, MAX_MEMBERS),
    mark: history.readMarks(nowMs).find((mark) => mark.subjectId === row.id) ?? null,
    events: history.readEvents({ subjectId: row.id, limit: MAX_SUBJECT_EVENTS }),
    cmdline,
  }
}

/** What happened to the subject, and what was rolled out on the whole host meanwhile. */
function eventsOf(history: History, id: SubjectId, { fromMs, toMs }: SpanQuery): Event[] {
  const span = { sinceMs: fromMs, untilMs: toMs, limit: MAX_SPAN_EVENTS }
  const own = history.readEvents({ ...span, subjectId: id })
  const host = history.readEvents({ ...span, kind: 'lifecycle', subjectId: null })
  return [...own, ...host].sort((a, b) => b.wallMs - a.wallMs).slice(0, MAX_SPAN_EVENTS)
}

export function historyDocument(
  history: History,
  subjectId: SubjectId,
  span: SpanQuery,
): HistoryDocument {
  const { stepMs, columns } = history.readHistory(subjectId, span.fromMs, span.toMs, span.points)
  return {
    schema: 'plimsoll.history/1',
    subjectId,
    fromWallMs: span.fromMs,
    toWallMs: span.toMs,
    stepMs,
    columns,
    events: eventsOf(history, subjectId, span),
  }
}

export function hostHistoryDocument(history: History, span: SpanQuery): HostHistoryDocument {
  const { fromMs, toMs, points } = span
  const { stepMs, columns } = history.readHostHistory(fromMs, toMs, points)
  return {
    schema: 'plimsoll.host-history/1',
    fromWallMs: fromMs,
    toWallMs: toMs,
    stepMs,
    columns,
    events: history.readEvents({ sinceMs: fromMs, untilMs: toMs, limit: MAX_SPAN_EVENTS }),
  }
}

export function healthDocument(guard: GuardView, nowMs: number): HealthDocument {
  const silentMs = Math.max(SILENT_MS, SILENT_TICKS * (guard.hello?.intervalMs ?? 0))
  const isFresh = guard.tickAtMs !== null && nowMs - guard.tickAtMs <= silentMs
  const status = !guard.status.connected ? 'guard-disconnected' : isFresh ? 'ok' : 'guard-silent'
  return { schema: 'plimsoll.health/1', status }
}
