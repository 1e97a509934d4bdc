/** @module What a channel of notifications takes and tells, as plain data. */
import type { Event } from '../../core/wire/records.ts'

export interface Notification {
  readonly event: Event
  /** `begun`: a leak is confirmed; `over`: it was taken back, or what leaked has ended. */
  readonly what: 'begun' | 'over'
  /** Name of the process, service or pool. Untrusted text. */
  readonly name: string
}

export const CHANNEL_NAMES = ['journal', 'webhook', 'command'] as const
export type ChannelName = (typeof CHANNEL_NAMES)[number]

export interface Channel {
  readonly name: ChannelName
  /** Delivers one. Rejects with DeliveryError. */
  readonly deliver: (notification: Notification, signal: AbortSignal) => Promise<void>
  /** Times that a delivery is tried in all. */
  readonly tries: number
  /** Deliveries at once. */
  readonly atOnce: number
}

/** Why a delivery failed, and whether the same again may do better. */
export class DeliveryError extends Error {
  readonly mayRetry: boolean

  constructor(message: string, mayRetry: boolean) {
    super(message)
    this.mayRetry = mayRetry
  }
}

/** What goes to a webhook and stands in a command's environment. */
export const EVENT_SCHEMA = 'plimsoll.event/1'
const MAX_DOCUMENT_CHARS = 16_384

/** The event as JSON, bounded: a long one goes without its data. */
export function eventDocument({ event }: Notification): string {
  const text = JSON.stringify({ schema: EVENT_SCHEMA, ...event })
  if (text.length <= MAX_DOCUMENT_CHARS) return text
  const reason = event.reason.slice(0, 1000)
  return JSON.stringify({ schema: EVENT_SCHEMA, ...event, reason, data: {} })
}
