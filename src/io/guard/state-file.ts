/**
 * @module The detector's state on disk, so that a restarted guard goes on where it stopped. One
 * preallocated file of two halves, written in turn: body, fdatasync, header, fdatasync. A header
 * that is there vouches for the body that was synced before it, so that a crash at any point leaves
 * the half before.
 *
 * A half: 4096 bytes of header, then `capacity` keys of 256 bytes, then `capacity` slabs as they
 * stand in the arena. Slot i of the arena is key i and slab i; an empty key is a free slot.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Arena } from '../../core/leak/ladder.ts'
import { SLAB_BYTES } from '../../core/leak/ladder.ts'
import { SLAB_VERSION } from '../../core/leak/slab.ts'
import { makeDirectory } from '../make-directory.ts'

const MAGIC = 'PLMSTATE'
const HEADER_BYTES = 4096
const KEY_BYTES = 256
const BOOT_ID_BYTES = 36

/** What a half of the file says of itself. */
interface Header {
  readonly capacity: number
  readonly used: number
  readonly generation: number
  readonly bootSec: number
  readonly bootId: string
}

/** One saved series. `slab` is a view that the next entry overwrites. */
export interface SavedSeries {
  readonly key: string
  readonly slab: Uint8Array
}

export interface SavedState {
  readonly bootId: string
  readonly bootSec: number
  readonly series: Iterable<SavedSeries>
}

export interface StateFile {
  /** The newest whole half; `undefined` when there is none that this version can read. */
  load(): SavedState | undefined
  /**
   * Writes all series. The copy into the page cache is done when this returns, so that the arena may
   * change; `done` is called when it is on disk, with the error when it is not. A save that comes
   * while the last is on its way is left out.
   * @param keys by slot; undefined or '' is a free slot, and one longer than 254 bytes is not saved
   * @returns whether the save was begun
   */
  save(state: SaveRequest, done: (error: Error | null) => void): boolean
  close(): void
}

export interface SaveRequest {
  readonly arena: Arena
  readonly keys: readonly (string | undefined)[]
  readonly bootId: string
  readonly bootSec: number
}

function halfBytes(capacity: number): number {
  return HEADER_BYTES + capacity * (KEY_BYTES + SLAB_BYTES)
}

function sumOf(header: Buffer): number {
  let sum = 0
  for (let i = 0; i < HEADER_BYTES - 4; i++)
    sum = (Math.imul(sum, 31) + (header[i] as number)) >>> 0
  return sum
}

function encodeHeader(into: Buffer, header: Header): void {
  into.fill(0)
  into.write(MAGIC, 0, 'latin1')
  into.writeUInt32LE(SLAB_VERSION, 8)
  into.writeUInt32LE(SLAB_BYTES, 12)
  into.writeUInt32LE(header.capacity, 16)
  into.writeUInt32LE(header.used, 20)
  into.writeDoubleLE(header.generation, 24)
  into.writeDoubleLE(header.bootSec, 32)
  into.write(header.bootId.slice(0, BOOT_ID_BYTES), 40, 'latin1')
  into.writeUInt32LE(sumOf(into), HEADER_BYTES - 4)
}

/** `undefined` for anything but a header of this version. */
function decodeHeader(header: Buffer): Header | undefined {
  if (header.toString('latin1', 0, 8) !== MAGIC) return undefined
  if (header.readUInt32LE(HEADER_BYTES - 4) !== sumOf(header)) return undefined
  if (header.readUInt32LE(8) !== SLAB_VERSION || header.readUInt32LE(12) !== SLAB_BYTES) {
    return undefined
  }
  return {
    capacity: header.readUInt32LE(16),
    used: header.readUInt32LE(20),
    generation: header.readDoubleLE(24),
    bootSec: header.readDoubleLE(32),
    bootId: header.toString('latin1', 40, 40 + BOOT_ID_BYTES).replace(/\0+$/, ''),
  }
}

/** Reads all of `into` from `position`; whether the file held that much. */
function readFully(fd: number, into: Uint8Array, position: number): boolean {
  let got = 0
  while (got < into.length) {
    const count = readSync(fd, into, got, into.length - got, position + got)
    if (count === 0) return false
    got += count
  }
  return true
}

function writeFully(fd: number, from: Uint8Array, length: number, position: number): void {
  let put = 0
  while (put < length) put += writeSync(fd, from, put, length - put, position + put)
}

