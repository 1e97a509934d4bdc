/** @module What the history takes and gives, as plain data. */
import type { HostRow } from '../../core/procfs/records.ts'
import type {
  Event,
  EventKind,
  HistoryColumns,
  HostHistoryColumns,
  Mark,
  SubjectId,
  SubjectRow,
} from '../../core/wire/records.ts'

export interface HistoryOptions {
  /** `null`: memory. */
  readonly path: string | null
  readonly maxBytes?: number
  readonly nowMs: () => number
  /** Told once when something went wrong, and once when it is over. */
  readonly onTrouble: (message: string) => void
}

export interface EventQuery {
  readonly sinceMs?: number
  readonly untilMs?: number
  readonly kind?: EventKind
  /** `null`: of the host alone. */
  readonly subjectId?: SubjectId | null
  readonly limit: number
}

export interface Stepped<Columns> {
  readonly stepMs: number
  readonly columns: Columns
}

export interface HistoryStats {
  readonly isInMemory: boolean
  /** Whether the last write failed: what came since waits in memory. */
  readonly isFailing: boolean
  readonly usedBytes: number
  /** Points and events that could not be stored. */
  readonly dropped: number
}

export interface History {
  /** Takes one tick: the host, the rows that changed, the subjects that are gone. */
  recordTick(host: HostRow, rows: readonly SubjectRow[], gone: readonly SubjectId[]): void
  /** Stores an event at once. */
  recordEvent(event: Event): void
  /** Times are wall clock, ms; at most about `maxPoints` points. */
  readHistory(
    id: SubjectId,
    fromMs: number,
    toMs: number,
    maxPoints: number,
  ): Stepped<HistoryColumns>
  readHostHistory(fromMs: number, toMs: number, maxPoints: number): Stepped<HostHistoryColumns>
  /** Newest first. */
  readEvents(query: EventQuery): Event[]
  /** Keeps what the kernel's log said of an OOM: at most 2 MiB of text each, packed 4 MiB of all. */
  recordOomLog(event: Event, text: string): void
  /** Of the OOMs of that time, oldest first, 16 MiB of text at most. */
  readOomLogs(fromMs: number, toMs: number): readonly string[]
  setMark(mark: Mark): void
  removeMark(id: SubjectId): void
  /** Those that have not expired. */
  readMarks(nowMs: number): Mark[]
  /** What was last notified of each subject, across restarts. */
  readAllNotified(): Map<SubjectId, string>
  setNotified(id: SubjectId, state: string | undefined): void
  stats(): HistoryStats
  flush(): void
  close(): void
}
