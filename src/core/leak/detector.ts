/**
 * @module The streaming leak detector: samples in, verdict out, 3 KiB a series, nothing allocated.
 *
 * Each time a bucket closes at some time scale, that scale's window is measured (shape.ts) and
 * judged (judge.ts). A scale may confirm only where no coarser one knows better: that the same
 * growth is levelling off, or is a range where the level has been before. docs/detection.md says all
 * of it in words.
 */
import { clearAlarm, NEAR_LIMIT, raiseAlarm, reviewAlarm, tellGrowth } from './alarm.ts'
import { createCandidate, judgeShape } from './judge.ts'
import type { Arena } from './ladder.ts'
import {
  clearLadder,
  closedBuckets,
  filledBuckets,
  headerAt,
  pushSample,
  SCALES,
} from './ladder.ts'
import type { LeakReason, LeakState, LimitNature, Verdict } from './records.ts'
import { LEAK_REASONS, LEAK_STATES } from './records.ts'
import { createShape } from './shape.ts'
import { FIELD, FIELDS_END } from './slab.ts'
import { circumstance, EDGE, isRedundant, measureScale, reachOf } from './view.ts'

const MIN_BUCKET_SEC = 0.5
const MAX_BUCKET_SEC = 64
/** Samples after which the interval is known. */
const SETTLING = 8
/** Fewer buckets than these are not judged. */
const MIN_BUCKETS = 5
/** A window this full hardly changes with one bucket: it is judged every few, unless what it last
 * showed is suspected. */
const UNHURRIED_BUCKETS = 24
const UNHURRIED_EVERY = 4
/** Growth within fewer buckets than these is left to a finer scale. */
const MIN_RUN = 4
/** A coarser window this full may veto. */
const VETO_BUCKETS = 10
/** A fall to this share of the level, and of the growth, is a restart. */
const COLLAPSED = 0.2
const AS_BEGAN = 0.1
/** Peaks this close to each other are the same. */
const SAME_PEAK = 0.05

const shape = createShape()
const coarserShape = createShape()
const candidate = createCandidate()
const coarser = createCandidate()
let coarserReachSec = 0
const STATE_INDEX = Object.fromEntries(LEAK_STATES.map((s, i) => [s, i])) as Record<
  LeakState,
  number
>
const REASON_INDEX = Object.fromEntries(LEAK_REASONS.map((r, i) => [r, i])) as Record<
  LeakReason,
  number
>
/** Which of two scales' findings is told: the graver. Order of LEAK_STATES by weight. */
const WEIGHT: Record<LeakState, number> = {
  unknown: 0,
  steady: 1,
  harmless: 2,
  growing: 3,
  suspected: 4,
  confirmed: 5,
}

/** Empties a slot for a new series. */
export function openSeries(arena: Arena, slot: number): void {
  const at = headerAt(slot)
  arena.doubles.fill(0, at, at + FIELDS_END)
  clearLadder(arena, slot)
  arena.doubles[at + FIELD.startSec] = NaN
  arena.doubles[at + FIELD.alarmSec] = NaN
  arena.doubles[at + FIELD.sinceSec] = NaN
}

/** The state as of the last sample. */
export function readState(arena: Arena, slot: number): LeakState {
  return LEAK_STATES[arena.doubles[headerAt(slot) + FIELD.state] as number] as LeakState
}

function setState(arena: Arena, slot: number, state: LeakState, reason: LeakReason): void {
  const at = headerAt(slot)
  arena.doubles[at + FIELD.state] = STATE_INDEX[state]
  arena.doubles[at + FIELD.reason] = REASON_INDEX[reason]
}

/**
 * Says that the process behind a series was replaced by a new one: its past shape is over, but what
 * the incarnations before did counts as evidence for the next. An alarm stands, since the leak is in
 * the program; it is taken back when the new process does not grow as the old one did.
 */
