/** @module What a detector's words about one labelled trace are worth. */
import type { LabelledTrace } from '../../lab/traces/labelled.ts'
import { DAY_SEC } from '../../src/base/units.ts'
import type { Detection, Trace } from '../../src/core/leak/records.ts'

/** One trace as one detector saw it. */
export interface Outcome {
  readonly family: string
  readonly file: string
  readonly leaking: boolean
  readonly durationSec: number
  /** Days in which an alarm would be false: all of a harmless life, a leaking one's before its onset. */
  readonly harmlessDays: number
  /** Whether any alarm was raised in that time, taken back later or not. */
  readonly isFalseAlarm: boolean
  /** Whether a leak was found after its onset, at any time. */
  readonly isFound: boolean
  readonly isLeakingAtEnd: boolean
  /** First alarm that counts for the above. */
  readonly alarmSec: number | null
  /** Share of what was free at the onset that was gone at the first true alarm. */
  readonly used: number | null
  /** |told - true| / true, of the alarm that stood at the end. */
  readonly rateError: number | null
  readonly isRateCovered: boolean | null
  readonly etaError: number | null
  /** |told - true| onset, as a share of the time from the true one to the alarm. */
  readonly onsetError: number | null
  readonly reason: string
}

function levelAt(trace: Trace, tSec: number): number {
  let level = NaN
  for (let i = 0; i < trace.tSec.length && (trace.tSec[i] as number) <= tSec; i++) {
    const anon = trace.rssAnonBytes[i] as number
    if (Number.isNaN(anon)) continue
    level = anon + (trace.rssShmemBytes[i] || 0) + (trace.swapBytes[i] || 0)
  }
  return level
}

/** The first level of a process that was started then. */
function levelAfter(trace: Trace, tSec: number): number {
  const first = trace.tSec.find((t, i) => t >= tSec && !Number.isNaN(trace.rssAnonBytes[i]))
  return levelAt(trace, first ?? tSec)
}

function relativeError(told: number | null, truth: number): number | null {
  return told === null ? null : Math.abs(told - truth) / truth
}

function onsetError(said: Detection, onsetSec: number): number | null {
  if (said.onsetSec === null || said.detectedAtSec === null) return null
  return Math.abs(said.onsetSec - onsetSec) / Math.max(1, said.detectedAtSec - onsetSec)
}

/** `null`: no interval was told. */
function isWithin(low: number | null, value: number, high: number | null): boolean | null {
  return low === null || high === null ? null : low <= value && value <= high
}

function firstLevel(trace: Trace): number {
  return levelAt(trace, trace.tSec[0] as number)
}

/** Compares what was said with what is true by construction. */
export function scoreTrace(labelled: LabelledTrace, said: Detection): Outcome {
  const { trace, truth, spec, family } = labelled
  const { leaking } = truth
  const endSec = trace.tSec[trace.tSec.length - 1] as number
  const onsetSec = truth.onsetSec ?? endSec
  const truly = said.alarmsSec.filter((at) => leaking && at >= onsetSec)
  const falsely = said.alarmsSec.filter((at) => !leaking || at < onsetSec)
  const alarmSec = truly[0] ?? falsely[0] ?? null
  const limit = firstLevel(trace) + spec.headroomBytes
  const { file } = spec
  const base = { family, file, leaking, durationSec: endSec, alarmSec, reason: said.reason }
  const outcome = {
    ...base,
    harmlessDays: (leaking ? onsetSec : endSec) / DAY_SEC,
    isFalseAlarm: falsely.length > 0,
    isFound: truly.length > 0,
    isLeakingAtEnd: said.leaking,
    used: null,
    rateError: null,
    isRateCovered: null,
    etaError: null,
    onsetError: null,
  }
  const rate = truth.rateBytesPerSec
  if (truly.length === 0 || rate === null) return outcome
  // Of a service that is restarted, the onset is each process' start.
  const start = spec.startsSec?.findLast((at) => at > onsetSec && at <= (truly[0] as number))
  const before = start === undefined ? levelAt(trace, onsetSec) : levelAfter(trace, start)
  const used = (levelAt(trace, truly[0] as number) - before) / Math.max(1, limit - before)
  if (said.detectedAtSec === null || said.detectedAtSec < onsetSec) return { ...outcome, used }
  const left = (limit - levelAt(trace, said.detectedAtSec)) / rate
  return {
    ...outcome,
    used: Math.max(0, used),
    rateError: relativeError(said.rateBytesPerSec, rate),
    isRateCovered: isWithin(said.rateLow, rate, said.rateHigh),
    onsetError: onsetError(said, start ?? onsetSec),
    etaError: left > 0 ? relativeError(said.etaSec, left) : null,
  }
}
