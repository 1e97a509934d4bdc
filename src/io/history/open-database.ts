/** @module Opens the history's file, whatever state it is in: what cannot be used is moved aside. */

import { chmodSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '../../base/errors.ts'
import { MIB } from '../../base/units.ts'
import { makeDirectory } from '../make-directory.ts'
import { asideBytes, moveAside } from './aside.ts'
import { CREATE_TABLES, SCHEMA_VERSION } from './schema.ts'

export const PAGE_BYTES = 4096
const MIN_PAGES = 64

/** Told once each time: what happened, in a sentence. */
export type OnTrouble = (message: string) => void

/** SQLite's result codes that are told apart (sqlite3.h). */
const FULL = 13
const CORRUPT = 11
const NOT_A_DATABASE = 26

function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

export function isFull(error: unknown): boolean {
  return codeOf(error) === FULL
}

export function isDamaged(error: unknown): boolean {
  return [CORRUPT, NOT_A_DATABASE].includes(codeOf(error))
}

/** The write-ahead log may take this much beside the file itself. */
function walBytes(maxBytes: number): number {
  return Math.min(8 * MIB, maxBytes / 4)
}

/** Pages that the file itself may have, the log beside it left out. */
export function maxPages(maxBytes: number): number {
  return Math.max(MIN_PAGES, Math.floor((maxBytes - walBytes(maxBytes)) / PAGE_BYTES))
}

/**
 * One process alone has the file: so there is no index file of shared memory, which a full disk would
 * not give either. A commit is in the log file at once, on the disk with the next checkpoint: what
 * was committed outlives the process, not every power cut.
 */
function configure(database: DatabaseSync, maxBytes: number): void {
  const wal = walBytes(maxBytes)
  // A file that was allowed more cannot even be read with less: shrinkTo() bounds it.
  const isLarger = pragmaNumber(database, 'page_count') > maxPages(maxBytes)
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = ${Math.floor(wal / PAGE_BYTES / 4)};
    PRAGMA journal_size_limit = ${Math.floor(wal / 2)};
    PRAGMA cache_size = -2048;
    ${isLarger ? '' : `PRAGMA max_page_count = ${maxPages(maxBytes)};`}
  `)
}

export function pragmaNumber(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get()
  return Number(Object.values(row ?? {})[0] ?? 0)
}

interface Fault {
  readonly why: string
  /** Whether a new file in its place would do. */
  readonly isTheFiles: boolean
}

/** Its owner's alone from the first moment on: the files beside it get the mode that it has then. */
function makePrivate(path: string): void {
  const { O_CREAT, O_RDWR } = constants
  closeSync(openSync(path, O_RDWR | O_CREAT, 0o600))
  chmodSync(path, 0o600)
}

function openFile(path: string, maxBytes: number): DatabaseSync | Fault {
  let database: DatabaseSync | undefined
  try {
    makePrivate(path)
    database = new DatabaseSync(path, { timeout: 0 })
    const version = pragmaNumber(database, 'user_version')
    if (version !== 0 && version !== SCHEMA_VERSION) {
      database.close()
      const why = `is of schema version ${version}, this program writes ${SCHEMA_VERSION}`
      return { why, isTheFiles: true }
    }
    configure(database, maxBytes)
    database.exec(CREATE_TABLES)
    // What cannot be written is found out now.
    database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
    return database
  } catch (error) {
    database?.close()
    return { why: `cannot be used (${messageOf(error)})`, isTheFiles: isDamaged(error) }
  }
}

export function openMemory(maxBytes: number): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  configure(database, maxBytes)
  database.exec(CREATE_TABLES)
  return database
}

/**
 * Opens `path`, made 0600 where it is new. A file that is damaged or of another version is moved aside
 * and a new one begun, and that is said.
 * @returns why there is no file, where there is none
 */
export function openOnDisk(
  path: string,
  maxBytes: number,
  wallMs: number,
  onTrouble: OnTrouble,
): DatabaseSync | string {
  try {
    makeDirectory(dirname(path), 0o700)
    let opened = openFile(path, maxBytes - asideBytes(path))
    if ('why' in opened && opened.isTheFiles && existsSync(path)) {
      onTrouble(
        `${path} ${opened.why}; it ${moveAside(path, wallMs, maxBytes)}, a new one is begun`,
      )
      opened = openFile(path, maxBytes - asideBytes(path))
    }
    return 'why' in opened ? `${path} ${opened.why}` : opened
  } catch (error) {
    return `${path} cannot be used (${messageOf(error)})`
  }
}
