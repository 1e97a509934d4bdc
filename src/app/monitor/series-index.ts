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
  /** Restored, and nobody's yet: where all slots are taken, these give way to who lives. */
  readonly unclaimed: Set<SubjectId>
  /** Subjects that found no slot when they appeared or were restored. */
  dropped: number
}

export function createSeriesIndex(capacity: number): SeriesIndex {
  return {
    arena: createArena(capacity),
    keys: [],
    slots: new Map(),
    free: [],
    unclaimed: new Set(),
    dropped: 0,
  }
}

/** A slot that nobody has; `undefined` where all are taken. */
function findFree({ free, keys, arena }: SeriesIndex): number | undefined {
  return free.pop() ?? (keys.length < arena.capacity ? keys.length : undefined)
}

function putInto(index: SeriesIndex, slot: number, id: SubjectId): void {
  index.keys[slot] = id
  index.slots.set(id, slot)
  openSeries(index.arena, slot)
}

/** The slot of a subject, a new empty one where it has none yet; -1 where all are taken. */
export function takeSlot(index: SeriesIndex, id: SubjectId): number {
  const known = index.slots.get(id)
  if (known !== undefined) {
    index.unclaimed.delete(id)
    return known
  }
  let slot = findFree(index)
  if (slot === undefined) {
    const [stale] = index.unclaimed
    if (stale === undefined) return -1
    releaseSlot(index, stale)
    slot = findFree(index) ?? -1
  }
  putInto(index, slot, id)
  return slot
}

export function releaseSlot(index: SeriesIndex, id: SubjectId): void {
  const slot = index.slots.get(id)
  if (slot === undefined) return
  index.slots.delete(id)
  index.unclaimed.delete(id)
  index.keys[slot] = undefined
  index.free.push(slot)
}

/** Puts a saved slab where its subject, if it still lives, will find it; whether there was room. */
export function restoreSlab(index: SeriesIndex, id: SubjectId, slab: Uint8Array): boolean {
  const slot = index.slots.get(id) ?? findFree(index)
  if (slot === undefined) {
    index.dropped++
    return false
  }
  putInto(index, slot, id)
  index.arena.bytes.set(slab, slot * slab.length)
  index.unclaimed.add(id)
  return true
}
