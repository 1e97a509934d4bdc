/**
 * @module The history: what was, in several resolutions, bounded on disk, in one SQLite file.
 *
 * Ticks are gathered in memory, and after each a share of what waits is written, so that no write is
 * long. A row is stored only when it changed: that the agent was there meanwhile follows from the
 * host's rows, so that a gap is told from a constant. Where the file fails, memory serves, and the
 * file is tried again.
 */
import { MIB } from '../../base/units.ts'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import {
  copyLedger,
  readAllNotified,
  readEvents,
  readMarks,
  removeMark,
  writeEvent,
  writeMark,
  writeNotified,
} from './ledger.ts'
import {
  isDamaged,
  isFull,
  messageOf,
  openMemory,
  openOnDisk,
  PAGE_BYTES,
} from './open-database.ts'
import { addTick, createPending, forgetPoints, nextBatch, settleBatch } from './pending.ts'
import { isAtBound, makeRoom, prune } from './prune.ts'
import { readColumns, readHostColumns } from './read-columns.ts'
import type { History, HistoryOptions } from './records.ts'
import { FINEST } from './schema.ts'
import type { Store } from './store.ts'
import { createStore, transact, usedPages } from './store.ts'
import { writeBatch } from './write-batch.ts'

const PRUNE_EVERY_MS = 2_000
/** A file that failed is tried again so often. */
const RETRY_EVERY_MS = 10_000
const DEFAULT_MAX_BYTES = 256 * MIB
/** History in memory is bounded by this, however much the file might take. */
const MEMORY_BYTES = 32 * MIB
/** Rounds in which a write that finds no room may make some. */
const MAX_ROUNDS = 20
/** Events, marks and the like that wait for a file that fails. */
const MAX_OWED = 1_000

interface Living {
  readonly firstMs: number
  row: SubjectRow
}

