/** @module Gives happenings the host's and the boot's identity, a time and a number. */
import type { Event } from '../../core/wire/records.ts'
import type { HostIdentity } from '../../linux/identity.ts'
import type { Happening } from './verdict-events.ts'

/** Makes events of happenings; numbers go up within a boot, also across restarts of the guard. */
export function createEventMaker(
  identity: HostIdentity,
): (happening: Happening, bootMs: number, wallMs: number) => Event {
  let last = 0
  const prefix = identity.bootId.slice(0, 8)
  return (happening, bootMs, wallMs) => {
    last = Math.max(last + 1, Math.floor(bootMs) * 1000)
    return {
      id: `${prefix}-${last}`,
      hostId: identity.hostId,
      bootId: identity.bootId,
      bootMs,
      wallMs,
      ...happening,
    }
  }
}
