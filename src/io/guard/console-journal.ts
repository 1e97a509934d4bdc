/**
 * @module What the adaptive console changes, on disk before it is changed, so that a guard that is killed
 * leaves word of it. Written and synced in calm times, when the owner's value is known; when memory gets
 * short only a word of it changes, in place, since an fsync may wait for memory then. That word needs
 * none: it must outlive the guard, not the machine, whose restart sets all back.
 */
import { close, constants, fsync, open, rename, rm, write } from 'node:fs'
import { dirname } from 'node:path'
import { parsePrintk } from '../../core/console/printk.ts'
import type { Levels } from '../../core/console/quieting.ts'
import { readOwnFile } from '../own-file.ts'

/** What would be put back. Levels are the first two of kernel.printk. */
export type Undo =
  | { readonly remedy: 'bulk' | 'level'; readonly found: Levels; readonly set: Levels }
  /** `found` for the moment of giving it back, in which nothing may be printed. */
  | { readonly remedy: 'detach'; readonly console: string; readonly found: Levels }

/** `calm`: nothing is changed; `near`: it is; `back`: a UART is just being given back. */
export type JournalState = 'calm' | 'near' | 'back'

export interface JournalEntry {
  readonly bootId: string
  readonly undo: Undo
}

export interface ConsoleJournal {
  /** Puts `entry` in place of what was there, `calm`, and syncs it. */
  write(entry: JournalEntry): Promise<void>
  /** Changes the word of the entry that is there. */
  mark(state: JournalState): Promise<void>
  /** Takes it away: there is nothing to put back. */
  remove(): Promise<void>
}

const SCHEMA = 'plimsoll.console-journal/1'
const MAX_BYTES = 4096
const { O_CREAT, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = constants

/** A call of node:fs that ends with an error or none. */
function settle(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null ? resolve() : reject(error)))
  })
}

function openAsync(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, flags, 0o600, (error, fd) => (error === null ? resolve(fd) : reject(error)))
  })
}

function put(fd: number, text: string): Promise<void> {
  return settle((done) => write(fd, text, 0, 'latin1', (error) => done(error)))
}

async function syncDirectory(path: string): Promise<void> {
  const fd = await openAsync(path, O_RDONLY)
  try {
    await settle((done) => fsync(fd, done))
  } finally {
    await settle((done) => close(fd, done))
  }
}

/** Rejects with what node:fs says where the file cannot be written: then nothing may be changed. */
export function openConsoleJournal(path: string): ConsoleJournal {
  let fd = -1

  async function forget(): Promise<void> {
    const old = fd
    fd = -1
    if (old >= 0) await settle((done) => close(old, done))
  }

  return {
    async write({ bootId, undo }) {
      await forget()
      const part = `${path}.part`
      const text = `calm\n${JSON.stringify({ schema: SCHEMA, bootId, undo })}\n`
      const made = await openAsync(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
      try {
        await put(made, text)
        await settle((done) => fsync(made, done))
        await settle((done) => rename(part, path, done))
        await syncDirectory(dirname(path))
        fd = made
      } finally {
        if (fd !== made) await settle((done) => close(made, done))
      }
    },
    async mark(state) {
      // Of an earlier guard, where this one has written none.
      if (fd < 0) fd = await openAsync(path, O_WRONLY | O_NOFOLLOW)
      await put(fd, state)
    },
    async remove() {
      await forget()
      await settle((done) => rm(path, { force: true }, done))
    },
  }
}

function levelsOf(value: unknown): Levels | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { consoleLevel, defaultLevel } = value as Record<string, unknown>
  // As what kernel.printk says is checked.
  const parsed = parsePrintk(`${consoleLevel} ${defaultLevel} 1 7`)
  return parsed === undefined
    ? undefined
    : { consoleLevel: parsed.consoleLevel, defaultLevel: parsed.defaultLevel }
}

function undoOf(value: unknown): Undo | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { remedy, console, ...levels } = value as Record<string, unknown>
  const found = levelsOf(levels.found)
  if (found === undefined) return undefined
  if (remedy === 'detach') {
    return typeof console === 'string' ? { remedy, console, found } : undefined
  }
  const set = levelsOf(levels.set)
  if (set === undefined || (remedy !== 'bulk' && remedy !== 'level')) return undefined
  return { remedy, found, set }
}

function parseJournal(text: string): (JournalEntry & { state: JournalState }) | undefined {
  const [state, line = ''] = text.split('\n')
  if (state !== 'calm' && state !== 'near' && state !== 'back') return undefined
  try {
    const { schema, bootId, undo } = JSON.parse(line) as Record<string, unknown>
    const found = undoOf(undo)
    if (schema !== SCHEMA || typeof bootId !== 'string' || found === undefined) return undefined
    return { state, bootId, undo: found }
  } catch {
    return undefined
  }
}

/** What an earlier guard left; `undefined`: nothing that is a journal of this user's own. */
export function readConsoleJournal(
  path: string,
): (JournalEntry & { readonly state: JournalState }) | undefined {
  const seen = readOwnFile(path, MAX_BYTES)
  return seen.kind === 'text' ? parseJournal(seen.text) : undefined
}
