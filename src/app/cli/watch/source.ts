/** @module Where the figures come from: a running agent, or this process by itself. */
import type { HostRow, Missing } from '../../../core/procfs/records.ts'
import type { Event, SubjectId, SubjectRow } from '../../../core/wire/records.ts'

/** Everything that is known as of one tick. */
export interface WatchSnapshot {
  readonly from: 'agent' | 'own'
  /** Why these figures are from there, or why none come any more; for people. */
  readonly reason: string
  /** False: the agent is gone, the figures are the last that it sent. */
  readonly connected: boolean
  /** Of the agent's guard; `null`: there is none, or it has said nothing yet. */
  readonly guardPid: number | null
  readonly hostName: string
  readonly privileged: boolean
  readonly intervalMs: number
  /** Since when this source has watched the host, `watch` itself or not. */
  readonly sinceWallMs: number
  /** Whole ticks that came since `watch` was started. */
  readonly ticks: number
  readonly host: HostRow | null
  readonly rows: readonly SubjectRow[]
  readonly missing: readonly Missing[]
}

/** A service that has no process now is remembered by its series, but holds nothing. */
export function isThere(row: SubjectRow): boolean {
  return row.kind !== 'service' || row.processes !== 0
}

export interface SourceHandlers {
  /** At each tick, and when the agent comes or goes. */
  readonly onSnapshot: (snapshot: WatchSnapshot) => void
  readonly onEvent: (event: Event) => void
}

export interface WatchSource {
  /** Has a subject read in full at the next tick. */
  readonly inspect: (id: SubjectId) => void
  readonly stop: () => void
}
