/**
 * @module The streams of server-sent events. Each reader has a bounded queue: one that falls behind
 * is told to fetch the snapshot anew, and never holds up the others.
 */
import type { StreamEvent } from '../../core/wire/api.ts'

const MAX_READERS = 32
/** Text that waits for one reader at most. */
const MAX_QUEUED_CHARS = 4 << 20

export interface Reader {
  /** Resolves with what waits, one text; `undefined` once the reader is closed. */
  next(): Promise<string | undefined>
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
  chunks: string[]
  chars: number
  isBehind: boolean
  isClosed: boolean
  wake: (() => void) | undefined
}

function formatEvent(event: StreamEvent): string {
  // JSON has no line break of its own, so one data line holds it.
  return `event: ${event.type}\ndata: ${JSON.stringify(event.body)}\n\n`
}

const RESYNC = formatEvent({ type: 'resync', body: { reason: 'this reader fell behind' } })

function push(queue: Queue, text: string): void {
  if (queue.isBehind) return
  if (queue.chars + text.length > MAX_QUEUED_CHARS) {
    queue.chunks = [RESYNC]
    queue.chars = RESYNC.length
    queue.isBehind = true
  } else {
    queue.chunks.push(text)
    queue.chars += text.length
  }
  queue.wake?.()
}

async function take(queue: Queue): Promise<string | undefined> {
  while (queue.chunks.length === 0 && !queue.isClosed) {
    await new Promise<void>((resolve) => {
      queue.wake = resolve
    })
  }
  if (queue.isClosed) return undefined
  const text = queue.chunks.join('')
  queue.chunks = []
  queue.chars = 0
  queue.isBehind = false
  return text
}

export function createHub(): Hub {
  const queues = new Set<Queue>()
  const pushAll = (text: string): void => {
    for (const queue of queues) push(queue, text)
  }
  const close = (queue: Queue): void => {
    queue.isClosed = true
    queues.delete(queue)
    queue.wake?.()
  }
  return {
    publish(event) {
      if (queues.size > 0) pushAll(formatEvent(event))
    },
    beat: () => pushAll(': beat\n\n'),
    join() {
      if (queues.size >= MAX_READERS) return undefined
      const queue: Queue = {
        chunks: [],
        chars: 0,
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
