/**
 * @module The end of the kernel's log, followed by a kept descriptor into memory that is given once: /dev/kmsg gives
 * one record a read (Documentation/ABI/testing/dev-kmsg), and in need there is no time to read all of it.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { findByte, NEWLINE, SPACE } from '../core/procfs/scan.ts'

export interface KmsgTail {
  /** Why there is none, as a clause; `null`: there is one. */
  readonly missing: string | null
  /** Reads at most `most` records that are new; returns how many. */
  follow(most: number): number
  /** Whether `text` stands in what was not taken yet. */
  hasNew(text: string): boolean
  /** Of what was not taken yet, keeps the newest records, about so many bytes of them. */
  forget(allBut: number): void
  /**
   * Copies the oldest records that were not taken yet, as many whole ones as there is room for; of one that is longer
   * than that its beginning.
   * @returns bytes
   */
  take(into: Uint8Array): number
  close(): void
}

/** A record with its escapes and its dictionary (kernel/printk/printk.c, CONSOLE_EXT_LOG_MAX). */
const RECORD_BYTES = 8192
const KEPT_BYTES = 64 * 1024

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'an unknown error'
}

/** Where the first record at or after `from` begins: lines of a dictionary begin with a blank. */
function recordFrom(bytes: Uint8Array, from: number, end: number): number {
  if (from <= 0) return 0
  for (let at = from - 1; ; ) {
    const newline = findByte(bytes, NEWLINE, at, end)
    if (newline < 0) return end
    at = newline + 1
    if (at >= end || bytes[at] !== SPACE) return at
  }
}

/** Where the last record at or before `end` begins; `from`: none begins after that. */
function recordBefore(bytes: Uint8Array, from: number, end: number): number {
  for (let at = end; at > from; at--) {
    if (bytes[at - 1] === NEWLINE && bytes[at] !== SPACE) return at
  }
  return from
}

export function openKmsgTail(path: string): KmsgTail {
  let fd = -1
  let missing: string | null = null
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    missing = `${path} cannot be read (${codeOf(error)})`
  }
  const bytes = Buffer.alloc(fd < 0 ? 0 : KEPT_BYTES)
  let length = 0
  let taken = 0

  function makeRoom(): void {
    if (length + RECORD_BYTES <= bytes.length) return
    const from = recordFrom(bytes, bytes.length / 2, length)
    bytes.copyWithin(0, from, length)
    length -= from
    taken = Math.max(0, taken - from)
  }

  /** @returns whether there may be more */
  function readRecord(): boolean {
    makeRoom()
    try {
      const got = readSync(fd, bytes, length, RECORD_BYTES, null)
      length += got
      return got > 0
    } catch (error) {
      // What was to be read next has been overwritten; the next read begins at the oldest there is.
      return codeOf(error) === 'EPIPE'
    }
  }

  return {
    missing,
    follow(most) {
      let count = 0
      while (fd >= 0 && count < most && readRecord()) count++
      return count
    },
    hasNew: (text) => bytes.subarray(taken, length).includes(text),
    forget(allBut) {
      taken = recordFrom(bytes, Math.max(taken, length - allBut), length)
    },
    take(into) {
      const room = Math.min(length, taken + into.length)
      const whole = room === length ? length : recordBefore(bytes, taken, room)
      const end = whole > taken ? whole : room
      const from = taken
      into.set(bytes.subarray(from, end))
      taken = recordFrom(bytes, end, length)
      return end - from
    },
    close() {
      if (fd >= 0) closeSync(fd)
    },
  }
}
