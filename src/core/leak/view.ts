/**
 * @module One time scale's view of a series: its window measured, and what besides bears on it.
 */
import type { Circumstance } from './judge.ts'
import { MIN_SWINGS, materialGrowth, START_UP_SEC } from './judge.ts'
import type { Arena } from './ladder.ts'
import { BUCKETS, FACTOR, filledBuckets, headerAt, readRing } from './ladder.ts'
import type { Shape } from './shape.ts'
import { measureShape } from './shape.ts'
import { FIELD } from './slab.ts'

/** Growth that begins in this part of a view may have begun before it. */
export const EDGE = 0.1
/** A start-up is past when the life is so many times as long. */
const START_UP_PAST = 4

const window = new Float64Array(BUCKETS + 1)
/** What bears on the window that was last measured; one is reused for all. */
export const circumstance: Circumstance & { skippedSec: number } = {
  skippedSec: 0,
  bucketSec: 1,
  sampleSec: 1,
  limitLevel: 0,
  highestLimit: 0,
  startLevel: 0,
  beforeSec: 0,
  credit: 0,
  lastLifeSec: 0,
  swing: 0,
  knownLevel: 0,
  isCollected: false,
}

function bucketSecOf(arena: Arena, slot: number, scale: number): number {
  return (arena.doubles[headerAt(slot) + FIELD.bucketSec] as number) * FACTOR ** scale
}

/** Buckets in which a runtime took its heap: once they are past, they say nothing of how it grows. */
function startUpBuckets(filled: number, bucketSec: number, ageSec: number): number {
  const startUp = Math.floor(START_UP_SEC / bucketSec)
  const seesStart = (filled + 1) * bucketSec >= ageSec
  return seesStart && filled >= START_UP_PAST * startUp ? startUp : 0
}

/**
 * Measures one scale's window and sets the circumstance that goes with it.
 * @returns buckets that were looked at
 */
export function measureScale(arena: Arena, slot: number, scale: number, into: Shape): number {
  const d = arena.doubles
  const at = headerAt(slot)
  const limitLevel = d[at + FIELD.limitLevel] as number
  const bucketSec = bucketSecOf(arena, slot, scale)
  const ageSec = (d[at + FIELD.lastSec] as number) - (d[at + FIELD.startSec] as number)
  const skip = startUpBuckets(filledBuckets(arena, slot, scale), bucketSec, ageSec)
  circumstance.skippedSec = skip * bucketSec
  const count = readRing(arena, slot, scale, window, skip)
  circumstance.bucketSec = bucketSec
  circumstance.sampleSec = d[at + FIELD.bucketSec] as number
  circumstance.limitLevel = limitLevel
  circumstance.highestLimit = d[at + FIELD.highestLimit] as number
  circumstance.startLevel = d[at + FIELD.startLevel] as number
  circumstance.beforeSec = Math.max(0, ageSec - count * bucketSec)
  circumstance.credit = d[at + FIELD.credit] as number
  circumstance.lastLifeSec = d[at + FIELD.lastLifeSec] as number
  circumstance.knownLevel = d[at + FIELD.knownLevel] as number
  circumstance.isCollected = d[at + FIELD.isCollected] === 1
  measureShape(
    window,
    count,
    materialGrowth(limitLevel - (d[at + FIELD.lastLevel] as number)),
    into,
  )
  const swings = at + FIELD.scaleSwing
  d[swings + scale] = into.swings >= MIN_SWINGS ? into.drawdown : 0
  circumstance.swing = 0
  for (let finer = 0; finer <= scale; finer++) {
    circumstance.swing = Math.max(circumstance.swing, d[swings + finer] as number)
  }
  return count
}

/** Seconds since growth began, as the window last measured shows it. */
export function reachOf(seen: Shape, count: number): number {
  const sec = seen.run * circumstance.bucketSec
  return seen.onset <= EDGE * count ? sec + circumstance.skippedSec : sec
}

/** Whether the next finer scale sees as far back, and so better. */
export function isRedundant(arena: Arena, slot: number, scale: number): boolean {
  if (scale === 0) return false
  const finer = filledBuckets(arena, slot, scale - 1)
  return finer < BUCKETS && finer >= FACTOR * (filledBuckets(arena, slot, scale) - 1)
}
