/**
 * @module Opens the recorder's file for its writer: makes it where it is missing, goes on after the newest whole
 * slot where it is there, past the page cache where the file system lets it.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
} from 'node:fs'
import { PlimsollError } from '../../base/errors.ts'
import { decodeHeader } from '../../core/record/header.ts'
import { EMPTY_END, type RingEnd } from '../../core/record/queue.ts'
import type { RingHeader } from '../../core/record/records.ts'
import {
  HEADER_SLOTS,
  peekSeq,
  readSlot,
  SLOT_BYTES,
  slotPosition,
} from '../../core/record/slot.ts'
import { createRing, ringSlotsOf } from './create-ring.ts'

const { O_DIRECT, O_DSYNC, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants

export interface OpenRing {
  readonly fd: number
  readonly slots: number
  readonly end: RingEnd
  /** Writes go past the page cache, so that they wait for no memory. */
  readonly isDirect: boolean
  /** Where an earlier file was put that this one does not go on; `null`: there was none. */
  readonly setAside: string | null
}

function refuse(path: string, why: string): PlimsollError {
  return new PlimsollError('PLM_RECORD', `nothing is recorded in ${path}: ${why}`)
}

/** A descriptor of a file that nobody else can have written; `undefined`: there is none. */
function openOwn(path: string): number | undefined {
  let fd: number
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw refuse(path, code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${code})`)
  }
  const stat = fstatSync(fd)
  const why = !stat.isFile()
    ? 'it is no file'
    : stat.uid !== process.getuid?.()
      ? `it belongs to user ${stat.uid}`
      : (stat.mode & 0o022) !== 0
        ? 'others may write to it'
        : stat.nlink > 1
          ? 'it has a second name'
          : undefined
  if (why === undefined) return fd
  closeSync(fd)
  throw refuse(path, why)
}

/** Reads whole slots into the start of `into`. */
function readSlots(fd: number, into: Uint8Array, slots: number, position: number): boolean {
  return readSync(fd, into, 0, slots * SLOT_BYTES, position) === slots * SLOT_BYTES
}

/** What looks like a slot in its place, newest first. */
function findCandidates(fd: number, slots: number, memory: Uint8Array): readonly number[] {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
  const atOnce = memory.length / SLOT_BYTES
  const found: number[] = []
  for (let first = 0; first < slots; first += atOnce) {
    const count = Math.min(atOnce, slots - first)
    if (!readSlots(fd, memory, count, (HEADER_SLOTS + first) * SLOT_BYTES)) break
    for (let i = 0; i < count; i++) {
      const seq = peekSeq(memory, view, i * SLOT_BYTES)
      if (seq > 0 && seq % slots === first + i) found.push(seq)
    }
  }
  return found.sort((a, b) => b - a)
}

/** The newest whole slot; its checksum is looked at, and hardly ever that of another. */
function findEnd(fd: number, slots: number, memory: Uint8Array): RingEnd {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
  for (const seq of findCandidates(fd, slots, memory)) {
    if (!readSlots(fd, memory, 1, slotPosition(seq, slots))) continue
    const slot = readSlot(memory, view, 0)
    if (typeof slot !== 'string') return { seq: slot.seq, crc: slot.crc, event: slot.event }
  }
  return EMPTY_END
}

function readHeader(fd: number, memory: Uint8Array): RingHeader | null {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
  for (let copy = 0; copy < HEADER_SLOTS; copy++) {
    if (!readSlots(fd, memory, 1, copy * SLOT_BYTES)) return null
    const header = decodeHeader(memory, view, 0)
    if (header !== null) return header
  }
  return null
}

/** Whether the file there can be gone on with; one of another size or host is put aside, never lost. */
function judgeOld(path: string, wanted: RingHeader, memory: Uint8Array): 'none' | 'same' | 'other' {
  const fd = openOwn(path)
  if (fd === undefined) return 'none'
  try {
    const header = readHeader(fd, memory)
    const slots = ringSlotsOf(fstatSync(fd).size)
    if (header === null && findEnd(fd, slots, memory).seq === 0) {
      throw refuse(path, 'there is a file that is no flight recorder: move it away')
    }
    const isSame = slots === wanted.slots && (header ?? wanted).hostId === wanted.hostId
    return isSame ? 'same' : 'other'
  } finally {
    closeSync(fd)
  }
}

/** A file system without O_DIRECT says so at open(2), or at the first read. */
function openForWriting(path: string, memory: Uint8Array, mayDirect: boolean) {
  for (const direct of mayDirect ? [O_DIRECT, 0] : [0]) {
    let fd = -1
    try {
      fd = openSync(path, O_RDWR | O_NOFOLLOW | O_DSYNC | direct)
      readSlots(fd, memory, 1, 0)
      fchmodSync(fd, 0o600)
      return { fd, isDirect: direct !== 0 }
    } catch (error) {
      if (fd >= 0) closeSync(fd)
      if (direct === 0 || (error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    }
  }
  throw new Error('no way to open it is left')
}

/**
 * @param memory whole slots; aligned where `mayDirect`
 * @throws PLM_RECORD where the file is not ours; what node:fs says where it cannot be made or opened
 */
export function openRing(
  path: string,
  wanted: RingHeader,
  memory: Uint8Array,
  mayDirect: boolean,
): OpenRing {
  const old = judgeOld(path, wanted, memory)
  const setAside = old === 'other' ? `${path}.before` : null
  if (setAside !== null) renameSync(path, setAside)
  if (old !== 'same') createRing(path, wanted)
  const { fd, isDirect } = openForWriting(path, memory, mayDirect)
  try {
    return { fd, slots: wanted.slots, end: findEnd(fd, wanted.slots, memory), isDirect, setAside }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
