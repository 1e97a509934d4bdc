/**
 * @module The history: what was, in several resolutions, bounded on disk, in one SQLite file.
 *
 * Ticks are gathered in memory and written every few seconds in one transaction. A row is stored only
 * when it changed; that a series was there meanwhile follows from its first and last time, that the
 * agent was there from the host's rows, so that a gap is told from a constant.
 */
import type { StatementSync } from 'node:sqlite'
import { MIB } from '../../base/units.ts'
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
import { openDatabase } from './open-database.ts'
import { prune } from './prune.ts'
import { readColumns, readHostColumns } from './read-columns.ts'
import type { Step } from './schema.ts'
import { HOST_COLUMNS, hostTable, MAX_EVENTS, pointTable, STEPS } from './schema.ts'

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
  readonly subjectId?: SubjectId
  readonly limit: number
}

export interface Stepped<Columns> {
  readonly stepMs: number
  readonly columns: Columns
}

export interface HistoryStats {
  readonly isInMemory: boolean
  readonly usedBytes: number
  /** Ticks and events that could not be stored. */
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
  setMark(mark: Mark): void
  removeMark(id: SubjectId): void
  /** Those that have not expired. */
  readMarks(nowMs: number): Mark[]
  /** What was last notified of a subject, across restarts; `undefined`: nothing. */
  readNotified(id: SubjectId): string | undefined
  setNotified(id: SubjectId, state: string | undefined): void
  stats(): HistoryStats
  flush(): void
  close(): void
}

const FLUSH_EVERY_MS = 5_000
const PRUNE_EVERY_MS = 60_000
/** While nothing can be written, so many rows wait; then the oldest are dropped. */
const MAX_PENDING = 100_000
const DEFAULT_MAX_BYTES = 256 * MIB

interface PendingRow {
  readonly t: number
  readonly row: SubjectRow
}

/** The figures of a host row, in the order of HOST_COLUMNS. */
function hostFigures(host: HostRow): (number | null)[] {
  const kernel =
    host.pageTablesBytes +
    host.kernelStackBytes +
    (host.vmallocBytes ?? 0) +
    (host.percpuBytes ?? 0) +
    (host.socketBytes ?? 0)
  return [
    host.anonBytes,
    host.fileBytes,
    host.shmemBytes,
    host.slabReclaimableBytes + host.slabUnreclaimableBytes,
    kernel,
    host.hugepagesBytes,
    host.unaccountedBytes,
    host.memFreeBytes,
    host.swapTotalBytes - host.swapFreeBytes,
    host.psi?.someAvg10Pct ?? null,
    host.psi?.fullAvg10Pct ?? null,
  ]
}

function insertPoint(step: Step): string {
  return `INSERT INTO ${pointTable(step)} (series, t, level, anon, file, shmem, swap, threads, fds)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (t, series) DO UPDATE SET level = min(level, excluded.level), anon = excluded.anon,
      file = excluded.file, shmem = excluded.shmem, swap = excluded.swap,
      threads = excluded.threads, fds = excluded.fds`
}

function insertHost(step: Step): string {
  const marks = HOST_COLUMNS.map(() => '?').join(', ')
  return `INSERT OR REPLACE INTO ${hostTable(step)} (t, ${HOST_COLUMNS.join(', ')}) VALUES (?, ${marks})`
}

