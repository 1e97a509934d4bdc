/** @module Events that begin in the web process: given the host's and the boot's identity and a number. */
import type { Event } from '../../core/wire/records.ts'
import type { HostIdentity } from '../../linux/identity.ts'

/**
 * The guard numbers its events from 1000 times the boot time in ms; the web process from the middle of
 * the same thousand, so that no two have one id.
 */
const OFFSET = 500

export type EventMaker = (
  what: Pick<Event, 'kind' | 'subject' | 'reason' | 'data'>,
  bootMs: number,
  wallMs: number,
) => Event

export function createEventMaker(identity: HostIdentity): EventMaker {
  const { hostId, bootId } = identity
  let last = 0
  return (what, bootMs, wallMs) => {
    last = Math.max(last + 1, Math.floor(bootMs) * 1000 + OFFSET)
    return { id: `${bootId.slice(0, 8)}-${last}`, hostId, bootId, bootMs, wallMs, ...what }
  }
}