export function restartSeries(arena: Arena, slot: number): void {
  const d = arena.doubles
  const at = headerAt(slot)
  if (Number.isNaN(d[at + FIELD.startSec] as number)) return
  const isBending = d[at + FIELD.reason] === REASON_INDEX['slows-down']
  if (WEIGHT[readState(arena, slot)] >= WEIGHT.growing && !isBending) {
    d[at + FIELD.credit] = (d[at + FIELD.credit] as number) + (d[at + FIELD.used] as number)
  } else {
    d[at + FIELD.credit] = 0
    d[at + FIELD.knownLevel] = d[at + FIELD.peakLevel] as number
  }
  d[at + FIELD.lastPeakLevel] = d[at + FIELD.peakLevel] as number
  d[at + FIELD.lastLifeSec] = (d[at + FIELD.lastSec] as number) - (d[at + FIELD.startSec] as number)
  d[at + FIELD.incarnations] = (d[at + FIELD.incarnations] as number) + 1
  d[at + FIELD.startSec] = NaN
  d[at + FIELD.samples] = 0
  d[at + FIELD.peakLevel] = 0
  d.fill(0, at + FIELD.scaleState, at + FIELDS_END)
  clearLadder(arena, slot)
}

function begin(arena: Arena, slot: number, tSec: number, level: number): void {
  const at = headerAt(slot)
  arena.doubles[at + FIELD.startSec] = tSec
  arena.doubles[at + FIELD.bucketSec] = MIN_BUCKET_SEC
  arena.doubles[at + FIELD.peakLevel] = level
  arena.doubles[at + FIELD.startLevel] = level
  arena.doubles[at + FIELD.highestLimit] = 0
  if (Number.isNaN(arena.doubles[at + FIELD.alarmSec] as number)) return
  arena.doubles[at + FIELD.alarmBase] = level
  arena.doubles[at + FIELD.alarmOnsetSec] = tSec
}

/** The first samples show their interval, which the finest scale follows. */
function followInterval(arena: Arena, slot: number, tSec: number): void {
  const d = arena.doubles
  const at = headerAt(slot)
  const interval = tSec - (d[at + FIELD.lastSec] as number)
  const bucketSec = Math.min(MAX_BUCKET_SEC, Math.max(MIN_BUCKET_SEC, interval))
  const isFirst = d[at + FIELD.samples] === 1
  if (!isFirst && bucketSec > 0.6 * (d[at + FIELD.bucketSec] as number)) return
  d[at + FIELD.bucketSec] = bucketSec
  clearLadder(arena, slot)
  const elapsed =
    ((d[at + FIELD.lastSec] as number) - (d[at + FIELD.startSec] as number)) / bucketSec
  pushSample(arena, slot, elapsed, d[at + FIELD.lastLevel] as number)
}

/**
 * A leak that was confirmed and is gone at once, down to where the process began: nobody said so,
 * but this is a new process. Where it ends each time at the same height, far from the limit, it is
 * work that begins anew, and no leak.
 */
function noticeRestart(arena: Arena, slot: number, level: number): void {
  const d = arena.doubles
  const at = headerAt(slot)
  if (Number.isNaN(d[at + FIELD.alarmSec] as number)) return
  const lastLevel = d[at + FIELD.lastLevel] as number
  const startLevel = d[at + FIELD.startLevel] as number
  if (level > COLLAPSED * lastLevel) return
  if (level - startLevel > AS_BEGAN * (lastLevel - startLevel)) return
  const peak = d[at + FIELD.peakLevel] as number
  const lastPeak = d[at + FIELD.lastPeakLevel] as number
  const isFar = peak - startLevel < NEAR_LIMIT * ((d[at + FIELD.limitLevel] as number) - startLevel)
  if (isFar && Math.abs(peak - lastPeak) < SAME_PEAK * peak) {
    clearAlarm(arena, slot)
    setState(arena, slot, 'harmless', 'known-range')
  }
  restartSeries(arena, slot)
}

/**
 * Feeds one sample. Samples are in order of time; one that is not later than the last is ignored,
 * and so is one without a number.
 * @param tSec seconds of the series' clock
 * @param level bytes that would come back if the subject ended (anon + shmem + swap of a process)
 * @param limitLevel the level at which memory is exhausted
 * @param nature what that limit is: one of the subject's own does not move, it becomes known
 * @returns whether the state changed
 */
