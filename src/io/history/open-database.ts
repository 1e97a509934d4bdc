/** @module Opens the history's file, whatever state it is in: what cannot be used is moved aside. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MIB } from '../../base/units.ts'
import { CREATE_TABLES, SCHEMA_VERSION } from './schema.ts'

const PAGE_BYTES = 4096
/** Files that were moved aside are kept so many. */
const MAX_ASIDE = 2

/** Told once each time: what happened, in a sentence. */
export type OnTrouble = (message: string) => void

/** The write-ahead log may take this much beside the file itself. */
export function walBytes(maxBytes: number): number {
  return Math.min(8 * MIB, maxBytes / 4)
}

function configure(database: DatabaseSync, maxBytes: number): void {
  const wal = walBytes(maxBytes)
  database.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = ${Math.floor(wal / PAGE_BYTES / 4)};
    PRAGMA journal_size_limit = ${Math.floor(wal / 2)};
    PRAGMA cache_size = -2048;
    PRAGMA max_page_count = ${Math.floor((maxBytes - wal) / PAGE_BYTES)};
  `)
}

function pragmaNumber(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get()
  return Number(Object.values(row ?? {})[0] ?? 0)
}

/** Why the file cannot be used; `undefined` when it can. */
function findFault(database: DatabaseSync): string | undefined {
  const version = pragmaNumber(database, 'user_version')
  if (version !== 0 && version !== SCHEMA_VERSION) {
    return `is of schema version ${version}, this program writes ${SCHEMA_VERSION}`
  }
  const check = database.prepare('PRAGMA quick_check(1)').get()
  const said = Object.values(check ?? {})[0]
  return said === 'ok' ? undefined : `is damaged: ${String(said)}`
}

function moveAside(path: string, wallMs: number): string {
  const stamp = new Date(wallMs).toISOString().replaceAll(/[:.]/g, '-')
  const aside = `${path}.corrupt-${stamp}`
  renameSync(path, aside)
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  const prefix = `${basename(path)}.corrupt-`
  const older = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
  for (const name of older.slice(0, -MAX_ASIDE)) rmSync(join(dirname(path), name))
  return aside
}

function openFile(path: string, maxBytes: number): DatabaseSync | string {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    configure(database, maxBytes)
    const fault = findFault(database)
    if (fault === undefined) {
      database.exec(CREATE_TABLES)
      return database
    }
    database.close()
    return fault
  } catch (error) {
    database?.close()
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`
  }
}

function openMemory(maxBytes: number): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  configure(database, maxBytes)
  database.exec(CREATE_TABLES)
  return database
}

export interface OpenedDatabase {
  readonly database: DatabaseSync
  /** Whether what is written is gone with this process. */
  readonly isInMemory: boolean
}

/** History in memory is bounded by this, however much the file might take. */
const MEMORY_BYTES = 32 * MIB

/**
 * Opens `path`, made 0600 where it is new; `null` is memory. A file that is damaged or of another
 * version is moved aside and a new one begun; where no file can be written, memory serves.
 */
export function openDatabase(
  path: string | null,
  maxBytes: number,
  wallMs: number,
  onTrouble: OnTrouble,
): OpenedDatabase {
  const inMemory = (): OpenedDatabase => ({
    database: openMemory(Math.min(maxBytes, MEMORY_BYTES)),
    isInMemory: true,
  })
  if (path === null) return inMemory()
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    let opened = openFile(path, maxBytes)
    if (typeof opened === 'string' && existsSync(path) && !/locked|readonly/.test(opened)) {
      const aside = moveAside(path, wallMs)
      onTrouble(`${path} ${opened}; it was moved to ${aside} and a new one begun`)
      opened = openFile(path, maxBytes)
    }
    if (typeof opened === 'string') {
      onTrouble(`${path} ${opened}; the history is kept in memory only`)
      return inMemory()
    }
    chmodSync(path, 0o600)
    return { database: opened, isInMemory: false }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    onTrouble(`${path}: ${why}; the history is kept in memory only`)
    return inMemory()
  }
}
