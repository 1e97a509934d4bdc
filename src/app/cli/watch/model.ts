/** @module What `watch` knows: the last snapshot, recent levels, recent events. Updated in place. */
import type { Event } from '../../../core/wire/records.ts'
import type { WatchSnapshot } from './source.ts'
import type { Trails } from './trails.ts'
import { extendTrails } from './trails.ts'

const MAX_EVENTS = 200

export interface Model {
  snapshot: WatchSnapshot | null
  readonly trails: Trails
  /** Newest first. */
  events: Event[]
}

export function createModel(): Model {
  return { snapshot: null, trails: new Map(), events: [] }
}

export function takeSnapshot(model: Model, snapshot: WatchSnapshot): void {
  const isTick = snapshot.ticks !== (model.snapshot?.ticks ?? 0)
  model.snapshot = snapshot
  if (isTick) extendTrails(model.trails, snapshot.rows)
}

export function takeEvent(model: Model, event: Event): void {
  model.events = [event, ...model.events].slice(0, MAX_EVENTS)
}
