/**
 * @module The shape of growth in one window: how much of it is real, how even, how straight.
 *
 * The floor at a bucket is the lowest level from there to now: never gone below since. It rises
 * monotonously by construction, which makes sawtooth, bursts and noise disappear; what its last
 * stretch says is unproven until the level has come down once more and stayed above.
 */
import { BUCKETS } from './ladder.ts'

/** What `measureShape` fills in; one of these is reused for all series. Times in buckets. */
export interface Shape {
  /** Buckets that hold a sample. */
  valid: number
  /** Lowest and highest bucket minimum of the window. */
  lowest: number
  highest: number
  /** Level now (lowest of the open bucket). */
  last: number
  /** Growth that counts: of the proven floor, or into a range that the window never saw before. */
  growth: number
  /** Level from which it counts. */
  base: number
  /** First bucket of the growth, and its last. */
  onset: number
  end: number
  /** Buckets since the onset, until now. */
  run: number
  /**
   * Number of equal increments that the growth amounts to: (sum d)^2 / sum d^2, the participation
   * ratio. A ramp over n buckets has n, k equal steps have k, one step has 1.
   */
  increments: number
  /** The same of the last two thirds, where no warm-up in the beginning outweighs the rest. */
  lateIncrements: number
  /** Second half of the growth's time over its first: 1 straight, below 1 levels off. */
  straightness: number
  /** The same of the last third over the middle one: what a warm-up in the beginning cannot bend. */
  lateStraightness: number
  /** Growth of the last third, bytes. */
  lateGrowth: number
  /** Share of the floor's rise since the onset that falls into the last third until now. */
  lateShare: number
  /** Times that the level fell by a good part of the growth and rose again. */
  swings: number
  /** Deepest fall from a peak. */
  drawdown: number
  /** Slope of the floor, bytes a bucket, and the spread of the slopes of its quarters. */
  slope: number
  slopeLow: number
  slopeHigh: number
}

export function createShape(): Shape {
  return {
    valid: 0,
    lowest: 0,
    highest: 0,
    last: 0,
    growth: 0,
    base: 0,
    onset: 0,
    end: 0,
    run: 0,
    increments: 0,
    lateIncrements: 0,
    straightness: 0,
    lateStraightness: 0,
    lateGrowth: 0,
    lateShare: 0,
    swings: 0,
    drawdown: 0,
    slope: 0,
    slopeLow: 0,
    slopeHigh: 0,
  }
}

/** A fall counts as a swing when it gives back this share of the window's rise. */
const SWING_SHARE = 0.15
/** A rise that lasts this many times as long as the longest swing from low to low is no part of the
 * same sawtooth any more. */
const OVERDUE = 1.5
/** Where only one swing was seen, perhaps not from its beginning, its length is less certain. */
const OVERDUE_SINGLE = 3
/** Growth begins where the floor leaves its base by this share of the growth. */
const ONSET_SHARE = 0.04

/** Of growth that began this much faster than it goes on, only the later part tells the rate. */
const BENT = 0.8
const BENT_INCREMENTS = 6

/** The last two thirds of a run speak for themselves where they bring this share of the growth. */
const LATE_TWO_THIRDS = 0.15

const floor = new Float64Array(BUCKETS + 1)

/** Where the swings of a window left its level; filled by `findSwings`. */
const swing = {
  count: 0,
  /** Last low from which the level has risen again: what still falls proves nothing. */
  lastLow: -1,
  highestPeak: -Infinity,
  highestAt: 0,
  /** Lowest since the highest peak. */
  lowestAt: 0,
  /** Buckets of the longest swing, from low to low, or from the highest peak to its low. */
  longest: 0,
  deepest: 0,
}

function noteFall(values: Float64Array, at: number, lowBefore: number): void {
  const value = values[at] as number
  swing.deepest = Math.max(swing.deepest, swing.highestPeak - value)
  swing.longest = Math.max(swing.longest, at - lowBefore)
  if (value < (values[swing.lowestAt] as number)) {
    swing.lowestAt = at
    swing.longest = Math.max(swing.longest, at - swing.highestAt)
  }
}

