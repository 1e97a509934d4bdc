/** @module Keeps the history within its bounds: what is too old goes, then what is finest. */
import type { DatabaseSync } from 'node:sqlite'
import { walBytes } from './open-database.ts'
import { hostTable, pointTable, STEPS } from './schema.ts'

/** A soft prune begins above this share of the room, a hard one makes this much. */
const SOFT_SHARE = 0.9
const HARD_SHARE = 0.75
/** The share of a table's time that one round deletes. */
const ROUND_SHARE = 0.2
const MAX_ROUNDS = 50

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0)
}

/** Bytes in use: the file may be larger, but what is free in it is written again. */
function usedBytes(database: DatabaseSync): number {
  return (pragma(database, 'page_count') - pragma(database, 'freelist_count')) * 4096
}

/** Deletes the oldest part of the finest table that has more than a minute in it. */
function deleteOldestOfFinest(database: DatabaseSync): boolean {
  for (const step of STEPS) {
    const table = pointTable(step)
    const range = database.prepare(`SELECT min(t) AS low, max(t) AS high FROM ${table}`).get()
    if (range?.low == null) continue
    const low = Number(range.low)
    const high = Number(range.high)
    if (high - low < 2) continue
    const before = low + Math.max(1, Math.ceil((high - low) * ROUND_SHARE))
    database.prepare(`DELETE FROM ${table} WHERE t < ?`).run(before)
    return true
  }
  return false
}

/** @param how `soft` at leisure, `hard` when the last write found no room */
export function prune(
  database: DatabaseSync,
  nowMs: number,
  maxBytes: number,
  how: 'soft' | 'hard',
): void {
  for (const step of STEPS) {
    const before = Math.floor((nowMs - step.keepMs) / step.stepMs)
    database.prepare(`DELETE FROM ${pointTable(step)} WHERE t < ?`).run(before)
    database.prepare(`DELETE FROM ${hostTable(step)} WHERE t < ?`).run(before)
  }
  const room = (maxBytes - walBytes(maxBytes)) * (how === 'soft' ? SOFT_SHARE : HARD_SHARE)
  for (let round = 0; round < MAX_ROUNDS && usedBytes(database) > room; round++) {
    if (!deleteOldestOfFinest(database)) break
  }
  forgetEndedSeries(database, nowMs)
}

/** Series of which no point is left: those that ended before the finest step's oldest, and had so
 * short a life that the coarse steps say nothing of use. */
function forgetEndedSeries(database: DatabaseSync, nowMs: number): void {
  const [finest] = STEPS
  if (finest === undefined) return
  const shortLifeMs = 10 * 60_000
  const gone = database
    .prepare('SELECT id FROM series WHERE last_ms < ? AND last_ms - first_ms < ? LIMIT 5000')
    .all(nowMs - finest.keepMs, shortLifeMs)
  for (const { id } of gone) {
    for (const step of STEPS) {
      database.prepare(`DELETE FROM ${pointTable(step)} WHERE series = ?`).run(Number(id))
    }
    database.prepare('DELETE FROM series WHERE id = ?').run(Number(id))
  }
}
