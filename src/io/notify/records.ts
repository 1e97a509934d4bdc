/** @module What a channel of notifications takes and tells, as plain data. */
import type { Event, LimitRow } from '../../core/wire/records.ts'

export interface Notification {
  readonly event: Event
  /** `begun`: a leak is confirmed; `over`: it was taken back, or what leaked has ended. */
  readonly what: 'begun' | 'over'
  /** Name of the process, service or pool. Untrusted text. */
  readonly name: string
  readonly hostName: string
  /** The one that is reached first; `null`: not known, or what leaked is gone. */
  readonly limit: LimitRow | null
  /** Of the subject's page on the dashboard, for who has a session there. */
  readonly url: string
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

/** The event and where it is, as JSON, bounded: a long one goes without its data. */
export function eventDocument({ event, hostName, limit, url }: Notification): string {
  const document = { schema: EVENT_SCHEMA, ...event, hostName, limit, url }
  const text = JSON.stringify(document)
  if (text.length <= MAX_DOCUMENT_CHARS) return text
  const reason = event.reason.slice(0, 1000)
  return JSON.stringify({ ...document, reason, data: {} })
}
