/**
 * @module The history: what was, in several resolutions, bounded on disk, in one SQLite file.
 *
 * Ticks are gathered in memory, and after each a share of what waits is written, so that no write is
 * long. A row is stored only when it changed: that the agent was there meanwhile follows from the
 * host's rows, so that a gap is told from a constant.
 */
import { MIB } from '../../base/units.ts'
import type { Mark, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { createKeeper } from './keeper.ts'
import {
  readAllNotified,
  readEvents,
  readMarks,
  removeMark,
  writeEvent,
  writeMark,
  writeNotified,
} from './ledger.ts'
import { packLog, readOomLogs, writeOomLog } from './oom-log.ts'
import { PAGE_BYTES } from './open-database.ts'
import { addTick, createPending, forgetPoints, nextBatch, settleBatch } from './pending.ts'
import { prune } from './prune.ts'
import { NO_COLUMNS, NO_HOST_COLUMNS, readColumns, readHostColumns } from './read-columns.ts'
import type { History, HistoryOptions } from './records.ts'
import { FINEST } from './schema.ts'
import type { Store } from './store.ts'
import { usedPages } from './store.ts'
import { isYoung, writeBatch } from './write-batch.ts'

const PRUNE_EVERY_MS = 2_000
const DEFAULT_MAX_BYTES = 256 * MIB

interface Living {
  readonly firstMs: number
  row: SubjectRow
}

export function openHistory(options: HistoryOptions): History {
  const { nowMs, maxBytes = DEFAULT_MAX_BYTES } = options
  const pending = createPending()
  const [finest] = pending
  const alive = new Map<SubjectId, Living>()
  /** When it ended, of those whose last points wait. */
  const ended = new Map<SubjectId, number>()
  /** Kept here too: what its owner said of a subject holds whatever the disk does. */
  const marks = new Map<SubjectId, Mark>()
  const keeper = createKeeper({
    ...options,
    maxBytes,
    onReplaced() {
      // A part begins: every series is told anew.
      for (const each of pending) each.part = -1
      for (const mark of marks.values()) keeper.keep((store) => writeMark(store, mark))
    },
  })
  for (const mark of keeper.read(readMarks, [])) marks.set(mark.subjectId, mark)
  let dropped = 0
  let wroteAtMs = nowMs()
  let prunedAtMs = nowMs()

  const firstSeen = (id: SubjectId): number | undefined => alive.get(id)?.firstMs
  const isWaiting = (id: SubjectId): boolean => finest?.points.has(id) === true

  function writeEnded(store: Store): void {
    const end = store.sql('UPDATE series SET last_ms = ? WHERE subject = ?')
    for (const [id, endMs] of ended) if (!isWaiting(id)) end.run(endMs, id)
  }

  /** Writes the share of what waits that is due after `elapsedMs`; whether that was done. */
  function write(elapsedMs: number): boolean {
    const batches = pending.map((each) => nextBatch(each, elapsedMs))
    let young: ReadonlySet<SubjectId>[] = []
    const isWritten = keeper.attempt((store) => {
      young = batches.map((batch) => writeBatch(store, batch, firstSeen, nowMs()))
      writeEnded(store)
    })
    if (!isWritten) return false
    for (const id of ended.keys()) if (!isWaiting(id)) ended.delete(id)
    for (const [index, batch] of batches.entries()) settleBatch(batch, young[index] ?? new Set())
    return true
  }

  function end(id: SubjectId, wallMs: number): void {
    const known = keeper.store.series.get(id)
    const firstMs = Math.min(firstSeen(id) ?? wallMs, known?.firstMs ?? wallMs)
    alive.delete(id)
    keeper.store.series.delete(id)
    ended.set(id, wallMs)
    for (const each of pending.slice(1)) {
      if (isYoung(firstMs, wallMs, each.step)) forgetPoints(each, id)
    }
  }

  function afterTick(): void {
    const now = nowMs()
    if (!keeper.isWorthATry()) return
    const isWritten = write(now - wroteAtMs)
    wroteAtMs = now
    // A clock may be set back.
    if (!isWritten || Math.abs(now - prunedAtMs) < PRUNE_EVERY_MS) return
    prunedAtMs = now
    keeper.attempt((store) => prune(store, now))
  }

  function flush(): void {
    const waits = (): number => pending.reduce((sum, each) => sum + each.count, 0)
    // What is too young for its step waits on.
    for (let before = Number.POSITIVE_INFINITY; waits() < before; ) {
      before = waits()
      if (!write(Number.POSITIVE_INFINITY)) return
    }
  }

  return {
    recordTick(host, rows, gone) {
      for (const row of rows) {
        const living = alive.get(row.id)
        if (living === undefined) alive.set(row.id, { firstMs: host.wallMs, row })
        else living.row = row
        ended.delete(row.id)
      }
      const all = (): SubjectRow[] => [...alive.values()].map(({ row }) => row)
      for (const each of pending) dropped += addTick(each, host, rows, all)
      for (const id of gone) end(id, host.wallMs)
      afterTick()
    },
    recordEvent: (event) => keeper.keep((store) => writeEvent(store, event)),
    readHistory(id, fromMs, toMs, maxPoints) {
      const span = { fromMs, toMs, maxPoints }
      return keeper.read((store) => readColumns(store, pending, id, span, ended.get(id)), {
        stepMs: FINEST.stepMs,
        columns: NO_COLUMNS,
      })
    },
    readHostHistory(fromMs, toMs, maxPoints) {
      const span = { fromMs, toMs, maxPoints }
      return keeper.read((store) => readHostColumns(store, pending, span, nowMs()), {
        stepMs: FINEST.stepMs,
        columns: NO_HOST_COLUMNS,
      })
    },
    readEvents: (query) => keeper.read((store) => readEvents(store, query), []),
    recordOomLog(event, text) {
      const packed = packLog(text)
      keeper.keep((store) => writeOomLog(store, event, packed))
    },
    readOomLogs: (fromMs, toMs) => keeper.read((store) => readOomLogs(store, fromMs, toMs), []),
    setMark(mark) {
      marks.set(mark.subjectId, mark)
      keeper.keep((store) => writeMark(store, mark))
    },
    removeMark(id) {
      marks.delete(id)
      keeper.keep((store) => removeMark(store, id))
    },
    readMarks: (now) =>
      [...marks.values()].filter(({ untilWallMs }) => untilWallMs === null || untilWallMs > now),
    readAllNotified: () => keeper.read(readAllNotified, new Map()),
    setNotified: (id, state) => keeper.keep((store) => writeNotified(store, id, state)),
    stats: () => ({
      isInMemory: keeper.store.isInMemory,
      isFailing: keeper.isFailing,
      usedBytes: keeper.read(usedPages, 0) * PAGE_BYTES,
      dropped: dropped + keeper.dropped,
    }),
    flush,
    close() {
      flush()
      keeper.close()
    },
  }
}
