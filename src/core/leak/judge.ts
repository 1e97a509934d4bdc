/**
 * @module From the shape of growth to a candidate verdict for one window. Pure policy: all numbers
 * that were chosen stand here, each with its reason.
 */
import { DAY_SEC, HOUR_SEC, MIB } from '../../base/units.ts'
import type { LeakReason, LeakState } from './records.ts'
import type { Shape } from './shape.ts'

/** What besides the window's shape bears on the verdict. */
export interface Circumstance {
  /** Seconds a bucket. */
  bucketSec: number
  /** Seconds between samples. */
  sampleSec: number
  /** Level at which memory is exhausted, bytes. */
  limitLevel: number
  /** The highest that this was: before neighbours took from what was free. */
  highestLimit: number
  /** Level of the first sample. */
  startLevel: number
  /** Seconds from the series' start to the window's first bucket. */
  beforeSec: number
  /** Share of the headroom that earlier incarnations, which leaked until they ended, had used. */
  credit: number
  /** How long the last incarnation lived, seconds. */
  lastLifeSec: number
  /** How deep the level swings at this scale or a finer one, bytes. */
  swing: number
  /** Level up to which an earlier incarnation grew and then held. */
  knownLevel: number
  /** Whether a garbage collector lets the heap grow towards the limit. */
  isCollected: boolean
}

export interface Candidate {
  state: LeakState
  reason: LeakReason
  /** Share of the headroom consumed, and the share that would confirm. */
  used: number
  required: number
  /** Seconds from full headroom to none at this slope. */
  fillSec: number
}

export function createCandidate(): Candidate {
  return { state: 'unknown', reason: 'too-early', used: 0, required: 1, fillSec: Infinity }
}

/**
 * Share of the headroom that growth must have used before it is confirmed. A fill of a cache and a
 * leak look the same until the cache is full, so this is the bet that no cache is larger. Of those
 * that fill within the hour many are; of those that take a day few; what goes on for days fills none.
 */
const SHORT_RUN_SEC = HOUR_SEC / 2
const SHORT_REQUIRED = 0.42
const DAY_REQUIRED = 0.3
const LONG_RUN_SEC = 3 * DAY_SEC
const LONGEST_RUN_SEC = 12 * DAY_SEC
const LONGEST_REQUIRED = 0.09
/** Less is asked of what caches do not do: begin late in a flat life, or hide below swings. */
const UNLIKE_A_CACHE = 0.65
const LATE_START_RATIO = 4
const MANY_SWINGS = 5
/** Where memory is gone within the first of these, waiting leaves nobody time to act; from the second
 * on the ordinary share is asked for. */
const FAST_FILL_SEC = 60
const CALM_FILL_SEC = 180
const FAST_REQUIRED = 0.28
/** Runtimes take their heap in the first seconds (a JVM that only churns 330 MiB in 7 s): before this
 * age only growth to most of the headroom is called a leak. */
export const START_UP_SEC = 15
const START_UP_REQUIRED = 0.5
/** A collector has no reason to collect before (HotSpot's G1 begins at 45 % of the heap,
 * InitiatingHeapOccupancyPercent); what the runtime holds outside the heap comes on top. Where lows
 * have shown what it leaves behind, the ordinary share is asked for. */
const COLLECTED_REQUIRED = 0.6
/** What a warm-up used before counts too, once the growth itself brings this part of the share. */
const OWN_SHARE = 0.6
/** So many times the share must be used of what was free before neighbours took from it. */
const NEIGHBOURS = 0.5
/** A warm-up looks like the one before, too: only from this share of the last incarnation's life on
 * does what that had used count, and the share asked does not fall below the second. */
const LATE_IN_LIFE = 0.5
const LEAST_REQUIRED_AFTER_RESTART = 0.08

