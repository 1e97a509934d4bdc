/** @module Whether memory is short, for the recorder: from the first step on, more is written down. */
import { createNearness, followRoom } from '../../core/console/near.ts'
import type { HostRow } from '../../core/procfs/records.ts'

/** Share of the time in which nobody could go on for want of memory: short from the first on, until below the second. */
const SHORT_PCT = 10
const EASED_PCT = 2

export interface Strain {
  isShort: boolean
  /** One look; says whether the answer changed. */
  follow(host: HostRow): 'begins' | 'ends' | null
}

export function createStrain(): Strain {
  const near = createNearness()
  const strain: Strain = {
    isShort: false,
    follow({ bootMs, memAvailableBytes, swapFreeBytes, memTotalBytes, hugepagesBytes, psi }) {
      const room = memAvailableBytes + swapFreeBytes
      followRoom(near, bootMs, room, memTotalBytes - hugepagesBytes)
      const waiting = psi?.fullAvg10Pct ?? 0
      const isShort = near.isNear || waiting >= (strain.isShort ? EASED_PCT : SHORT_PCT)
      if (isShort === strain.isShort) return null
      strain.isShort = isShort
      return isShort ? 'begins' : 'ends'
    },
  }
  return strain
}
