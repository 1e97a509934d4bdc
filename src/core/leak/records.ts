/** @module What the leak detector says, and the traces that it can be run on. */

/**
 * - `unknown`: too few samples to say anything.
 * - `steady`: the floor does not rise.
 * - `growing`: it rises, too little or too shortly to say why.
 * - `suspected`: looks like a leak; more evidence is wanted before anyone is called.
 * - `confirmed`: a leak that will exhaust its limit.
 * - `harmless`: grew, and the reason says why that is no leak.
 */
export const LEAK_STATES = [
  'unknown',
  'steady',
  'growing',
  'suspected',
  'confirmed',
  'harmless',
] as const
export type LeakState = (typeof LEAK_STATES)[number]

/** Why a verdict is what it is; `explainVerdict` has the words. */
export const LEAK_REASONS = [
  'too-early',
  'flat',
  'young-growth',
  'rises-steadily',
  'floor-rises',
  'rises-in-steps',
  'rises-under-load-swings',
  'rises-across-restarts',
  'fills-fast',
  'warm-up',
  'plateau',
  'follows-load',
  'sawtooth-flat-floor',
  'one-off-step',
  'slows-down',
  'known-range',
  'ended',
] as const
export type LeakReason = (typeof LEAK_REASONS)[number]

/**
 * What the limit is that a level is judged by:
 * - `shared`: the host's; neighbours can bring it closer.
 * - `own`: the subject's alone.
 * - `collected`: its own, and a garbage collector lets the heap grow towards it before it collects.
 */
export type LimitNature = 'shared' | 'own' | 'collected'

/** Times are seconds of the series' own clock: boot time on a live host, `t_s` in a trace. */
export interface Verdict {
  readonly state: LeakState
  readonly reason: LeakReason
  /** Last level that was judged: what the process would give back if it ended. */
  readonly levelBytes: number
  /** Growth with its interval; `null` where nothing grows. */
  readonly rateBytesPerSec: number | null
  readonly rateLowBytesPerSec: number | null
  readonly rateHighBytesPerSec: number | null
  /** When the growth began. */
  readonly sinceSec: number | null
  /** When the alarm that stands was raised; `null` unless `confirmed`. */
  readonly confirmedAtSec: number | null
  /** Time to exhaustion from the last sample, with its interval. Infinity is stated as `null`. */
  readonly etaSec: number | null
  readonly etaLowSec: number | null
  readonly etaHighSec: number | null
  /** Share of the headroom at the onset that the growth has consumed, from 0 to 1. */
  readonly usedFraction: number | null
}

/** A recorded series, columns of equal length, oldest first. NaN: was not readable. */
export interface Trace {
  readonly tSec: Float64Array
  readonly rssAnonBytes: Float64Array
  readonly rssFileBytes: Float64Array
  readonly rssShmemBytes: Float64Array
  readonly swapBytes: Float64Array
  readonly vszBytes: Float64Array
  readonly threads: Float64Array
  readonly fds: Float64Array
}

/** One row of a trace, filled anew for each line: whoever keeps it copies it. NaN: not readable. */
export type TraceRow = { -readonly [Column in keyof Trace]: number }

/** One line of a manifest. */
export interface TraceSpec {
  readonly file: string
  /** Free above the first sample, constant. */
  readonly headroomBytes: number
  readonly sampleSec: number
  /** When the service's process was replaced by a new one; `null`: never, or not known. */
  readonly startsSec: readonly number[] | null
}

/** What a detector said of one trace, streamed sample by sample. */
export interface Detection {
  readonly leaking: boolean
  readonly detectedAtSec: number | null
  readonly alarmsSec: readonly number[]
  readonly onsetSec: number | null
  readonly rateBytesPerSec: number | null
  readonly rateLow: number | null
  readonly rateHigh: number | null
  readonly etaSec: number | null
  readonly reason: string
}

/** A detector under test: ours and each baseline. Must not look ahead of the sample it is at. */
export type Detect = (trace: Trace, spec: TraceSpec) => Detection
