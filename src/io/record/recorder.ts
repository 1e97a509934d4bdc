/**
 * @module The flight recorder's writer: what is put into it is sealed in memory that is there already and goes to
 * the disk beside the caller, who never waits. A disk that does not take it is tried again; meanwhile what
 * finds no room is dropped and counted.
 */
import { closeSync, write } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { SECOND_MS } from '../../base/units.ts'
import { encodeBootId, encodeHostId } from '../../core/record/ids.ts'
import {
  createSlotQueue,
  dropRun,
  queueRecord,
  runOffset,
  runPosition,
  runSlots,
} from '../../core/record/queue.ts'
import { RECORD_TYPES, type RecordType } from '../../core/record/records.ts'
import { SLOT_BYTES } from '../../core/record/slot.ts'
import { claimSocket } from '../guard/serve-claim.ts'
import { allocateAligned } from './aligned-memory.ts'
import { ringSlotsOf } from './create-ring.ts'
import { openRing } from './open-ring.ts'

export interface RecorderOptions {
  readonly path: string
  /** Size of the file; it never changes. */
  readonly bytes: number
  readonly bootId: string
  readonly hostId: string
  readonly hostName: string
  readonly wallMs: number
  /** Why nothing is written now, as a clause; told once until it works again. */
  readonly onFault: (why: string) => void
}

export interface Recorder {
  /** Writes go past the page cache. */
  readonly isDirect: boolean
  /** Where an earlier file of another size or host was put; `null`: there was none. */
  readonly setAside: string | null
  /**
   * Records the first `length` bytes of `payload`, which may change when this returns.
   * @returns false where it found no room
   */
  put(
    type: RecordType,
    payload: Uint8Array,
    length: number,
    bootMs: number,
    wallMs: number,
  ): boolean
  /** Slots that are queued and not on the disk yet. */
  queued(): number
  /** Records that found no room. */
  dropped(): number
  /** Resolves once all that is queued is on the disk: true, or false where that fails now. */
  flush(): Promise<boolean>
  /** Flushes, if the disk lets it, and lets another write here. */
  close(): Promise<void>
}

const QUEUE_SLOTS = 64
/** So many go in one write. */
const RUN_SLOTS = 16
const TRY_AGAIN_MS = SECOND_MS

/** A socket dies with its process, so that no lock is left behind. */
async function lock(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy())
  server.unref()
  try {
    await claimSocket(server, `${path}.lock`, 0o600, null)
    return server
  } catch (error) {
    throw new PlimsollError('PLM_RECORD', `nothing is recorded in ${path}: ${messageOf(error)}`, {
      hint: 'One process at a time writes a recorder; end that one, or set [recorder] file.',
    })
  }
}

/**
 * Opens the recorder, and makes its file where it is missing.
 * @throws PLM_RECORD: another process writes there, the file is not ours, or it cannot be made
 */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const { path, bytes, bootId, hostId, hostName, wallMs, onFault } = options
  const aligned = allocateAligned(QUEUE_SLOTS * SLOT_BYTES)
  const memory = aligned ?? new Uint8Array(QUEUE_SLOTS * SLOT_BYTES)
  const locked = await lock(path)
  const release = (): Promise<void> => new Promise((resolve) => locked.close(() => resolve()))
  const header = { slots: ringSlotsOf(bytes), createdWallMs: wallMs, hostId, hostName }
  let ring: ReturnType<typeof openRing>
  try {
    ring = openRing(path, header, memory, aligned !== undefined)
  } catch (error) {
    await release()
    if (error instanceof PlimsollError) throw error
    throw new PlimsollError('PLM_RECORD', `nothing is recorded in ${path}: ${messageOf(error)}`)
  }

  const ids = { bootId: encodeBootId(bootId), hostId: encodeHostId(hostId) }
  const queue = createSlotQueue(memory, ring.slots, ids, ring.end)
  let isWriting = false
  let isFailing = false
  let again: NodeJS.Timeout | undefined
  let isClosed = false
  const waiting: ((isOnDisk: boolean) => void)[] = []

  function settle(isOnDisk: boolean): void {
    for (const resolve of waiting.splice(0)) resolve(isOnDisk)
  }

  function onWritten(slots: number, error: Error | null, written: number): void {
    isWriting = false
    if (error === null && written === slots * SLOT_BYTES) {
      isFailing = false
      dropRun(queue, slots)
      pump()
      return
    }
    if (!isFailing) onFault(error?.message ?? `${written} of ${slots * SLOT_BYTES} bytes`)
    isFailing = true
    settle(false)
    again = setTimeout(() => {
      again = undefined
      pump()
    }, TRY_AGAIN_MS).unref()
  }

  function pump(): void {
    if (isWriting || again !== undefined) return
    const slots = runSlots(queue, RUN_SLOTS)
    if (slots === 0) {
      settle(true)
      return
    }
    isWriting = true
    write(
      ring.fd,
      memory,
      runOffset(queue),
      slots * SLOT_BYTES,
      runPosition(queue),
      (error, written) => onWritten(slots, error, written),
    )
  }

  function flush(): Promise<boolean> {
    return new Promise((resolve) => {
      waiting.push(resolve)
      if (isFailing && !isWriting) settle(false)
      else pump()
    })
  }

  return {
    isDirect: ring.isDirect,
    setAside: ring.setAside,
    put(type, payload, length, bootMs, wallMs) {
      if (isClosed) return false
      const isQueued = queueRecord(queue, RECORD_TYPES[type], payload, length, bootMs, wallMs)
      pump()
      return isQueued
    },
    queued: () => queue.count,
    dropped: () => queue.dropped,
    flush,
    async close() {
      isClosed = true
      // Until no write is under way: its descriptor's number may be another file's next.
      await flush()
      clearTimeout(again)
      closeSync(ring.fd)
      await release()
    },
  }
}