export function feedSeries(
  arena: Arena,
  slot: number,
  tSec: number,
  level: number,
  limitLevel: number,
  nature: LimitNature = 'shared',
): boolean {
  if (!Number.isFinite(tSec) || !Number.isFinite(level)) return false
  const d = arena.doubles
  const at = headerAt(slot)
  const before = d[at + FIELD.state] as number
  if (tSec > (d[at + FIELD.lastSec] as number)) noticeRestart(arena, slot, level)
  const samples = d[at + FIELD.samples] as number
  if (samples === 0) begin(arena, slot, tSec, level)
  else if (!(tSec > (d[at + FIELD.lastSec] as number))) return false
  if (samples > 0 && samples < SETTLING) followInterval(arena, slot, tSec)
  d[at + FIELD.samples] = samples + 1
  d[at + FIELD.lastSec] = tSec
  d[at + FIELD.lastLevel] = level
  d[at + FIELD.limitLevel] = limitLevel
  d[at + FIELD.isCollected] = nature === 'collected' ? 1 : 0
  if (nature !== 'shared' || !(limitLevel < (d[at + FIELD.highestLimit] as number))) {
    d[at + FIELD.highestLimit] = limitLevel
  }
  if (level > (d[at + FIELD.peakLevel] as number)) d[at + FIELD.peakLevel] = level
  const elapsed = (tSec - (d[at + FIELD.startSec] as number)) / (d[at + FIELD.bucketSec] as number)
  const closed = pushSample(arena, slot, elapsed, level)
  for (let scale = 0; scale < closed; scale++) judgeScale(arena, slot, scale)
  if (closed > 0) settle(arena, slot)
  return before !== d[at + FIELD.state]
}

function judgeScale(arena: Arena, slot: number, scale: number): void {
  const d = arena.doubles
  const at = headerAt(slot)
  const filled = filledBuckets(arena, slot, scale)
  if (filled < MIN_BUCKETS || isRedundant(arena, slot, scale)) return
  const isSuspected = d[at + FIELD.scaleState + scale] === STATE_INDEX.suspected
  const isUnhurried = filled > UNHURRIED_BUCKETS && !isSuspected
  if (isUnhurried && closedBuckets(arena, slot, scale) % UNHURRIED_EVERY !== 0) return
  const count = measureScale(arena, slot, scale, shape)
  const { bucketSec, beforeSec } = circumstance
  const windowSec = count * bucketSec + circumstance.skippedSec
  // A time scale finer than the sampling has mostly holes, and says nothing.
  if (shape.valid * 3 < count) return
  judgeShape(shape, circumstance, candidate)
  // Growth that fills its window began before it; a wider one knows when.
  const isCut = shape.onset <= EDGE * count && beforeSec > 0
  const reachSec = reachOf(shape, count)
  let { state, reason } = candidate
  const isRising = WEIGHT[state] >= WEIGHT.growing
  const isVetoed = isRising && knowBetter(arena, slot, scale)
  const runSec = isRising && isCut ? Math.max(reachSec, coarserReachSec) : reachSec
  const isAlarm = state === 'confirmed' && !isVetoed
  if (isVetoed) {
    state = WEIGHT[coarser.state] >= WEIGHT.growing ? 'growing' : coarser.state
    reason = state === 'growing' && coarser.state !== 'growing' ? 'young-growth' : coarser.reason
  } else if (isRising && shape.run < MIN_RUN) {
    state = 'unknown'
  }
  // What a scale remembers is at most a suspicion: an alarm is the series', and may be taken back.
  if (state === 'confirmed') state = 'suspected'
  d[at + FIELD.scaleState + scale] = STATE_INDEX[state]
  d[at + FIELD.scaleReason + scale] = REASON_INDEX[reason]
  d[at + FIELD.scaleUsed + scale] = WEIGHT[state] >= WEIGHT.growing ? candidate.used : 0
  const alarmSec = d[at + FIELD.alarmSec] as number
  if (!Number.isNaN(alarmSec)) {
    reviewAlarm(arena, slot, shape, candidate.used, bucketSec, runSec, windowSec)
  } else if (isAlarm) {
    raiseAlarm(arena, slot, shape, candidate.used, bucketSec, runSec)
    setState(arena, slot, 'confirmed', candidate.reason)
  } else if (isWidestView(arena, slot, scale)) {
    tellGrowth(arena, slot, shape, candidate.used, bucketSec, runSec)
  }
}