/** Splits the window at falls of at least `threshold` (a zigzag). */
function findSwings(values: Float64Array, count: number, threshold: number): void {
  swing.count = 0
  swing.lastLow = -1
  swing.highestPeak = -Infinity
  swing.longest = 0
  swing.deepest = 0
  let isRising = true
  let extreme = -Infinity
  let extremeAt = 0
  let lowBefore = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    if (isRising ? value > extreme : value <= extreme) {
      extreme = value
      extremeAt = i
    } else if (Math.abs(value - extreme) >= threshold) {
      if (isRising) {
        swing.count++
        if (extreme > swing.highestPeak) {
          swing.highestPeak = extreme
          swing.highestAt = extremeAt
          swing.lowestAt = i
        }
      } else {
        swing.lastLow = extremeAt
        lowBefore = extremeAt
      }
      isRising = !isRising
      extreme = value
      extremeAt = i
    }
    if (!isRising && extremeAt === i) noteFall(values, i, lowBefore)
  }
}

/** What was not sampled is taken to have risen evenly: the floor says nothing of how. */
function bridgeGaps(values: Float64Array, count: number): void {
  let known = -1
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(values[i] as number)) continue
    const missing = i - known - 1
    if (missing > 0 && known >= 0) {
      const step = ((floor[i] as number) - (floor[known] as number)) / (missing + 1)
      for (let j = 1; j <= missing; j++) floor[known + j] = (floor[known] as number) + j * step
    }
    known = i
  }
}

/** Fills `floor` from the newest bucket back, and the window's extremes into `shape`. */
function measureFloor(values: Float64Array, count: number, shape: Shape): void {
  let lowest = Infinity
  let highest = -Infinity
  let valid = 0
  for (let i = count - 1; i >= 0; i--) {
    const value = values[i] as number
    if (!Number.isNaN(value)) {
      valid++
      if (value < lowest) lowest = value
      if (value > highest) highest = value
    }
    floor[i] = lowest
  }
  bridgeGaps(values, count)
  shape.valid = valid
  shape.lowest = lowest
  shape.highest = highest
  shape.last = floor[count - 1] as number
}

function clearGrowth(shape: Shape): void {
  shape.growth = 0
  shape.base = shape.last
  shape.run = 0
  shape.increments = 0
  shape.lateIncrements = 0
  shape.straightness = 1
  shape.lateStraightness = 1
  shape.lateGrowth = 0
  shape.lateShare = 0
  shape.slope = 0
  shape.slopeLow = 0
  shape.slopeHigh = 0
}

/** Chooses which growth counts; see `Shape.growth`. */
function chooseGrowth(count: number, shape: Shape): void {
  const first = floor[0] as number
  const last = count - 1
  shape.swings = swing.count
  shape.drawdown = swing.deepest
  const low = swing.lastLow
  const isOverdue = last - low > (swing.count < 2 ? OVERDUE_SINGLE : OVERDUE) * swing.longest + 1
  if (low < 0 || isOverdue) {
    shape.base = first
    shape.end = last
    shape.growth = shape.last - first
    return
  }
  const proven = (floor[low] as number) - first
  const beyond = shape.last - swing.highestPeak
  if (proven >= beyond) {
    shape.base = first
    shape.end = low
    shape.growth = proven
  } else {
    shape.base = swing.highestPeak
    shape.end = last
    shape.growth = beyond
  }
}

