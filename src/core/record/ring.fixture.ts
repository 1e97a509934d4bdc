/** @module A ring and its disk for tests: what is queued is written to an image, which may forget. */
import { encodeHeader } from './header.ts'
import { encodeBootId, encodeHostId } from './ids.ts'
import {
  createSlotQueue,
  dropRun,
  EMPTY_END,
  type RingEnd,
  runOffset,
  runPosition,
  runSlots,
  type SlotQueue,
} from './queue.ts'
import { HEADER_SLOTS, SLOT_BYTES } from './slot.ts'

export const BOOT_ID = '0f8fad5b-d9cb-469f-a165-70867728950e'
export const HOST_ID = '00c0ffee00c0ffee'
export const SECTOR_BYTES = 512

export interface RingWrite {
  readonly position: number
  readonly bytes: Uint8Array
}

export function emptyImage(slots: number): Uint8Array {
  const image = new Uint8Array((HEADER_SLOTS + slots) * SLOT_BYTES)
  const header = { slots, createdWallMs: 1_700_000_000_000, hostId: HOST_ID, hostName: 'tried' }
  for (const copy of [1, 2]) image.set(encodeHeader(header, copy), (copy - 1) * SLOT_BYTES)
  return image
}

export function openQueue(queued: number, ringSlots: number, end: RingEnd = EMPTY_END): SlotQueue {
  const ids = { bootId: encodeBootId(BOOT_ID), hostId: encodeHostId(HOST_ID) }
  return createSlotQueue(new Uint8Array(queued * SLOT_BYTES), ringSlots, ids, end)
}

/** The next write, as the writer of the file makes it; `undefined`: nothing is queued. */
export function takeWrite(queue: SlotQueue): RingWrite | undefined {
  const slots = runSlots(queue, 16)
  if (slots === 0) return undefined
  const at = runOffset(queue)
  const write = {
    position: runPosition(queue),
    bytes: queue.memory.slice(at, at + slots * SLOT_BYTES),
  }
  dropRun(queue, slots)
  return write
}

/** Writes all that is queued. */
export function flushTo(image: Uint8Array, queue: SlotQueue): void {
  for (let write = takeWrite(queue); write !== undefined; write = takeWrite(queue)) {
    image.set(write.bytes, write.position)
  }
}
