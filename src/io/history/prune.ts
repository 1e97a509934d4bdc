/** @module Keeps the history within its bounds: what is too old goes, then the oldest of what is finest. */
import { pragmaNumber } from './open-database.ts'
import type { Step } from './schema.ts'
import { hostTable, pointTable, STEPS } from './schema.ts'
import type { Store } from './store.ts'
import { transact, usedPages } from './store.ts'

/** Room is made from this share of it on, so that a write finds some. */
const PRUNE_ABOVE_SHARE = 0.9
/** Series and events forgotten in one go: what a pause of some milliseconds has room for. */
const MAX_FORGOTTEN = 500

function dropOldestPart(store: Store, step: Step): void {
  const part = store.parts.get(step)?.shift()
  if (part === undefined) return
  store.database.exec(`DROP TABLE IF EXISTS ${pointTable(step, part)}`)
  const beforeMs = (part + 1) * step.partMs
  store
    .sql('INSERT OR REPLACE INTO lost (step_ms, before_ms) VALUES (?, ?)')
    .run(step.stepMs, beforeMs)
  store.lostBeforeMs.set(step, beforeMs)
}

/** Drops a part that is too old; whether there was one. */
function dropOutdated(store: Store, nowMs: number): boolean {
  for (const step of STEPS) {
    const oldest = store.parts.get(step)?.[0]
    if (oldest === undefined || (oldest + 1) * step.partMs >= nowMs - step.keepMs) continue
    dropOldestPart(store, step)
    return true
  }
  return false
}

/** Drops the oldest part of the finest step that has another; else of the finest that has any. */
function dropFinest(store: Store): boolean {
  const having = (count: number) =>
    STEPS.find((step) => (store.parts.get(step)?.length ?? 0) >= count)
  const step = having(2) ?? having(1)
  if (step !== undefined) dropOldestPart(store, step)
  return step !== undefined
}

/** Series of which no step has a point any more. */
function forgetSeries(store: Store): void {
  for (const [index, step] of STEPS.entries()) {
    const gone = store
      .sql('SELECT id, subject FROM series WHERE coarsest = ? AND last_ms < ? LIMIT ?')
      .all(index, store.lostBeforeMs.get(step) ?? 0, MAX_FORGOTTEN)
    for (const { id, subject } of gone) {
      store.sql('DELETE FROM series WHERE id = ?').run(Number(id))
      store.series.delete(String(subject))
    }
  }
}

function forgetHosts(store: Store, nowMs: number): void {
  for (const step of STEPS) {
    const bucket = Math.floor((nowMs - step.keepMs) / step.stepMs)
    store.sql(`DELETE FROM ${hostTable(step)} WHERE t < ?`).run(bucket)
  }
}

/** One round, short enough to be run between two ticks. */
export function prune(store: Store, nowMs: number): void {
  const room = pragmaNumber(store.database, 'max_page_count') * PRUNE_ABOVE_SHARE
  const isCrowded = usedPages(store) > room
  if (!dropOutdated(store, nowMs) && isCrowded) dropFinest(store)
  forgetSeries(store)
  forgetHosts(store, nowMs)
}

/** Makes room for a write that found none; whether there was anything to give up. */
export function makeRoom(store: Store): boolean {
  if (dropFinest(store)) return true
  const { changes } = store
    .sql('DELETE FROM event WHERE seq <= (SELECT (min(seq) + max(seq)) / 2 FROM event)')
    .run()
  return Number(changes) > 0
}

/** What a smaller bound is filled to. */
const FIT_SHARE = 0.75

/** Brings a file that was allowed more below `pages`, for good; its new form needs room beside the old. */
export function shrinkTo(store: Store, pages: number): void {
  const { database } = store
  if (pragmaNumber(database, 'page_count') <= pages) return
  for (let isMore = true; isMore && usedPages(store) > pages * FIT_SHARE; ) {
    transact(store, () => {
      isMore = makeRoom(store)
    })
  }
  database.exec(`VACUUM; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA max_page_count = ${pages}`)
}

/** Whether it is the history's own bound that a write met, and not the disk's. */
export function isAtBound({ database }: Store): boolean {
  const bound = pragmaNumber(database, 'max_page_count')
  return pragmaNumber(database, 'page_count') >= bound - 64
}
