/**
 * @module A series' past at nine time scales in constant space: rings of bucket minima, each four
 * times as wide as the one below. Minima, since what a process never goes below any more is what it
 * no longer gives back: a garbage collector's sawtooth and bursts vanish, a leak stays.
 *
 * All of a series lives in one slab of an arena (one ArrayBuffer for all series), so that feeding
 * allocates nothing and saving the detector is writing the buffer.
 */

/** Time scales; 64 buckets of the first cover a minute at 1 Hz, of the last some weeks. */
export const SCALES = 9
/** Each scale's buckets are this many of the next finer one. */
export const FACTOR = 4
export const BUCKETS = 64

/** Doubles of the slab before the rings; see `slab.ts` for who uses which. */
export const HEADER_DOUBLES = 112
const RING_FLOATS = SCALES * BUCKETS
/** Bytes of one series: 896 of header, 2304 of rings. */
export const SLAB_BYTES = HEADER_DOUBLES * 8 + RING_FLOATS * 4

const SLAB_DOUBLES = SLAB_BYTES / 8
const SLAB_FLOATS = SLAB_BYTES / 4

/** Storage of many series. The views share one buffer. */
export interface Arena {
  readonly capacity: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly doubles: Float64Array<ArrayBuffer>
  readonly floats: Float32Array<ArrayBuffer>
}

/** An arena for `capacity` series, 3 KiB each, all empty. */
export function createArena(capacity: number): Arena {
  const buffer = new ArrayBuffer(capacity * SLAB_BYTES)
  return {
    capacity,
    bytes: new Uint8Array(buffer),
    doubles: new Float64Array(buffer),
    floats: new Float32Array(buffer),
  }
}

/** Where a series' header begins in `arena.doubles`. */
export function headerAt(slot: number): number {
  return slot * SLAB_DOUBLES
}

/** Where the ring of `scale` begins in `arena.floats`. */
export function ringAt(slot: number, scale: number): number {
  return slot * SLAB_FLOATS + HEADER_DOUBLES * 2 + scale * BUCKETS
}

// The last part of the header holds, for each scale: the number of the open bucket, its minimum so
// far, how many buckets were ever closed into the ring, how many of the ring are filled.
const SCALE_DOUBLES = 4
const OPEN = 0
const OPEN_MIN = 1
const CLOSED = 2
const FILLED = 3
const LADDER_AT = HEADER_DOUBLES - SCALES * SCALE_DOUBLES
/** The header's doubles below this are free for others. */
export const LADDER_HEADER = LADDER_AT

/** After so many buckets without a sample a ring begins anew: its time scale was not observed. */
const MAX_GAP = BUCKETS / 4

function scaleAt(slot: number, scale: number): number {
  return headerAt(slot) + LADDER_AT + scale * SCALE_DOUBLES
}

/** Forgets a series' past. */
export function clearLadder(arena: Arena, slot: number): void {
  for (let scale = 0; scale < SCALES; scale++) {
    const at = scaleAt(slot, scale)
    arena.doubles[at + OPEN] = -1
    arena.doubles[at + OPEN_MIN] = Infinity
    arena.doubles[at + CLOSED] = 0
    arena.doubles[at + FILLED] = 0
  }
}

/** Closed buckets of a scale, at most `BUCKETS`. */
export function filledBuckets(arena: Arena, slot: number, scale: number): number {
  return arena.doubles[scaleAt(slot, scale) + FILLED] as number
}

/** Buckets of a scale that were ever closed. */
export function closedBuckets(arena: Arena, slot: number, scale: number): number {
  return arena.doubles[scaleAt(slot, scale) + CLOSED] as number
}

function appendBucket(arena: Arena, slot: number, scale: number, value: number): void {
  const at = scaleAt(slot, scale)
  const closed = arena.doubles[at + CLOSED] as number
  arena.floats[ringAt(slot, scale) + (closed % BUCKETS)] = value
  arena.doubles[at + CLOSED] = closed + 1
  const filled = arena.doubles[at + FILLED] as number
  if (filled < BUCKETS) arena.doubles[at + FILLED] = filled + 1
}

/**
 * Adds a sample to the finest scale, and what closes to the coarser ones.
 * @param elapsedBuckets time since the series' start in buckets of the finest scale, not falling
 * @returns the number of scales, from the finest up, in which a bucket was closed: those to judge
 */
export function pushSample(
  arena: Arena,
  slot: number,
  elapsedBuckets: number,
  level: number,
): number {
  let number = Math.floor(elapsedBuckets)
  let value = level
  for (let scale = 0; scale < SCALES; scale++) {
    const at = scaleAt(slot, scale)
    const open = arena.doubles[at + OPEN] as number
    if (number === open) {
      if (value < (arena.doubles[at + OPEN_MIN] as number)) arena.doubles[at + OPEN_MIN] = value
      return scale
    }
    const closing = arena.doubles[at + OPEN_MIN] as number
    arena.doubles[at + OPEN] = number
    arena.doubles[at + OPEN_MIN] = value
    if (open < 0) return scale
    appendBucket(arena, slot, scale, closing)
    const gap = number - open - 1
    if (gap > MAX_GAP) arena.doubles[at + FILLED] = 0
    else for (let i = 0; i < gap; i++) appendBucket(arena, slot, scale, NaN)
    number = Math.floor(open / FACTOR)
    value = closing
  }
  return SCALES
}

/**
 * Copies the ring of a scale, oldest first, into `out`, and behind it the lowest level since its
 * last closed bucket. Buckets without a sample are NaN.
 * @param skip so many of the oldest are left out
 * @param out at least `BUCKETS + 1` long
 * @returns how many values were written
 */
export function readRing(
  arena: Arena,
  slot: number,
  scale: number,
  out: Float64Array,
  skip = 0,
): number {
  const at = scaleAt(slot, scale)
  const closed = arena.doubles[at + CLOSED] as number
  const filled = arena.doubles[at + FILLED] as number
  const ring = ringAt(slot, scale)
  for (let i = skip; i < filled; i++) {
    out[i - skip] = arena.floats[ring + ((closed - filled + i) % BUCKETS)] as number
  }
  // What the finer scales hold open belongs to this scale's newest bucket too.
  let newest = Infinity
  for (let finer = 0; finer <= scale; finer++) {
    const open = arena.doubles[scaleAt(slot, finer) + OPEN_MIN] as number
    if (open < newest) newest = open
  }
  out[filled - skip] = newest
  return filled - skip + 1
}
