/** @module The JSON document of one tick, `plimsoll.watch/1`; docs/watch.md describes it. */
import type { MemoryKind } from '../../../base/palette.ts'
import { explainVerdict } from '../../../core/leak/explain.ts'
import type { LeakState } from '../../../core/leak/records.ts'
import type { HostRow, Missing } from '../../../core/procfs/records.ts'
import type { Event, SubjectRow } from '../../../core/wire/records.ts'
import { memoryKindOf } from '../../../core/wire/subject-words.ts'
import { isKindTold } from './columns.ts'
import type { Judged } from './except.ts'
import { sayHost } from './sentence.ts'
import type { WatchSnapshot } from './source.ts'

export interface WatchRow extends SubjectRow {
  /** The kind of memory that makes up most of what is judged; `null`: not told apart. */
  readonly memoryKind: MemoryKind | null
  readonly sentence: string
  /** Matches an `--except`: not in the document's sentence, nor in the exit code. */
  readonly excepted: boolean
}

export interface WatchDocument {
  readonly schema: 'plimsoll.watch/1'
  readonly sentence: string
  readonly from: 'agent' | 'own'
  readonly reason: string
  readonly connected: boolean
  readonly hostName: string
  readonly privileged: boolean
  readonly intervalMs: number
  readonly ticks: number
  readonly watchedSec: number
  readonly host: HostRow | null
  /** Subjects by state, before filter and limit. */
  readonly states: Readonly<Record<LeakState, number>>
  /** Worst first, or as sorted. */
  readonly rows: readonly WatchRow[]
  readonly rowsOmitted: number
  /** Since the last document, oldest first. */
  readonly events: readonly Event[]
  readonly missing: readonly Missing[]
}

function countStates(rows: readonly SubjectRow[]): Record<LeakState, number> {
  const states = { confirmed: 0, suspected: 0, growing: 0, harmless: 0, steady: 0, unknown: 0 }
  for (const row of rows) states[row.verdict.state]++
  return states
}

/**
 * @param judged as `--except` leaves it
 * @param rows those to be told of, in order
 * @param limit rows at most
 */
export function makeDocument(
  snapshot: WatchSnapshot,
  judged: Judged,
  rows: readonly SubjectRow[],
  limit: number,
  events: readonly Event[],
  utcOffsetMin: number,
): WatchDocument {
  const { host } = snapshot
  const shown = rows.slice(0, limit)
  return {
    schema: 'plimsoll.watch/1',
    sentence: sayHost(judged.snapshot, utcOffsetMin).text + judged.addition,
    from: snapshot.from,
    reason: snapshot.reason,
    connected: snapshot.connected,
    hostName: snapshot.hostName,
    privileged: snapshot.privileged,
    intervalMs: snapshot.intervalMs,
    ticks: snapshot.ticks,
    watchedSec: host === null ? 0 : Math.max(0, (host.wallMs - snapshot.sinceWallMs) / 1000),
    host,
    states: countStates(snapshot.rows),
    rows: shown.map((row) => ({
      ...row,
      memoryKind: isKindTold(row) ? memoryKindOf(row) : null,
      sentence: explainVerdict(row.verdict, row),
      excepted: judged.excepted.has(row.id),
    })),
    rowsOmitted: rows.length - shown.length,
    events,
    missing: snapshot.missing,
  }
}
