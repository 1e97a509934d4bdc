/**
 * @module What the adaptive console changes, on disk before it is changed, so that a guard that is killed
 * leaves word of it. Written and synced in calm times, when the owner's value is known; when memory gets
 * short only a word of it changes, in place, since an fsync may wait for memory then. That word needs
 * none: it must outlive the guard, not the machine, whose restart sets all back.
 */
import { close, constants, fsync, open, rename, rm, write } from 'node:fs'
import { dirname } from 'node:path'
import type { GuardJournal, JournalEntry, JournalState } from '../../core/console/guard-journal.ts'
import {
  formatGuardJournal,
  MAX_GUARD_JOURNAL_BYTES,
  parseGuardJournal,
} from '../../core/console/guard-journal.ts'
import { readOwnFile } from '../own-file.ts'

export interface ConsoleJournal {
  /** Puts `entry` in place of what was there, `calm`, and syncs it. */
  write(entry: JournalEntry): Promise<void>
  /** Changes the word of the entry that is there. */
  mark(state: JournalState): Promise<void>
  /** Takes it away: there is nothing to put back. */
  remove(): Promise<void>
}

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
    async write(entry) {
      await forget()
      const part = `${path}.part`
      const made = await openAsync(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
      try {
        await put(made, formatGuardJournal(entry))
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

/** What an earlier guard left; `null`: nothing that is a journal of this user's own. */
export function readConsoleJournal(path: string): GuardJournal | null {
  const seen = readOwnFile(path, MAX_GUARD_JOURNAL_BYTES)
  return seen.kind === 'text' ? parseGuardJournal(seen.text) : null
}
