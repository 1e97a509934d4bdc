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

const OUTLIVES_BOOT = /^(?:service|cgroup|tmpfs):/

/**
 * Restores series into an empty index. In the boot that they were saved in they go on, with a gap.
 * After a reboot no process is the same, and the clock began anew: what outlives a boot (services,
 * cgroups, mounts) goes on as after a restart, the rest is left.
 * @returns how many series were restored
 */
export function restoreSeries(
  index: SeriesIndex,
  saved: Iterable<SavedSlab>,
  isSameBoot: boolean,
): number {
  let restored = 0
  for (const { key, slab } of saved) {
    const outlives = isSameBoot || OUTLIVES_BOOT.test(key)
    if (!outlives || !restoreSlab(index, key, slab)) continue
    restored++
    const slot = index.slots.get(key)
    if (!isSameBoot && slot !== undefined) restartSeries(index.arena, slot)
  }
  return restored
}

/** Frees the restored series that no subject claimed: what they were of has ended since. */
export function dropUnclaimed(index: SeriesIndex): void {
  for (const id of index.unclaimed) releaseSlot(index, id)
}
