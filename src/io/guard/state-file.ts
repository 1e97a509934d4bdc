/**
 * @module The detector's state on disk, so that a restarted guard goes on where it stopped. One file of
 * two halves, written in turn: body, fdatasync, header, fdatasync. A header that is there vouches for
 * the body that was synced before it, so that a crash at any point leaves the half before.
 *
 * Two headers of 4096 bytes, then the halves' records in turn, a chunk of this one and a chunk of that,
 * so that the file is as long as what it holds. A record is a key of 256 bytes and its slab as it
 * stands in the arena; free slots have none.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
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

/** Another than that of the layout before, whose file is taken for empty. */
const MAGIC = 'PLMSTAT2'
const HEADER_BYTES = 4096
const KEY_BYTES = 256
const BOOT_ID_BYTES = 36
const RECORD_BYTES = KEY_BYTES + SLAB_BYTES
const CHUNK_RECORDS = 64
const CHUNK_BYTES = CHUNK_RECORDS * RECORD_BYTES

/** What a half of the file says of itself. */
interface Header {
  /** Records. */
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
   * Writes all series that have a key. The copy into the page cache is done when this returns, so that the arena may
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

type Half = 0 | 1

function chunkAt(half: Half, chunk: number): number {
  return 2 * HEADER_BYTES + (2 * chunk + half) * CHUNK_BYTES
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
  into.writeUInt32LE(header.used, 16)
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
    used: header.readUInt32LE(16),
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
 * Opens or makes the state file; 0600, no link followed. Throws what node:fs throws: without a state
 * file the guard goes on, and says so.
 */
export function openStateFile(path: string): StateFile {
  makeDirectory(dirname(path), 0o700)
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
  const fd = openSync(path, flags, 0o600)
  fchmodSync(fd, 0o600)
  const header = Buffer.alloc(HEADER_BYTES)
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const loaded = findNewest(fd, header)
  let generation = loaded === undefined ? 0 : loaded.header.generation
  let isBusy = false
  let isOurs = loaded !== undefined

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
        if (!isOurs) ftruncateSync(fd, 0)
        isOurs = true
        generation++
        const half = (generation % 2) as Half
        const headerAt = half * HEADER_BYTES
        // Until it is written anew, this half is nobody's.
        writeFully(fd, header.fill(0), HEADER_BYTES, headerAt)
        const used = writeRecords(fd, half, chunk, request)
        const { bootId, bootSec } = request
        fdatasync(fd, (bodyError) => {
          if (bodyError !== null) return finish(bodyError)
          try {
            encodeHeader(header, { used, generation, bootSec, bootId })
            writeFully(fd, header, HEADER_BYTES, headerAt)
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
  readonly half: Half
}

function findNewest(fd: number, scratch: Buffer): Located | undefined {
  let newest: Located | undefined
  for (const half of [0, 1] as const) {
    if (!readFully(fd, scratch, half * HEADER_BYTES)) continue
    const header = decodeHeader(scratch)
    if (header === undefined) continue
    if (newest === undefined || header.generation > newest.header.generation)
      newest = { header, half }
  }
  return newest
}

function readState(fd: number, { header, half }: Located): SavedState {
  function* series(): Generator<SavedSeries> {
    const record = Buffer.alloc(RECORD_BYTES)
    const slab = record.subarray(KEY_BYTES)
    for (let index = 0; index < header.used; index++) {
      const at = chunkAt(half, Math.floor(index / CHUNK_RECORDS))
      if (!readFully(fd, record, at + (index % CHUNK_RECORDS) * RECORD_BYTES)) return
      const length = record.readUInt16LE(0)
      if (length === 0 || length > KEY_BYTES - 2) continue
      yield { key: record.toString('utf8', 2, 2 + length), slab }
    }
  }
  return { bootId: header.bootId, bootSec: header.bootSec, series: series() }
}

/** Writes every series that has a key, by way of `chunk`; returns how many. */
function writeRecords(fd: number, half: Half, chunk: Buffer, { arena, keys }: SaveRequest): number {
  let used = 0
  for (let slot = 0; slot < Math.min(keys.length, arena.capacity); slot++) {
    const key = keys[slot] ?? ''
    if (key === '' || Buffer.byteLength(key) > KEY_BYTES - 2) continue
    const at = (used % CHUNK_RECORDS) * RECORD_BYTES
    chunk.writeUInt16LE(chunk.write(key, at + 2, KEY_BYTES - 2, 'utf8'), at)
    const slab = arena.bytes.subarray(slot * SLAB_BYTES, (slot + 1) * SLAB_BYTES)
    chunk.set(slab, at + KEY_BYTES)
    used++
    if (used % CHUNK_RECORDS === 0) {
      writeFully(fd, chunk, CHUNK_BYTES, chunkAt(half, used / CHUNK_RECORDS - 1))
    }
  }
  const rest = used % CHUNK_RECORDS
  const last = chunkAt(half, Math.floor(used / CHUNK_RECORDS))
  if (rest > 0) writeFully(fd, chunk, rest * RECORD_BYTES, last)
  return used
}