export function openHistory(options: HistoryOptions): History {
  const { path, nowMs, onTrouble, maxBytes = DEFAULT_MAX_BYTES } = options
  const pending = createPending()
  const [finest] = pending
  const alive = new Map<SubjectId, Living>()
  /** When it ended, of those whose last points wait. */
  const ended = new Map<SubjectId, number>()
  let store = openStore()
  /** Kept here too: what its owner said of a subject holds whatever the disk does. */
  const marks = new Map(read(() => readMarks(store), []).map((mark) => [mark.subjectId, mark]))
  /** What could not be stored yet, in order. */
  const owed: ((store: Store) => void)[] = []
  let dropped = 0
  let isFailing = false
  let wroteAtMs = nowMs()
  let prunedAtMs = nowMs()
  let retryAtMs = nowMs() + RETRY_EVERY_MS

  function openStore(): Store {
    const opened = path === null ? null : openOnDisk(path, maxBytes, nowMs(), onTrouble)
    if (typeof opened === 'string') onTrouble(`${opened}; the history is kept in memory only`)
    if (opened === null || typeof opened === 'string') {
      return createStore(openMemory(Math.min(maxBytes, MEMORY_BYTES)), true)
    }
    return createStore(opened, false)
  }

  /** After this every series has to be told anew. */
  function replaceStore(next: Store): void {
    copyLedger(store, next)
    store.database.close()
    store = next
    for (const each of pending) each.part = -1
  }

  function retryFile(): void {
    if (!store.isInMemory || path === null) return
    const opened = openOnDisk(path, maxBytes, nowMs(), onTrouble)
    if (typeof opened === 'string') return
    replaceStore(createStore(opened, false))
    onTrouble(`the history is kept in ${path} again`)
  }

  /** A file that turns out to be damaged gives way to a new one. */
  function abandonStore(why: string): void {
    if (store.isInMemory) return
    onTrouble(`the history is damaged: ${why}`)
    store.database.close()
    store = openStore()
    for (const each of pending) each.part = -1
  }

  function transactInRoom(work: () => void): void {
    for (let round = 0; ; round++) {
      try {
        transact(store, work)
        return
      } catch (error) {
        if (!isFull(error) || !isAtBound(store) || round >= MAX_ROUNDS) throw error
        transact(store, () => {
          if (!makeRoom(store)) throw error
        })
      }
    }
  }

  /** Runs what writes. A failure is told once, and once when it is over. */
  function attempt(work: () => void): boolean {
    try {
      transactInRoom(work)
      if (isFailing) onTrouble('the history can be written again')
      isFailing = false
      return true
    } catch (error) {
      const why = messageOf(error)
      if (!isFailing) onTrouble(`the history cannot be written and waits in memory: ${why}`)
      isFailing = true
      retryAtMs = nowMs() + RETRY_EVERY_MS
      if (isDamaged(error)) abandonStore(why)
      return false
    }
  }

  /** A read never fails its reader: what cannot be read is not there. */
  function read<T>(work: () => T, otherwise: T): T {
    try {
      return work()
    } catch (error) {
      if (isDamaged(error)) abandonStore(messageOf(error))
      else onTrouble(`the history cannot be read: ${messageOf(error)}`)
      return otherwise
    }
  }

  function firstSeen(id: SubjectId): number | undefined {
    return alive.get(id)?.firstMs
  }

  function writeEnded(): void {
    const end = store.sql('UPDATE series SET last_ms = ? WHERE subject = ?')
    for (const [id, endMs] of ended) if (finest?.points.has(id) !== true) end.run(endMs, id)
  }

  /** Writes the share of what waits that is due after `elapsedMs`; whether all of that was written. */
  function write(elapsedMs: number): boolean {
    const batches = pending.map((each) => nextBatch(each, elapsedMs))
    let young: ReadonlySet<SubjectId>[] = []
    const isWritten = attempt(() => {
      young = batches.map((batch) => writeBatch(store, batch, firstSeen, nowMs()))
      writeEnded()
    })
    if (!isWritten) return false
    for (const id of ended.keys()) if (finest?.points.has(id) !== true) ended.delete(id)
    for (const [index, batch] of batches.entries()) settleBatch(batch, young[index] ?? new Set())
    return true
  }

  /** Stores one thing, now or once the file can be written. */
  function keep(work: (store: Store) => void): void {
    if (owed.length === 0 && !isFailing && attempt(() => work(store))) return
    owed.push(work)
    if (owed.length <= MAX_OWED) return
    owed.shift()
    dropped++
  }

  function payOwed(): void {
    const works = owed.slice()
    if (works.length === 0) return
    const isPaid = attempt(() => {
      for (const work of works) work(store)
    })
    if (isPaid) owed.splice(0, works.length)
  }

  function end(id: SubjectId, wallMs: number): void {
    const first = Math.min(
      alive.get(id)?.firstMs ?? wallMs,
      store.series.get(id)?.firstMs ?? wallMs,
    )
    alive.delete(id)
    store.series.delete(id)
    ended.set(id, wallMs)
    for (const each of pending.slice(1)) {
      if (wallMs - first < each.step.stepMs) forgetPoints(each, id)
    }
  }

  function afterTick(): void {
    const now = nowMs()
    if (isFailing || store.isInMemory) {
      if (now >= retryAtMs) {
        retryAtMs = now + RETRY_EVERY_MS
        retryFile()
        isFailing = !write(now - wroteAtMs)
      } else if (!isFailing) write(now - wroteAtMs)
    } else write(now - wroteAtMs)
    wroteAtMs = now
    if (isFailing) return
    payOwed()
    if (isFailing || now - prunedAtMs < PRUNE_EVERY_MS) return
    prunedAtMs = now
    attempt(() => prune(store, now))
  }

  function flush(): void {
    const waits = (): number => pending.reduce((sum, each) => sum + each.points.size, 0)
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
    recordEvent: (event) => keep((into) => writeEvent(into, event)),
    readHistory(id, fromMs, toMs, maxPoints) {
      const span = { fromMs, toMs, maxPoints }
      const nothing = { wallMs: [], levelBytes: [], anonBytes: [], fileBytes: [] }
      const columns = { ...nothing, shmemBytes: [], swapBytes: [], threads: [], fds: [] }
      return read(() => readColumns(store, pending, id, span, ended.get(id)), {
        stepMs: FINEST.stepMs,
        columns,
      })
    },
    readHostHistory(fromMs, toMs, maxPoints) {
      return readHostColumns(store, pending, { fromMs, toMs, maxPoints }, nowMs())
    },
    readEvents: (query) => read(() => readEvents(store, query), []),
    setMark(mark) {
      marks.set(mark.subjectId, mark)
      keep((into) => writeMark(into, mark))
    },
    removeMark(id) {
      marks.delete(id)
      keep((into) => removeMark(into, id))
    },
    readMarks: (now) =>
      [...marks.values()].filter(({ untilWallMs }) => untilWallMs === null || untilWallMs > now),
    readNotified: (id) => read(() => readAllNotified(store), new Map()).get(id),
    readAllNotified: () => read(() => readAllNotified(store), new Map()),
    setNotified: (id, state) => keep((into) => writeNotified(into, id, state)),
    stats: () => ({
      isInMemory: store.isInMemory,
      isFailing,
      usedBytes: read(() => usedPages(store), 0) * PAGE_BYTES,
      dropped,
    }),
    flush,
    close() {
      flush()
      payOwed()
      store.database.close()
    },
  }
}