/** Evenness and straightness of the floor between onset and end. */
function measureRun(count: number, shape: Shape): void {
  const { base, growth, end } = shape
  const threshold = base + ONSET_SHARE * growth
  let onset = 0
  while (onset < end && (floor[onset + 1] as number) <= threshold) onset++
  shape.onset = onset
  shape.run = count - 1 - onset
  shape.increments = participation(onset, end)
  const start = floor[onset] as number
  const middle = floorAt((onset + end) / 2)
  const firstHalf = middle - start
  shape.straightness = firstHalf > 0 ? ((floor[end] as number) - middle) / firstHalf : 2
  const third = (end - onset) / 3
  const isLate = (floor[end] as number) - floorAt(onset + third) > LATE_TWO_THIRDS * growth
  shape.lateIncrements = isLate ? participation(Math.round(onset + third), end) : 0
  const middleThird = floorAt(end - third) - floorAt(onset + third)
  shape.lateGrowth = (floor[end] as number) - floorAt(end - third)
  shape.lateStraightness = middleThird > 0 ? shape.lateGrowth / middleThird : 2
  const now = floor[count - 1] as number
  const late = floorAt(onset + ((count - 1 - onset) * 2) / 3)
  shape.lateShare = now > start ? (now - late) / (now - start) : 0
}

/** Number of equal steps that the floor's steps amount to. */
function participation(from: number, to: number): number {
  let sum = 0
  let squares = 0
  for (let i = from; i < to; i++) {
    const step = (floor[i + 1] as number) - (floor[i] as number)
    sum += step
    squares += step * step
  }
  return squares > 0 ? (sum * sum) / squares : 0
}

function floorAt(position: number): number {
  const below = Math.floor(position)
  const share = position - below
  const low = floor[below] as number
  return share === 0 ? low : low + share * ((floor[below + 1] as number) - low)
}

/** Least-squares slope of the floor from bucket `from` to `to`, both included. */
function slopeBetween(from: number, to: number): number {
  const n = to - from + 1
  const center = (from + to) / 2
  let dot = 0
  for (let i = from; i <= to; i++) dot += (i - center) * (floor[i] as number)
  return n < 2 ? 0 : (12 * dot) / (n * (n * n - 1))
}

/** Slope of the run, and from its quarters how far it may be off. */
function measureSlope(shape: Shape): void {
  const { end } = shape
  // A warm-up before the leak is no part of its rate.
  const isBent = shape.straightness < BENT && shape.increments > BENT_INCREMENTS
  const onset = isBent ? Math.round(shape.onset + (end - shape.onset) / 3) : shape.onset
  const buckets = end - onset
  shape.slope = slopeBetween(onset, end)
  if (buckets < 8) {
    shape.slopeLow = shape.slope * 0.5
    shape.slopeHigh = shape.slope * 1.5
    return
  }
  let squares = 0
  for (let quarter = 0; quarter < 4; quarter++) {
    const from = onset + Math.floor((buckets * quarter) / 4)
    const to = onset + Math.floor((buckets * (quarter + 1)) / 4)
    const slope = ((floor[to] as number) - (floor[from] as number)) / (to - from)
    squares += (slope - shape.slope) ** 2
  }
  // Student's t for 3 degrees of freedom, 95 %: 3.18; standard error of the mean of four.
  const spread = (3.18 * Math.sqrt(squares / 3)) / 2
  shape.slopeLow = Math.max(0, shape.slope - spread)
  shape.slopeHigh = shape.slope + spread
}

/**
 * Measures one window. Allocates nothing.
 * @param values bucket minima, oldest first, the open bucket last; NaN where there was no sample
 * @param count how many of them, at least 2
 * @param material growth below this many bytes is not looked at any further
 */
export function measureShape(
  values: Float64Array,
  count: number,
  material: number,
  shape: Shape,
): void {
  measureFloor(values, count, shape)
  const rise = shape.last - shape.lowest
  shape.swings = 0
  shape.drawdown = 0
  if (rise < material || shape.valid < 4) {
    clearGrowth(shape)
    return
  }
  findSwings(values, count, SWING_SHARE * rise)
  chooseGrowth(count, shape)
  if (shape.growth < material) {
    clearGrowth(shape)
    return
  }
  measureRun(count, shape)
  measureSlope(shape)
}
