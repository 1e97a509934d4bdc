/**
 * @module The documents of the JSON API under /api/v1, shared by the web process and the dashboard.
 * Every document begins with its schema. All but the first two need a session. Routes:
 *
 * - GET  session                         -> SessionDocument
 * - GET  snapshot                        -> SnapshotDocument | PublicSnapshotDocument
 * - GET  stream                          -> server-sent events, names as in StreamEvent
 * - GET  subjects/{id}                   -> SubjectDocument
 * - GET  subjects/{id}/history?fromMs&toMs&points -> HistoryDocument
 * - GET  host/history?fromMs&toMs&points -> HostHistoryDocument
 * - GET  events?sinceMs&kind&subject&limit -> EventsDocument
 * - GET  ooms                            -> OomsDocument
 * - GET  ooms/log?fromMs&toMs            -> text: what the kernel's log said of the OOMs of that time
 * - GET  console                         -> ConsoleDocument of core/console/model/document.ts
 * - POST subjects/{id}/mark  MarkRequest -> SubjectDocument
 * - POST subjects/{id}/unmark            -> SubjectDocument; nothing (204) where it is gone
 * - POST deploys             DeployRequest -> Event
 */

import type { HostRow } from '../procfs/records.ts'
import type {
  Event,
  HelloBody,
  HistoryColumns,
  HostHistoryColumns,
  Mark,
  StateBody,
  SubjectId,
  SubjectKind,
  SubjectRow,
} from './records.ts'

/** Whether the guard is there, and since when. */
export interface GuardStatus {
  readonly connected: boolean
  readonly sinceWallMs: number
  readonly reason: string
}

/**
 * Without the token's cookie only host totals, process names and sizes are shown (`public`), and
 * beyond loopback nothing (`none`).
 */
export type Access = 'full' | 'public' | 'none'

export interface SessionDocument {
  readonly schema: 'plimsoll.session/1'
  readonly access: Access
  readonly version: string
  /** Shows whoever may read it the address of the next login: a path, and nothing of what is in it. */
  readonly loginCommand: string
  readonly hello: HelloBody | null
  readonly guard: GuardStatus
}

export interface SnapshotDocument {
  readonly schema: 'plimsoll.snapshot/1'
  readonly access: 'full'
  readonly tick: number
  readonly host: HostRow | null
  /** Worst first where some are left out, else in no order. */
  readonly rows: readonly SubjectRow[]
  /** Rows left out: the smallest of those that do not grow. */
  readonly rowsOmitted: number
  readonly marks: readonly Mark[]
  readonly state: StateBody | null
  readonly guard: GuardStatus
}

export interface PublicRow {
  readonly kind: SubjectKind
  readonly name: string
  readonly levelBytes: number
}

export interface PublicSnapshotDocument {
  readonly schema: 'plimsoll.snapshot/1'
  readonly access: 'public'
  readonly tick: number
  readonly host: HostRow | null
  /** Processes only. */
  readonly rows: readonly PublicRow[]
  readonly guard: GuardStatus
}

/** One server-sent event: `event:` is the type, `data:` the body as JSON. */
export type StreamEvent =
  | { readonly type: 'tick'; readonly body: TickBody }
  | { readonly type: 'event'; readonly body: Event }
  | { readonly type: 'state'; readonly body: StateBody }
  | { readonly type: 'guard'; readonly body: GuardStatus }
  | { readonly type: 'mark'; readonly body: Mark }
  | { readonly type: 'unmark'; readonly body: { readonly subjectId: SubjectId } }
  /** The reader fell behind or the guard was replaced: fetch the snapshot anew. */
  | { readonly type: 'resync'; readonly body: { readonly reason: string } }

export interface TickBody {
  readonly tick: number
  readonly host: HostRow
  /** Changed rows only. A tick with many comes as several bodies of the same number. */
  readonly rows: readonly SubjectRow[]
  readonly gone: readonly SubjectId[]
}

export interface SubjectDocument {
  readonly schema: 'plimsoll.subject/1'
  readonly row: SubjectRow
  /** Processes of a service or cgroup, largest first, at most 200. */
  readonly members: readonly SubjectRow[]
  readonly mark: Mark | null
  /** Newest first, at most 200. */
  readonly events: readonly Event[]
  /** Of a process: its arguments; they may hold secrets. `null`: not a process, or not readable. */
  readonly cmdline: readonly string[] | null
}

export interface HistoryDocument {
  readonly schema: 'plimsoll.history/1'
  readonly subjectId: SubjectId
  readonly fromWallMs: number
  readonly toWallMs: number
  readonly stepMs: number
  readonly columns: HistoryColumns
  readonly events: readonly Event[]
}

export interface HostHistoryDocument {
  readonly schema: 'plimsoll.host-history/1'
  readonly fromWallMs: number
  readonly toWallMs: number
  readonly stepMs: number
  readonly columns: HostHistoryColumns
  readonly events: readonly Event[]
}

export interface EventsDocument {
  readonly schema: 'plimsoll.events/1'
  readonly events: readonly Event[]
}

/** Whether the agent reads the kernel's log, or why it does not and what to do. */
export interface KernelLogState {
  /** `null`: switched off. */
  readonly path: string | null
  readonly isRead: boolean
  readonly reason: string
  readonly hint: string
}

/** What out-of-memory kills this host had. */
export interface OomsDocument {
  readonly schema: 'plimsoll.ooms/1'
  readonly kernelLog: KernelLogState
  /** Of kind `oom`, newest first, at most 500. */
  readonly events: readonly Event[]
}

export interface MarkRequest {
  readonly mark: 'expected' | 'muted'
  readonly comment: string
  readonly untilWallMs: number | null
}

/** Marks the timeline: something was rolled out. */
export interface DeployRequest {
  /** `null`: the whole host. */
  readonly subjectId: SubjectId | null
  readonly comment: string
}

/** Answer of GET /healthz, for probes: no access needed, nothing of the host in it. */
export interface HealthDocument {
  readonly schema: 'plimsoll.health/1'
  readonly status: 'ok' | 'guard-disconnected' | 'guard-silent'
}

export interface ErrorDocument {
  readonly schema: 'plimsoll.error/1'
  readonly code: string
  readonly message: string
  readonly hint: string
}
