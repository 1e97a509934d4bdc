/**
 * @module Records on their way to the file, as slots in memory that is given once: what is queued is sealed
 * already, and one write takes as many slots as lie together here and there.
 *
 * Slots are written in the order of their numbers and stay queued until they are on the disk, so that never
 * more is under way than the queue holds. As the ring is longer, the newest whole slot is never
 * the one that is written over.
 */
import {
  AFTER_LOSS,
  MAX_PAYLOAD_BYTES,
  PAYLOAD_AT,
  SLOT_BYTES,
  type SlotHead,
  type SlotIds,
  sealSlot,
  slotPosition,
} from './slot.ts'

/** The newest whole slot of a ring, after which the writer goes on. */
export interface RingEnd {
  readonly seq: number
  readonly crc: number
  readonly event: number
}

/** Of a ring in which nothing is written. */
export const EMPTY_END: RingEnd = { seq: 0, crc: 0, event: 0 }

export interface SlotQueue {
  readonly memory: Uint8Array
  readonly view: DataView
  /** Slots of the file's ring. */
  readonly ringSlots: number
  readonly ids: SlotIds
  readonly head: SlotHead
  /** Index of the oldest slot, and how many there are. */
  first: number
  count: number
  /** Number of the oldest slot; without any, of the next. */
  firstSeq: number
  /** Records that found no room. */
  dropped: number
  isAfterLoss: boolean
}

/** @param memory owned by the queue from now on; whole slots, fewer than `ringSlots` */
export function createSlotQueue(
  memory: Uint8Array,
  ringSlots: number,
  ids: SlotIds,
  end: RingEnd,
): SlotQueue {
  return {
    memory,
    view: new DataView(memory.buffer, memory.byteOffset, memory.byteLength),
    ringSlots,
    ids,
    head: {
      type: 0,
      flags: 0,
      payloadBytes: 0,
      seq: end.seq,
      bootMs: 0,
      wallMs: 0,
      event: end.event,
      part: 0,
      parts: 0,
      previousSeq: 0,
      previousCrc: end.crc,
    },
    first: 0,
    count: 0,
    firstSeq: end.seq + 1,
    dropped: 0,
    isAfterLoss: false,
  }
}

export function capacityOf({ memory }: SlotQueue): number {
  return memory.length / SLOT_BYTES
}

/**
 * Queues a record of `length` bytes in as many slots as it takes, or, where they do not fit, nothing. Allocates
 * nothing.
 */
export function queueRecord(
  queue: SlotQueue,
  type: number,
  payload: Uint8Array,
  length: number,
  bootMs: number,
  wallMs: number,
): boolean {
  const { memory, view, head, ids } = queue
  const capacity = capacityOf(queue)
  const parts = Math.max(1, Math.ceil(length / MAX_PAYLOAD_BYTES))
  if (queue.count + parts > capacity) {
    queue.dropped++
    queue.isAfterLoss = true
    return false
  }
  head.type = type
  head.flags = queue.isAfterLoss ? AFTER_LOSS : 0
  head.bootMs = bootMs
  head.wallMs = wallMs
  head.event = (head.event + 1) % 2 ** 32
  head.parts = parts
  queue.isAfterLoss = false
  for (let part = 0; part < parts; part++) {
    const at = ((queue.first + queue.count) % capacity) * SLOT_BYTES
    const from = part * MAX_PAYLOAD_BYTES
    const size = Math.min(MAX_PAYLOAD_BYTES, length - from)
    for (let i = 0; i < size; i++) memory[at + PAYLOAD_AT + i] = payload[from + i] as number
    head.part = part
    head.previousSeq = part === 0 ? 0 : head.seq
    head.seq++
    head.payloadBytes = size
    head.previousCrc = sealSlot(memory, view, at, head, ids)
    queue.count++
  }
  return true
}

/** How many of the oldest slots lie together in memory and in the file, `most` at most. */
export function runSlots(queue: SlotQueue, most: number): number {
  const here = capacityOf(queue) - queue.first
  const there = queue.ringSlots - (queue.firstSeq % queue.ringSlots)
  return Math.min(queue.count, most, here, there)
}

/** Where the oldest slot is in memory, in bytes. */
export function runOffset({ first }: SlotQueue): number {
  return first * SLOT_BYTES
}

/** Where the oldest slot belongs in the file, in bytes. */
export function runPosition({ firstSeq, ringSlots }: SlotQueue): number {
  return slotPosition(firstSeq, ringSlots)
}

/** Forgets the oldest slots: they are on the disk. */
export function dropRun(queue: SlotQueue, slots: number): void {
  queue.first = (queue.first + slots) % capacityOf(queue)
  queue.firstSeq += slots
  queue.count -= slots
}
