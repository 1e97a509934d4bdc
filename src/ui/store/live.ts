/**
 * @module What the page knows of the host, updated in place by ticks. Plain data without signals:
 * a tick changes thousands of rows and announces itself once.
 */
import type { LeakState } from '../../core/leak/records.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import type {
  PublicRow,
  PublicSnapshotDocument,
  SnapshotDocument,
  TickBody,
} from '../../core/wire/api.ts'
import type { Event, Mark, StateBody, SubjectId, SubjectRow } from '../../core/wire/records.ts'

const MAX_TRAIL_POINTS = 120
const MAX_TRAILS = 256
const MAX_EVENTS = 500
/** A quarter of an hour at 1 Hz: what a chart needs besides what was recorded. */
const MAX_HOSTS = 900

/** The last levels of a subject that grows, oldest first: what a sparkline draws. */
export interface Trail {
  readonly wallMs: number[]
  readonly levelBytes: number[]
}

export interface Live {
  tick: number | null
  host: HostRow | null
  /** The host at the last ticks, oldest first. */
  readonly hosts: HostRow[]
  readonly rows: Map<SubjectId, SubjectRow>
  /** Not told of: the smallest of those that do not grow. */
  rowsOmitted: number
  /** Without a session: names and sizes alone. */
  publicRows: readonly PublicRow[]
  readonly marks: Map<SubjectId, Mark>
  readonly trails: Map<SubjectId, Trail>
  state: StateBody | null
  /** Heard since the page was opened, newest first. */
  events: Event[]
}

export function createLive(): Live {
  return {
    tick: null,
    host: null,
    hosts: [],
    rows: new Map(),
    rowsOmitted: 0,
    publicRows: [],
    marks: new Map(),
    trails: new Map(),
    state: null,
    events: [],
  }
}

const GROWS: Readonly<Record<LeakState, boolean>> = {
  unknown: false,
  steady: false,
  growing: true,
  suspected: true,
  confirmed: true,
  harmless: false,
}

/** Adds a point to the right of a trail, which forgets its oldest. */
export function extendTrail(trail: Trail, wallMs: number, levelBytes: number): void {
  if (wallMs <= (trail.wallMs.at(-1) ?? Number.NEGATIVE_INFINITY)) return
  trail.wallMs.push(wallMs)
  trail.levelBytes.push(levelBytes)
  if (trail.wallMs.length > MAX_TRAIL_POINTS) {
    trail.wallMs.shift()
    trail.levelBytes.shift()
  }
}

function followRow(live: Live, row: SubjectRow, wallMs: number): void {
  const known = live.trails.get(row.id)
  if (!GROWS[row.verdict.state]) {
    if (known !== undefined) live.trails.delete(row.id)
    return
  }
  if (known !== undefined) extendTrail(known, wallMs, row.levelBytes)
  else if (live.trails.size < MAX_TRAILS) {
    live.trails.set(row.id, { wallMs: [wallMs], levelBytes: [row.levelBytes] })
  }
}

/** Puts what was recorded before the page was opened to the left of a trail. */
export function prependTrail(trail: Trail, before: Trail): void {
  const firstMs = trail.wallMs[0] ?? Number.POSITIVE_INFINITY
  const earlier = before.wallMs.filter((ms) => ms < firstMs).length
  const room = Math.max(0, MAX_TRAIL_POINTS - trail.wallMs.length)
  const from = Math.max(0, earlier - room)
  trail.wallMs.unshift(...before.wallMs.slice(from, earlier))
  trail.levelBytes.unshift(...before.levelBytes.slice(from, earlier))
}

function setHost(live: Live, host: HostRow | null): void {
  live.host = host
  if (host === null || host.wallMs <= (live.hosts.at(-1)?.wallMs ?? 0)) return
  live.hosts.push(host)
  if (live.hosts.length > MAX_HOSTS) live.hosts.shift()
}

function setRows(live: Live, rows: readonly SubjectRow[], wallMs: number): void {
  for (const row of rows) {
    live.rows.set(row.id, row)
    followRow(live, row, wallMs)
  }
}

/** Replaces everything by a snapshot; trails of subjects that are still there stay. */
export function applySnapshot(
  live: Live,
  document: SnapshotDocument | PublicSnapshotDocument,
): void {
  live.tick = document.tick
  setHost(live, document.host)
  live.rows.clear()
  if (document.access === 'public') {
    live.publicRows = document.rows
    return
  }
  setRows(live, document.rows, document.host?.wallMs ?? 0)
  for (const id of live.trails.keys()) if (!live.rows.has(id)) live.trails.delete(id)
  live.state = document.state
  live.rowsOmitted = document.rowsOmitted
  live.marks.clear()
  for (const mark of document.marks) live.marks.set(mark.subjectId, mark)
}

/** A tick that the snapshot already holds is of no use and is left out; one may come in parts. */
export function applyTick(live: Live, body: TickBody): void {
  if (live.tick !== null && body.tick < live.tick) return
  live.tick = body.tick
  setHost(live, body.host)
  setRows(live, body.rows, body.host.wallMs)
  for (const id of body.gone) {
    live.rows.delete(id)
    live.trails.delete(id)
  }
}

/** One that is told again, as after a restart of the web process, is known already. */
export function addEvent(live: Live, event: Event): void {
  if (live.events.some(({ id }) => id === event.id)) return
  live.events = [event, ...live.events].slice(0, MAX_EVENTS)
}

/** Whether its owner judged it, or the service that it belongs to: then it calls for nothing. */
export function isMarked(
  live: Live,
  { id, serviceId }: Pick<SubjectRow, 'id' | 'serviceId'>,
  nowMs: number,
): boolean {
  if (markOf(live, id, nowMs) !== null) return true
  return serviceId !== null && markOf(live, serviceId, nowMs) !== null
}

/** The mark that holds now; `null` when there is none or it has expired. */
export function markOf(live: Live, id: SubjectId, nowMs: number): Mark | null {
  const mark = live.marks.get(id)
  if (mark === undefined) return null
  return mark.untilWallMs !== null && mark.untilWallMs <= nowMs ? null : mark
}