export function openHistory(options: HistoryOptions): History {
  const { nowMs, onTrouble, maxBytes = DEFAULT_MAX_BYTES } = options
  const { database, isInMemory } = openDatabase(options.path, maxBytes, nowMs(), onTrouble)
  const statements = new Map<string, StatementSync>()
  const pendingRows: PendingRow[] = []
  const pendingHosts: HostRow[] = []
  const alive = new Set<SubjectId>()
  const ended = new Map<SubjectId, number>()
  let flushedAtMs = nowMs()
  let prunedAtMs = nowMs()
  let dropped = 0
  let isFailing = false

  /** Prepared once each. */
  function sql(text: string): StatementSync {
    let statement = statements.get(text)
    if (statement === undefined) {
      statement = database.prepare(text)
      statements.set(text, statement)
    }
    return statement
  }

  function seriesId(subject: SubjectId, t: number): number {
    const known = sql('SELECT id FROM series WHERE subject = ?').get(subject)
    if (known !== undefined) return Number(known.id)
    const insert = sql('INSERT INTO series (subject, first_ms, last_ms) VALUES (?, ?, ?)')
    return Number(insert.run(subject, t, t).lastInsertRowid)
  }

  function writePoint(step: Step, series: number, { t, row }: PendingRow): void {
    sql(insertPoint(step)).run(
      series,
      Math.floor(t / step.stepMs),
      row.levelBytes,
      row.anonBytes,
      row.fileBytes,
      row.shmemBytes,
      row.swapBytes,
      row.threads,
      row.fds,
    )
  }

  function writePending(): void {
    for (const pending of pendingRows) {
      const series = seriesId(pending.row.id, pending.t)
      for (const step of STEPS) writePoint(step, series, pending)
    }
    for (const host of pendingHosts) {
      const figures = hostFigures(host)
      for (const step of STEPS) {
        sql(insertHost(step)).run(Math.floor(host.wallMs / step.stepMs), ...figures)
      }
    }
    const touch = sql('UPDATE series SET last_ms = ? WHERE subject = ?')
    const last = pendingHosts.at(-1)?.wallMs ?? nowMs()
    for (const id of alive) touch.run(last, id)
    for (const [id, t] of ended) touch.run(t, id)
  }

  function transact(work: () => void): void {
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  /** Runs what writes; a full disk makes room once, and else is told and tried again later. */
  function attempt(work: () => void): boolean {
    try {
      try {
        transact(work)
      } catch (error) {
        if (!(error instanceof Error) || !/full/.test(error.message)) throw error
        transact(() => prune(database, nowMs(), maxBytes, 'hard'))
        transact(work)
      }
      if (isFailing) onTrouble('the history can be written again')
      isFailing = false
      return true
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (!isFailing) onTrouble(`the history cannot be written and waits in memory: ${why}`)
      isFailing = true
      return false
    }
  }

  function flush(): void {
    flushedAtMs = nowMs()
    if (attempt(writePending)) {
      pendingRows.length = 0
      pendingHosts.length = 0
      ended.clear()
    } else {
      const excess = pendingRows.length - MAX_PENDING
      if (excess > 0) dropped += pendingRows.splice(0, excess).length
      if (pendingHosts.length > MAX_PENDING / 100) pendingHosts.splice(0, MAX_PENDING / 200)
    }
    if (nowMs() - prunedAtMs >= PRUNE_EVERY_MS) {
      prunedAtMs = nowMs()
      attempt(() => prune(database, nowMs(), maxBytes, 'soft'))
    }
  }

  return {
    recordTick(host, rows, gone) {
      for (const row of rows) {
        pendingRows.push({ t: host.wallMs, row })
        alive.add(row.id)
      }
      pendingHosts.push(host)
      for (const id of gone) {
        alive.delete(id)
        ended.set(id, host.wallMs)
      }
      if (nowMs() - flushedAtMs >= FLUSH_EVERY_MS) flush()
    },
    recordEvent(event) {
      const stored = attempt(() => {
        sql(
          `INSERT OR IGNORE INTO event (id, wall_ms, kind, subject, body) VALUES (?, ?, ?, ?, ?)`,
        ).run(
          event.id,
          Math.round(event.wallMs),
          event.kind,
          event.subject?.id ?? null,
          JSON.stringify(event),
        )
        sql('DELETE FROM event WHERE seq <= (SELECT max(seq) FROM event) - ?').run(MAX_EVENTS)
      })
      if (!stored) dropped++
    },
    readHistory(id, fromMs, toMs, maxPoints) {
      flush()
      return readColumns(sql, id, fromMs, toMs, maxPoints, nowMs())
    },
    readHostHistory(fromMs, toMs, maxPoints) {
      flush()
      return readHostColumns(sql, fromMs, toMs, maxPoints, nowMs())
    },
    readEvents({ sinceMs = 0, untilMs = Number.MAX_SAFE_INTEGER, kind, subjectId, limit }) {
      const rows = sql(
        `SELECT body FROM event WHERE wall_ms BETWEEN ? AND ? AND (?3 IS NULL OR kind = ?3)
         AND (?4 IS NULL OR subject = ?4) ORDER BY seq DESC LIMIT ?5`,
      ).all(Math.round(sinceMs), Math.round(untilMs), kind ?? null, subjectId ?? null, limit)
      return rows.map((row) => JSON.parse(String(row.body)) as Event)
    },
    setMark(mark) {
      attempt(() => {
        sql('INSERT OR REPLACE INTO mark (subject, body) VALUES (?, ?)').run(
          mark.subjectId,
          JSON.stringify(mark),
        )
      })
    },
    removeMark(id) {
      attempt(() => {
        sql('DELETE FROM mark WHERE subject = ?').run(id)
      })
    },
    readMarks(now) {
      const marks = sql('SELECT body FROM mark').all()
      return marks
        .map((row) => JSON.parse(String(row.body)) as Mark)
        .filter((mark) => mark.untilWallMs === null || mark.untilWallMs > now)
    },
    readNotified(id) {
      const row = sql('SELECT state FROM notified WHERE subject = ?').get(id)
      return row === undefined ? undefined : String(row.state)
    },
    setNotified(id, state) {
      attempt(() => {
        if (state === undefined) sql('DELETE FROM notified WHERE subject = ?').run(id)
        else sql('INSERT OR REPLACE INTO notified (subject, state) VALUES (?, ?)').run(id, state)
      })
    },
    stats() {
      const pages = Number(Object.values(sql('PRAGMA page_count').get() ?? {})[0] ?? 0)
      return { isInMemory, usedBytes: pages * 4096, dropped }
    },
    flush,
    close() {
      flush()
      database.close()
    },
  }
}
