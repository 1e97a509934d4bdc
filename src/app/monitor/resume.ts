/** @module Takes up series that an earlier guard saved. */
import { restartSeries } from '../../core/leak/detector.ts'
import type { SubjectId } from '../../core/wire/records.ts'
import type { SeriesIndex } from './series-index.ts'
import { releaseSlot, restoreSlab } from './series-index.ts'

/** A saved series; `slab` as it stood in the arena. */
export interface SavedSlab {
  readonly key: SubjectId
  readonly slab: Uint8Array
}

/** When a state was saved, by the clock that all series have. */
interface Moment {
  readonly bootId: string
  readonly bootSec: number
}

/**
 * Whether the clock of a saved state goes on now. A container that is started anew has the host's boot
 * id and a clock of its own, and a virtual machine may be set back to an earlier moment.
 */
export function isSameClock(saved: Moment, now: Moment): boolean {
  return saved.bootId !== '' && saved.bootId === now.bootId && saved.bootSec <= now.bootSec
}

const OUTLIVES_BOOT = /^(?:service|cgroup|tmpfs):/

/**
 * Restores series into an empty index. By the clock that they were saved by they go on, with a gap.
 * After a reboot no process is the same, and the clock began anew: what outlives a boot (services,
 * cgroups, mounts) goes on as after a restart, the rest is left.
 * @returns how many series were restored
 */
export function restoreSeries(
  index: SeriesIndex,
  saved: Iterable<SavedSlab>,
  hasSameClock: boolean,
): number {
  let restored = 0
  for (const { key, slab } of saved) {
    const outlives = hasSameClock || OUTLIVES_BOOT.test(key)
    if (!outlives || !restoreSlab(index, key, slab)) continue
    restored++
    const slot = index.slots.get(key)
    if (!hasSameClock && slot !== undefined) restartSeries(index.arena, slot)
  }
  return restored
}

/** Frees the restored series that no subject claimed: what they were of has ended since. */
export function dropUnclaimed(index: SeriesIndex): void {
  for (const id of index.unclaimed) releaseSlot(index, id)
}