/** Even steps that growth must amount to; each low of a swing proves more than a step of a ramp. */
const MIN_INCREMENTS = 6
const MIN_INCREMENTS_SWINGING = 4
export const MIN_SWINGS = 3
/** Samples that a run which leaves minutes to act must have lasted: a first tooth is over by then. */
const MIN_SAMPLES = 36
/** What is suspected is at least so even, and has used this part of the share. */
const SUSPECT_INCREMENTS = 2.5
const SUSPECT_SHARE = 0.6

/** Share of the rise in the last third of its time: of a straight ramp 1/3, of growth that stopped 0. */
const MIN_LATE_SHARE = 0.1
export const STALLED_LATE_SHARE = 0.05
/** A stretch that brings this share of the one before counts as straight: noise makes so much. */
const STRAIGHT = 0.9
/** Below so many increments the halves of a run, and its last thirds, say nothing of straightness. */
const MIN_INCREMENTS_FOR_BOUND = 3
const MIN_LATE_INCREMENTS = 8

/** Below this nothing is called growth. */
const MATERIAL_BYTES = MIB
const MATERIAL_SHARE = 0.002

/** Growth worth measuring, bytes. */
export function materialGrowth(headroomBytes: number): number {
  return Math.max(MATERIAL_BYTES, MATERIAL_SHARE * headroomBytes)
}

/** Between `low` at `from` and `high` at `to`, both ends clamped. */
function ramp(x: number, from: number, to: number, low: number, high: number): number {
  if (x <= from) return low
  if (x >= to) return high
  return low + ((x - from) / (to - from)) * (high - low)
}

function hasCredit(at: Circumstance, runSec: number): boolean {
  return at.credit > 0 && runSec >= LATE_IN_LIFE * at.lastLifeSec
}

/** The same with `x` in orders of magnitude. */
function logRamp(x: number, from: number, to: number, low: number, high: number): number {
  return ramp(Math.log(x), Math.log(from), Math.log(to), low, high)
}

function requiredShare(shape: Shape, at: Circumstance, fillSec: number, runSec: number): number {
  const flatBeforeSec = at.beforeSec + shape.onset * at.bucketSec
  if (at.isCollected && shape.swings < MIN_SWINGS) return COLLECTED_REQUIRED
  if (flatBeforeSec + runSec < START_UP_SEC) return START_UP_REQUIRED
  let required =
    runSec < LONG_RUN_SEC
      ? logRamp(runSec, SHORT_RUN_SEC, DAY_SEC, SHORT_REQUIRED, DAY_REQUIRED)
      : logRamp(runSec, LONG_RUN_SEC, LONGEST_RUN_SEC, DAY_REQUIRED, LONGEST_REQUIRED)
  const isLate = flatBeforeSec > LATE_START_RATIO * runSec
  if (isLate || shape.swings >= MANY_SWINGS) required *= UNLIKE_A_CACHE
  required = Math.min(
    required,
    ramp(fillSec, FAST_FILL_SEC, CALM_FILL_SEC, FAST_REQUIRED, required),
  )
  if (!hasCredit(at, runSec)) return required
  return Math.max(LEAST_REQUIRED_AFTER_RESTART, required - at.credit)
}

/** What still comes when each stretch brings `ratio` times what the one before brought. */
function restOfSeries(lastStretch: number, ratio: number): number {
  return ratio >= STRAIGHT ? Number.POSITIVE_INFINITY : (lastStretch * ratio) / (1 - ratio)
}

/**
 * Growth that levels off is extrapolated as a geometric series, by its halves and by its last two
 * thirds, and believed to end where both say so: a warm-up before a leak bends the halves, the
 * load's swings the thirds.
 */
function isFillingToBound(shape: Shape, headroom: number): boolean {
  if (shape.increments < MIN_INCREMENTS_FOR_BOUND) return false
  const ratio = Math.max(0, shape.straightness)
  const byHalves = restOfSeries((shape.growth * ratio) / (1 + ratio), ratio)
  const byThirds =
    shape.lateIncrements < MIN_LATE_INCREMENTS
      ? 0
      : restOfSeries(shape.lateGrowth, Math.max(0, shape.lateStraightness))
  return shape.growth + Math.max(byHalves, byThirds) < headroom
}

