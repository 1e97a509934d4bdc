/**
 * @module The store that is in use, whatever becomes of its file: a full one makes room, a damaged one
 * gives way to a new one, and where there is no file memory serves until there is one again.
 */
import { messageOf } from '../../base/errors.ts'
import { MIB } from '../../base/units.ts'
import { asideBytes, moveAside } from './aside.ts'
import { copyLedger } from './ledger.ts'
import { copyOomLogs } from './oom-log.ts'
import { isDamaged, isFull, maxPages, openMemory, openOnDisk } from './open-database.ts'
import { isAtBound, makeRoom, shrinkTo } from './prune.ts'
import type { HistoryOptions } from './records.ts'
import type { Store } from './store.ts'
import { createStore, transact } from './store.ts'

export interface Keeper {
  readonly store: Store
  /** Whether the last write failed. */
  readonly isFailing: boolean
  /** Things that could not be stored. */
  readonly dropped: number
  /** Runs what writes, in one transaction; whether it was done. A failure is told once. */
  attempt(work: (store: Store) => void): boolean
  /** A read never fails its reader: what cannot be read is `otherwise`. */
  read<T>(work: (store: Store) => T, otherwise: T): T
  /** Stores one thing, now or once the file can be written. */
  keep(work: (store: Store) => void): void
  /** Whether to write now: a file that failed is tried only now and then, and is opened again. */
  isWorthATry(): boolean
  close(): void
}

export interface KeeperOptions extends HistoryOptions {
  readonly maxBytes: number
  /** Another store is in use: it knows none of the series. */
  readonly onReplaced: () => void
}

/** A file that failed is tried again so often. */
const RETRY_EVERY_MS = 10_000
/** History in memory is bounded by this, however much the file might take. */
const MEMORY_BYTES = 32 * MIB
/** Rounds in which a write that finds no room may make some. */
const MAX_ROUNDS = 20
/** Events, marks and the like that wait for a file that fails. */
const MAX_OWED = 1_000

function closeStore(store: Store): void {
  try {
    store.database.close()
  } catch {
    // It is given up in any case.
  }
}

export function createKeeper(options: KeeperOptions): Keeper {
  const { path, maxBytes, nowMs, onTrouble, onReplaced } = options
  /** What could not be stored yet, in order. */
  const owed: ((store: Store) => void)[] = []
  let store = openStore()
  let isFailing = false
  let dropped = 0
  let triedAtMs = nowMs()

  function giveUpFile(file: string, why: string): void {
    const aside = moveAside(file, nowMs(), maxBytes)
    onTrouble(`${file} is damaged (${why}); it ${aside}, a new one is begun`)
  }

  /** A file whose head is whole may be damaged further on: then once more. */
  function openFileStore(file: string): Store | string {
    for (let isAgain = false; ; isAgain = true) {
      const opened = openOnDisk(file, maxBytes, nowMs(), onTrouble)
      if (typeof opened === 'string') return opened
      try {
        const made = createStore(opened, false)
        shrinkTo(made, maxPages(maxBytes - asideBytes(file)))
        return made
      } catch (error) {
        opened.close()
        if (isAgain || !isDamaged(error)) return `${file} cannot be used (${messageOf(error)})`
        giveUpFile(file, messageOf(error))
      }
    }
  }

  function openStore(): Store {
    const opened = path === null ? null : openFileStore(path)
    if (typeof opened === 'string') onTrouble(`${opened}; the history is kept in memory only`)
    if (opened !== null && typeof opened !== 'string') return opened
    return createStore(openMemory(Math.min(maxBytes, MEMORY_BYTES)), true)
  }

  function retryFile(): void {
    if (!store.isInMemory || path === null) return
    const opened = openFileStore(path)
    if (typeof opened === 'string') return
    const before = store
    transact(opened, () => {
      copyLedger(before, opened)
      copyOomLogs(before, opened)
    })
    store = opened
    closeStore(before)
    onReplaced()
    onTrouble(`the history is kept in ${path} again`)
  }

  function abandon(why: string): void {
    if (store.isInMemory || path === null) return
    closeStore(store)
    giveUpFile(path, why)
    store = openStore()
    onReplaced()
  }

  function transactInRoom(work: (store: Store) => void): void {
    for (let round = 0; ; round++) {
      try {
        transact(store, () => work(store))
        return
      } catch (error) {
        if (!isFull(error) || !isAtBound(store) || round >= MAX_ROUNDS) throw error
        transact(store, () => {
          if (!makeRoom(store)) throw error
        })
      }
    }
  }

  function fail(error: unknown): void {
    if (isDamaged(error)) {
      abandon(messageOf(error))
      return
    }
    if (!isFailing) {
      onTrouble(`the history cannot be written and waits in memory: ${messageOf(error)}`)
    }
    isFailing = true
    triedAtMs = nowMs()
  }

  function attempt(work: (store: Store) => void): boolean {
    try {
      transactInRoom(work)
    } catch (error) {
      fail(error)
      return false
    }
    if (isFailing) onTrouble('the history can be written again')
    isFailing = false
    payOwed()
    return true
  }

  function payOwed(): void {
    const works = owed.splice(0)
    if (works.length === 0) return
    const isPaid = attempt((into) => {
      for (const work of works) work(into)
    })
    if (!isPaid) owed.unshift(...works)
  }

  return {
    get store() {
      return store
    },
    get isFailing() {
      return isFailing
    },
    get dropped() {
      return dropped
    },
    attempt,
    read(work, otherwise) {
      try {
        return work(store)
      } catch (error) {
        fail(error)
        return otherwise
      }
    },
    keep(work) {
      if (!isFailing && attempt(work)) return
      owed.push(work)
      if (owed.length <= MAX_OWED) return
      owed.shift()
      dropped++
    },
    isWorthATry() {
      // A clock may be set back.
      const isDue = Math.abs(nowMs() - triedAtMs) >= RETRY_EVERY_MS
      if (isDue) {
        triedAtMs = nowMs()
        retryFile()
      }
      return isDue || !isFailing
    },
    close() {
      payOwed()
      closeStore(store)
    },
  }
}
