/**
 * @module Is an OOM near? Room (what is available, and free swap) below a line, or a fall that would end
 * it within moments. Polls as seldom as memory can go, and makes no garbage. Pure.
 */
import { GIB, SECOND_MS } from '../../base/units.ts'

/** Near is less than this share of memory ... */
const LINE_SHARE = 0.15
/** ... but no more than this: what a big host has left there is no danger. */
const MOST_LINE_BYTES = 8 * GIB
/** Clear is so many times the line, so that nothing comes and goes at it. */
const CLEAR_LINES = 5 / 3
const CLEAR_FOR_MS = 500
/** A fall that ends the room so soon is an OOM to come ... */
const GONE_WITHIN_MS = 2 * SECOND_MS
/** ... and one that would take longer than this has stopped: some megabytes come and go at any time. */
const STOPPED_BEYOND_MS = 10 * SECOND_MS
/** A fall is measured over this at least: one allocation is none. Once it is near it may take longer. */
const FALL_OVER_MS = 100
const NEAR_FALL_OVER_MS = 500

/** As fast as memory goes, for how often to look: some processors that fill pages, in bytes a ms. */
const FASTEST_BYTES_PER_MS = (4 * GIB) / SECOND_MS
const SHORTEST_POLL_MS = 20
const LONGEST_POLL_MS = SECOND_MS
/** Once it is near, all that is waited for is that it is over. */
const NEAR_POLL_MS = 100

/** What is kept between two looks; owned by who looks. */
export interface Nearness {
  isNear: boolean
  /** When to look again. */
  nextPollMs: number
  /** 0: it rises, or stands. */
  fallBytesPerMs: number
  /** Where the fall is measured from; NaN before the first look. */
  fromMs: number
  fromBytes: number
  /** Since when it has been clear; NaN: it is not. */
  clearSinceMs: number
}

/** @param isNear of a guard that goes on where another was ended: it was near then */
export function createNearness(isNear = false): Nearness {
  return {
    isNear,
    nextPollMs: SHORTEST_POLL_MS,
    fallBytesPerMs: 0,
    fromMs: Number.NaN,
    fromBytes: Number.NaN,
    clearSinceMs: Number.NaN,
  }
}

export type Change = 'enter' | 'leave' | null

function measureFall(near: Nearness, atMs: number, roomBytes: number): void {
  const overMs = atMs - near.fromMs
  if (overMs < (near.isNear ? NEAR_FALL_OVER_MS : FALL_OVER_MS)) {
    if (roomBytes < near.fromBytes) return
    near.fallBytesPerMs = 0
    near.fromMs = atMs
    near.fromBytes = roomBytes
    return
  }
  // NaN before the first look.
  near.fallBytesPerMs = overMs > 0 ? Math.max(0, (near.fromBytes - roomBytes) / overMs) : 0
  near.fromMs = atMs
  near.fromBytes = roomBytes
}

/** Below this an OOM is near, whatever the fall. */
export function lineBytes(totalBytes: number): number {
  return Math.min(totalBytes * LINE_SHARE, MOST_LINE_BYTES)
}

/**
 * One look; says whether the answer changed. Figures that could not be read (NaN) change nothing.
 * @param atMs of a clock that nobody sets
 * @param roomBytes available and swap free
 * @param totalBytes memory that programs can have: without what huge pages took
 */
export function followRoom(
  near: Nearness,
  atMs: number,
  roomBytes: number,
  totalBytes: number,
): Change {
  if (!(roomBytes >= 0 && totalBytes > 0)) return null
  measureFall(near, atMs, roomBytes)
  const line = lineBytes(totalBytes)
  const lastsMs = near.fallBytesPerMs > 0 ? roomBytes / near.fallBytesPerMs : Infinity
  if (!near.isNear) {
    const aboveMs = (roomBytes - line) / FASTEST_BYTES_PER_MS
    near.nextPollMs = Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, aboveMs))
    if (roomBytes >= line && lastsMs >= GONE_WITHIN_MS) return null
    near.isNear = true
    near.nextPollMs = NEAR_POLL_MS
    near.clearSinceMs = Number.NaN
    return 'enter'
  }
  near.nextPollMs = NEAR_POLL_MS
  if (roomBytes <= line * CLEAR_LINES || lastsMs <= STOPPED_BEYOND_MS) {
    near.clearSinceMs = Number.NaN
    return null
  }
  if (Number.isNaN(near.clearSinceMs)) near.clearSinceMs = atMs
  if (atMs - near.clearSinceMs < CLEAR_FOR_MS) return null
  near.isNear = false
  return 'leave'
}