/**
 * Share of the headroom above `base` that `growth` is. Where neighbours took most of what was free,
 * that makes nobody else a leaker: half the share must be used of what was free before them, too.
 */
function shareOf(growth: number, base: number, at: Circumstance): number {
  const now = at.limitLevel - base - at.swing
  const before = at.highestLimit - base - at.swing
  if (before <= 0) return 1
  return Math.min(now > 0 ? growth / now : 1, growth / (NEIGHBOURS * before))
}

/** Share of the headroom at the first sample that is used, warm-ups before this growth included. */
function usedInAll(shape: Shape, at: Circumstance): number {
  const start = Math.max(at.startLevel, at.knownLevel)
  return shareOf(shape.base + shape.growth - start, start, at)
}

function confirmedReason(shape: Shape, at: Circumstance, fillSec: number): LeakReason {
  if (hasCredit(at, shape.run * at.bucketSec)) return 'rises-across-restarts'
  if (fillSec < CALM_FILL_SEC) return 'fills-fast'
  if (shape.swings >= 2) {
    return shape.run * at.bucketSec > 12 * HOUR_SEC ? 'rises-under-load-swings' : 'floor-rises'
  }
  return shape.increments < 8 ? 'rises-in-steps' : 'rises-steadily'
}

/** Judges one window; fills `out`. */
export function judgeShape(shape: Shape, at: Circumstance, out: Candidate): void {
  const base = Math.max(shape.base, at.knownLevel)
  const isSwinging = shape.swings >= MIN_SWINGS
  // Peaks reach the limit first: what the swings need is not free for the floor.
  const headroom = Math.max(0, at.limitLevel - base - at.swing)
  const growth = shape.growth - (base - shape.base)
  out.used = shareOf(growth, base, at)
  out.required = 1
  out.fillSec = Infinity
  if (shape.growth <= 0) {
    out.state = 'steady'
    out.reason = shape.swings >= 2 ? 'sawtooth-flat-floor' : 'flat'
    return
  }
  if (growth <= 0) {
    out.state = 'harmless'
    out.reason = 'known-range'
    return
  }
  if (shape.lateShare < STALLED_LATE_SHARE) {
    out.state = 'harmless'
    if (shape.increments < 1.8) out.reason = 'one-off-step'
    else
      out.reason = at.beforeSec + shape.onset * at.bucketSec <= START_UP_SEC ? 'warm-up' : 'plateau'
    return
  }
  const runSec = shape.run * at.bucketSec
  const slope = shape.slope / at.bucketSec
  const fillSec = slope > 0 ? headroom / slope : Infinity
  out.fillSec = fillSec
  out.required = requiredShare(shape, at, fillSec, runSec)
  if (out.used >= OWN_SHARE * out.required) out.used = Math.max(out.used, usedInAll(shape, at))
  out.state = 'growing'
  out.reason = 'young-growth'
  const isLateProven = shape.lateIncrements >= MIN_LATE_INCREMENTS
  const isLateStraight = isLateProven && shape.lateStraightness >= STRAIGHT
  const isSlow = shape.lateShare < MIN_LATE_SHARE && !isLateStraight
  if (isSlow || isFillingToBound(shape, headroom)) {
    out.reason = 'slows-down'
    return
  }
  const enough = isSwinging ? MIN_INCREMENTS_SWINGING : MIN_INCREMENTS
  const increments = isLateProven ? shape.lateIncrements : shape.increments
  const isLong = runSec >= MIN_SAMPLES * at.sampleSec || fillSec < CALM_FILL_SEC
  if (out.used >= out.required && increments >= enough && isLong) {
    out.state = 'confirmed'
    out.reason = confirmedReason(shape, at, fillSec)
  } else if (out.used >= SUSPECT_SHARE * out.required && increments >= SUSPECT_INCREMENTS) {
    out.state = 'suspected'
    out.reason = confirmedReason(shape, at, fillSec)
  }
}
