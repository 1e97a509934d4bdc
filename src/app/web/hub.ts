/**
 * @module The streams of server-sent events. Each reader has a bounded queue: one that falls behind
 * is told to fetch the snapshot anew, and never holds up the others. A chunk is encoded once and
 * shared, so that many slow readers hold the memory of one.
 */
import type { StreamEvent } from '../../core/wire/api.ts'

const MAX_READERS = 32
/** What waits for one reader at most. */
const MAX_QUEUED_BYTES = 4 << 20

export interface Reader {
  /** Resolves with the next chunk; `undefined` once the reader is closed. */
  next(): Promise<Uint8Array | undefined>
  close(): void
}

export interface Hub {
  publish(event: StreamEvent): void
  /** A comment line, so that proxies and readers see that the stream lives. */
  beat(): void
  /** `undefined`: all places are taken. */
  join(): Reader | undefined
  readonly readers: number
  closeAll(): void
}

interface Queue {
  chunks: Uint8Array[]
  bytes: number
  isBehind: boolean
  isClosed: boolean
  wake: (() => void) | undefined
}

const encoder = new TextEncoder()

function encodeEvent(event: StreamEvent): Uint8Array {
  // JSON has no line break of its own, so one data line holds it.
  return encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event.body)}\n\n`)
}

const RESYNC = encodeEvent({ type: 'resync', body: { reason: 'this reader fell behind' } })
const BEAT = encoder.encode(': beat\n\n')

function push(queue: Queue, chunk: Uint8Array): void {
  if (queue.isBehind) return
  if (queue.bytes + chunk.length > MAX_QUEUED_BYTES) {
    queue.chunks = [RESYNC]
    queue.bytes = RESYNC.length
    queue.isBehind = true
  } else {
    queue.chunks.push(chunk)
    queue.bytes += chunk.length
  }
  queue.wake?.()
}

async function take(queue: Queue): Promise<Uint8Array | undefined> {
  while (queue.chunks.length === 0 && !queue.isClosed) {
    await new Promise<void>((resolve) => {
      queue.wake = resolve
    })
  }
  const chunk = queue.isClosed ? undefined : queue.chunks.shift()
  queue.bytes -= chunk?.length ?? 0
  if (queue.chunks.length === 0) queue.isBehind = false
  return chunk
}

export function createHub(): Hub {
  const queues = new Set<Queue>()
  const pushAll = (chunk: Uint8Array): void => {
    for (const queue of queues) push(queue, chunk)
  }
  const close = (queue: Queue): void => {
    queue.isClosed = true
    queue.chunks = []
    queues.delete(queue)
    queue.wake?.()
  }
  return {
    publish(event) {
      if (queues.size > 0) pushAll(encodeEvent(event))
    },
    beat: () => pushAll(BEAT),
    join() {
      if (queues.size >= MAX_READERS) return undefined
      const queue: Queue = {
        chunks: [BEAT],
        bytes: BEAT.length,
        isBehind: false,
        isClosed: false,
        wake: undefined,
      }
      queues.add(queue)
      return { next: () => take(queue), close: () => close(queue) }
    },
    get readers() {
      return queues.size
    },
    closeAll() {
      for (const queue of [...queues]) close(queue)
    },
  }
}