/**
 * Opens or makes the state file of a detector with `capacity` series; 0600, no link followed.
 * Throws what node:fs throws: without a state file the guard goes on, and says so.
 */
export function openStateFile(path: string, capacity: number): StateFile {
  makeDirectory(dirname(path), 0o700)
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
  const fd = openSync(path, flags, 0o600)
  fchmodSync(fd, 0o600)
  const header = Buffer.alloc(HEADER_BYTES)
  const keyTable = Buffer.alloc(capacity * KEY_BYTES)
  const size = halfBytes(capacity)
  const loaded = findNewest(fd, header)
  let generation = loaded === undefined ? 0 : loaded.header.generation
  let isBusy = false

  function prepare(): void {
    if (fstatSync(fd).size === 2 * size) return
    // Another capacity, or a new file: its halves begin elsewhere, so that none of the old may be
    // taken for whole.
    ftruncateSync(fd, 0)
    const zeros = Buffer.alloc(1 << 20)
    for (let at = 0; at < 2 * size; at += zeros.length) {
      writeFully(fd, zeros, Math.min(zeros.length, 2 * size - at), at)
    }
    fdatasyncSync(fd)
  }

  return {
    load() {
      return loaded === undefined ? undefined : readState(fd, loaded)
    },
    save(request, done) {
      if (isBusy) return false
      isBusy = true
      const finish = (error: Error | null): void => {
        isBusy = false
        done(error)
      }
      try {
        prepare()
        const used = writeKeys(keyTable, request.keys, capacity)
        generation++
        const at = (generation % 2) * size
        // Until it is written anew, this half is nobody's.
        writeFully(fd, header.fill(0), HEADER_BYTES, at)
        writeFully(fd, keyTable, used * KEY_BYTES, at + HEADER_BYTES)
        const slabsAt = at + HEADER_BYTES + capacity * KEY_BYTES
        writeFully(fd, request.arena.bytes, used * SLAB_BYTES, slabsAt)
        const { bootId, bootSec } = request
        fdatasync(fd, (bodyError) => {
          if (bodyError !== null) return finish(bodyError)
          try {
            encodeHeader(header, { capacity, used, generation, bootSec, bootId })
            writeFully(fd, header, HEADER_BYTES, at)
          } catch (error) {
            return finish(error as Error)
          }
          fdatasync(fd, finish)
        })
      } catch (error) {
        finish(error as Error)
      }
      return true
    },
    close() {
      closeSync(fd)
    },
  }
}

interface Located {
  readonly header: Header
  readonly at: number
}

function findNewest(fd: number, scratch: Buffer): Located | undefined {
  const half = Math.floor(fstatSync(fd).size / 2)
  let newest: Located | undefined
  for (const at of [0, half]) {
    if (!readFully(fd, scratch, at)) continue
    const header = decodeHeader(scratch)
    if (header === undefined || halfBytes(header.capacity) !== half) continue
    if (header.used > header.capacity) continue
    if (newest === undefined || header.generation > newest.header.generation)
      newest = { header, at }
  }
  return newest
}

function readState(fd: number, { header, at }: Located): SavedState {
  function* series(): Generator<SavedSeries> {
    const key = Buffer.alloc(KEY_BYTES)
    const slab = Buffer.alloc(SLAB_BYTES)
    const keysAt = at + HEADER_BYTES
    const slabsAt = keysAt + header.capacity * KEY_BYTES
    for (let slot = 0; slot < header.used; slot++) {
      if (!readFully(fd, key, keysAt + slot * KEY_BYTES)) return
      const length = key.readUInt16LE(0)
      if (length === 0 || length > KEY_BYTES - 2) continue
      if (!readFully(fd, slab, slabsAt + slot * SLAB_BYTES)) return
      yield { key: key.toString('utf8', 2, 2 + length), slab }
    }
  }
  return { bootId: header.bootId, bootSec: header.bootSec, series: series() }
}

/** Fills the key table; returns how many slots are in use from the first to the last. */
function writeKeys(table: Buffer, keys: readonly (string | undefined)[], capacity: number): number {
  let used = 0
  for (let slot = 0; slot < Math.min(keys.length, capacity); slot++) {
    const at = slot * KEY_BYTES
    const key = keys[slot] ?? ''
    table.writeUInt16LE(0, at)
    if (key === '' || Buffer.byteLength(key) > KEY_BYTES - 2) continue
    table.writeUInt16LE(table.write(key, at + 2, KEY_BYTES - 2, 'utf8'), at)
    used = slot + 1
  }
  return used
}
