/** @module A queue of bytes in memory that is given once and never grows. */

export interface ByteRing {
  readonly memory: Uint8Array
  /** Where the oldest byte is. */
  head: number
  queuedBytes: number
}

/** @param memory owned by the ring from now on; its length is what the ring holds */
export function createByteRing(memory: Uint8Array): ByteRing {
  return { memory, head: 0, queuedBytes: 0 }
}

/** Queues all of `bytes` or, where they do not fit, nothing. */
export function pushBytes(ring: ByteRing, bytes: Uint8Array): boolean {
  const capacity = ring.memory.length
  if (ring.queuedBytes + bytes.length > capacity) return false
  const tail = (ring.head + ring.queuedBytes) % capacity
  const first = Math.min(bytes.length, capacity - tail)
  ring.memory.set(bytes.subarray(0, first), tail)
  ring.memory.set(bytes.subarray(first), 0)
  ring.queuedBytes += bytes.length
  return true
}

/** The oldest bytes that lie together: a view, good until they are dropped. Empty: none queued. */
export function peekBytes(ring: ByteRing): Uint8Array {
  const end = Math.min(ring.memory.length, ring.head + ring.queuedBytes)
  return ring.memory.subarray(ring.head, end)
}

/** Drops the `count` oldest bytes, at most those that are queued. */
export function dropBytes(ring: ByteRing, count: number): void {
  const dropped = Math.min(count, ring.queuedBytes)
  ring.head = (ring.head + dropped) % ring.memory.length
  ring.queuedBytes -= dropped
}
