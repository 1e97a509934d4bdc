/** @module The database with what is known of it: prepared statements, series by subject, parts. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SubjectId } from '../../core/wire/records.ts'
import { pragmaNumber } from './open-database.ts'
import type { Step } from './schema.ts'
import {
  createPointTable,
  FINEST,
  hostTable,
  parsePointTable,
  pointTable,
  STEPS,
} from './schema.ts'

export interface Series {
  readonly id: number
  readonly firstMs: number
  coarsest: number
}

export interface Store {
  readonly database: DatabaseSync
  /** Whether what is written is gone with this process. */
  readonly isInMemory: boolean
  /** Prepared once each. */
  readonly sql: (text: string) => StatementSync
  readonly series: Map<SubjectId, Series>
  /** Oldest first. */
  readonly parts: Map<Step, number[]>
  readonly lostBeforeMs: Map<Step, number>
}

/** Statements name a part's table, and parts come and go. */
const MAX_STATEMENTS = 200

function readParts(store: Store): void {
  const { database, parts, lostBeforeMs } = store
  for (const step of STEPS) {
    parts.set(step, [])
    const lost = database.prepare('SELECT before_ms FROM lost WHERE step_ms = ?').get(step.stepMs)
    lostBeforeMs.set(step, Number(lost?.before_ms ?? 0))
  }
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  for (const { name } of names) {
    const table = parsePointTable(String(name))
    if (table !== undefined) parts.get(table.step)?.push(table.part)
  }
  for (const list of parts.values()) list.sort((a, b) => a - b)
}

export function createStore(database: DatabaseSync, isInMemory: boolean): Store {
  const statements = new Map<string, StatementSync>()
  const store: Store = {
    database,
    isInMemory,
    sql(text) {
      let statement = statements.get(text)
      if (statement === undefined) {
        if (statements.size >= MAX_STATEMENTS) statements.clear()
        statement = database.prepare(text)
        statements.set(text, statement)
      }
      return statement
    },
    series: new Map(),
    parts: new Map(),
    lostBeforeMs: new Map(),
  }
  readParts(store)
  // What lived when the process before this one ended has lived until then, unless it is seen again.
  const { last } = database.prepare(`SELECT max(t) AS last FROM ${hostTable(FINEST)}`).get() ?? {}
  if (last != null) {
    const lastMs = Number(last) * FINEST.stepMs
    database
      .prepare('UPDATE series SET last_ms = max(first_ms, ?) WHERE last_ms IS NULL')
      .run(lastMs)
  }
  return store
}

/** After a failure that may be the file's own: what fails here too adds nothing to it. */
function rollBack(store: Store): void {
  try {
    if (store.database.isTransaction) store.database.exec('ROLLBACK')
    store.series.clear()
    readParts(store)
  } catch {
    // The first failure is the one that is told.
  }
}

export function transact(store: Store, work: () => void): void {
  store.database.exec('BEGIN IMMEDIATE')
  try {
    work()
    store.database.exec('COMMIT')
  } catch (error) {
    rollBack(store)
    throw error
  }
}

/** The table of a step's part, made where it is new. */
export function takePart(store: Store, step: Step, part: number): string {
  const parts = store.parts.get(step)
  if (parts !== undefined && !parts.includes(part)) {
    store.database.exec(createPointTable(step, part))
    parts.push(part)
    parts.sort((a, b) => a - b)
  }
  return pointTable(step, part)
}

/** A subject's series, made where it is new, taken up again where it had ended and `isAlive` now. */
export function takeSeries(
  store: Store,
  subject: SubjectId,
  firstMs: number,
  isAlive: boolean,
): Series {
  const known = store.series.get(subject)
  if (known !== undefined) return known
  const row = store.sql('SELECT id, first_ms, coarsest FROM series WHERE subject = ?').get(subject)
  let series: Series
  if (row === undefined) {
    const insert = store.sql('INSERT INTO series (subject, first_ms) VALUES (?, ?)')
    const id = Number(insert.run(subject, Math.round(firstMs)).lastInsertRowid)
    series = { id, firstMs, coarsest: 0 }
  } else {
    series = {
      id: Number(row.id),
      firstMs: Number(row.first_ms),
      coarsest: Number(row.coarsest),
    }
  }
  if (isAlive) {
    store
      .sql('UPDATE series SET last_ms = NULL WHERE id = ? AND last_ms IS NOT NULL')
      .run(series.id)
  }
  store.series.set(subject, series)
  return series
}

/** Bytes in use: the file may be larger, but what is free in it is written again. */
export function usedPages({ database }: Store): number {
  return pragmaNumber(database, 'page_count') - pragmaNumber(database, 'freelist_count')
}
