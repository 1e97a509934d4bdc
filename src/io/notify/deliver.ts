/** @module Delivers by one channel: in order, a bounded number waits, what failed is tried again. */
import { messageOf } from '../../base/errors.ts'
import type { Channel, ChannelName, Notification } from './records.ts'
import { DeliveryError } from './records.ts'

export interface ChannelCounts {
  readonly name: ChannelName
  delivered: number
  /** Deliveries given up. */
  failed: number
}

export interface Delivery {
  readonly counts: ChannelCounts
  send(notification: Notification): void
  /** Takes no more, gives what waits a last moment, then ends what runs. */
  stop(withinMs: number): Promise<void>
}

export interface DeliveryOptions {
  /** Told once when a channel fails, and once when it works again. */
  readonly onTrouble: (message: string) => void
  readonly timeoutMs?: number
  readonly firstRetryMs?: number
}

const MAX_WAITING = 100
const TIMEOUT_MS = 15_000
const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 300_000

export function createDelivery(channel: Channel, options: DeliveryOptions): Delivery {
  const { onTrouble, timeoutMs = TIMEOUT_MS, firstRetryMs = FIRST_RETRY_MS } = options
  const counts: ChannelCounts = { name: channel.name, delivered: 0, failed: 0 }
  const waiting: Notification[] = []
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  let isFailing = false
  let isClosed = false

  function fail(why: string): void {
    counts.failed++
    if (!isFailing) onTrouble(`a notification by ${channel.name} was not delivered: ${why}`)
    isFailing = true
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        stopping.signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      stopping.signal.addEventListener('abort', done)
      if (stopping.signal.aborted) done()
    })
  }

  async function deliver(notification: Notification): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)])
        await channel.deliver(notification, signal)
        counts.delivered++
        if (isFailing) onTrouble(`notifications by ${channel.name} are delivered again`)
        isFailing = false
        return
      } catch (error) {
        const mayRetry = error instanceof DeliveryError && error.mayRetry
        if (!mayRetry || tried >= channel.tries || stopping.signal.aborted) {
          fail(messageOf(error))
          return
        }
      }
      await pause(Math.min(MAX_RETRY_MS, firstRetryMs * 2 ** (tried - 1)))
    }
  }

  function startNext(): void {
    while (running.size < channel.atOnce) {
      const next = waiting.shift()
      if (next === undefined) return
      const run = deliver(next).finally(() => {
        running.delete(run)
        startNext()
      })
      running.add(run)
    }
  }

  return {
    counts,
    send(notification) {
      if (isClosed) return
      if (waiting.length >= MAX_WAITING) {
        waiting.shift()
        fail(`more than ${MAX_WAITING} wait`)
      }
      waiting.push(notification)
      startNext()
    },
    async stop(withinMs) {
      isClosed = true
      const timer = setTimeout(() => stopping.abort(), withinMs)
      while (running.size > 0) await Promise.all(running)
      clearTimeout(timer)
    },
  }
}
