/** @module Which subject has which slot of the detector's arena. Bounded: what does not fit is counted. */

import { openSeries } from '../../core/leak/detector.ts'
import type { Arena } from '../../core/leak/ladder.ts'
import { createArena } from '../../core/leak/ladder.ts'
import type { SubjectId } from '../../core/wire/records.ts'

export interface SeriesIndex {
  readonly arena: Arena
  /** By slot; undefined: free. */
  readonly keys: (SubjectId | undefined)[]
  readonly slots: Map<SubjectId, number>
  readonly free: number[]
  /** Subjects that found no slot. */
  dropped: number
}

export function createSeriesIndex(capacity: number): SeriesIndex {
  return { arena: createArena(capacity), keys: [], slots: new Map(), free: [], dropped: 0 }
}

/** The slot of a subject, a new empty one where it has none yet; -1 where all are taken. */
export function takeSlot(index: SeriesIndex, id: SubjectId): number {
  const known = index.slots.get(id)
  if (known !== undefined) return known
  const slot = index.free.pop() ?? index.keys.length
  if (slot >= index.arena.capacity) {
    index.dropped++
    return -1
  }
  index.keys[slot] = id
  index.slots.set(id, slot)
  openSeries(index.arena, slot)
  return slot
}

export function releaseSlot(index: SeriesIndex, id: SubjectId): void {
  const slot = index.slots.get(id)
  if (slot === undefined) return
  index.slots.delete(id)
  index.keys[slot] = undefined
  index.free.push(slot)
}

/** Puts a saved slab in the place of a subject's series; whether there was room. */
export function restoreSlab(index: SeriesIndex, id: SubjectId, slab: Uint8Array): boolean {
  const slot = takeSlot(index, id)
  if (slot < 0) return false
  index.arena.bytes.set(slab, slot * slab.length)
  return true
}