/** Whether no other scale sees clearly more growth than this one, whose rate is then told. */
function isWidestView(arena: Arena, slot: number, scale: number): boolean {
  const used = headerAt(slot) + FIELD.scaleUsed
  const here = arena.doubles[used + scale] as number
  if (here === 0) return false
  for (let other = 0; other < SCALES; other++) {
    if ((arena.doubles[used + other] as number) > here * 1.1) return false
  }
  return true
}

/**
 * Whether a coarser window knows that the growth seen here levels off, or is nothing new; `coarser`
 * then holds its finding.
 */
function knowBetter(arena: Arena, slot: number, scale: number): boolean {
  coarserReachSec = 0
  for (let wider = scale + 1; wider < SCALES; wider++) {
    if (filledBuckets(arena, slot, wider) < VETO_BUCKETS) return false
    const count = measureScale(arena, slot, wider, coarserShape)
    judgeShape(coarserShape, circumstance, coarser)
    coarserReachSec = reachOf(coarserShape, count)
    if (coarser.reason === 'slows-down' || coarser.reason === 'known-range') return true
    if (coarser.state === 'steady' || coarser.used < 0.7 * candidate.used) return true
  }
  return false
}

/**
 * The verdict from the scales' findings: the gravest; of growth the widest view, of what is harmless
 * the nearest, which still sees how it came about.
 */
function settle(arena: Arena, slot: number): void {
  const d = arena.doubles
  const at = headerAt(slot)
  if (!Number.isNaN(d[at + FIELD.alarmSec] as number)) return
  let best = -1
  let bestWeight = -1
  let bestUsed = 0
  for (let scale = 0; scale < SCALES; scale++) {
    const state = LEAK_STATES[d[at + FIELD.scaleState + scale] as number] as LeakState
    if (state === 'unknown') continue
    const weight = WEIGHT[state]
    const used = d[at + FIELD.scaleUsed + scale] as number
    if (weight > bestWeight || (weight === bestWeight && used > bestUsed)) {
      best = scale
      bestWeight = weight
      bestUsed = used
    }
  }
  if (best < 0) return
  d[at + FIELD.state] = d[at + FIELD.scaleState + best] as number
  d[at + FIELD.reason] = d[at + FIELD.scaleReason + best] as number
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** The verdict of a series, for people and other rooms. */
export function readVerdict(arena: Arena, slot: number): Verdict {
  const d = arena.doubles
  const at = headerAt(slot)
  const state = readState(arena, slot)
  const reason = LEAK_REASONS[d[at + FIELD.reason] as number] as LeakReason
  const level = d[at + FIELD.lastLevel] as number
  const isRising = state === 'growing' || state === 'suspected' || state === 'confirmed'
  const left = Math.max(0, (d[at + FIELD.limitLevel] as number) - level)
  const rate = d[at + FIELD.rate] as number
  const rateLow = d[at + FIELD.rateLow] as number
  const rateHigh = d[at + FIELD.rateHigh] as number
  return {
    state,
    reason,
    levelBytes: level,
    rateBytesPerSec: isRising ? rate : null,
    rateLowBytesPerSec: isRising ? rateLow : null,
    rateHighBytesPerSec: isRising ? rateHigh : null,
    sinceSec: isRising ? orNull(d[at + FIELD.sinceSec] as number) : null,
    confirmedAtSec: state === 'confirmed' ? (d[at + FIELD.alarmSec] as number) : null,
    etaSec: isRising ? orNull(left / rate) : null,
    etaLowSec: isRising ? orNull(left / rateHigh) : null,
    etaHighSec: isRising ? orNull(left / rateLow) : null,
    usedFraction: isRising ? (d[at + FIELD.used] as number) : null,
  }
}
