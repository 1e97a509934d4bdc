/** @module The report of a run, as data and as Markdown, which terminal and documents share. */
import { formatDuration } from '../../src/base/format.ts'
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../src/base/units.ts'
import type { Outcome } from './score.ts'
import { quantile, type Summary, summarize } from './summary.ts'

export interface FamilyRow {
  readonly family: string
  readonly leaking: boolean
  readonly imitates: string
  readonly traces: number
  /** Traces with an alarm that counts: leaks that were found, harmless lives with a false one. */
  readonly alarmed: Readonly<Record<string, number>>
  /** Of ours: leaks with an alarm before their onset; how many stood at the end; share used. */
  readonly early: number
  readonly atEnd: number
  readonly used: number | null
  readonly rateError: number | null
}

/** Figures of ours for lives of about the same length. */
export interface LengthRow {
  readonly length: string
  readonly traces: number
  readonly precision: number
  readonly recall: number
  readonly falsePer1000Days: number
  readonly usedMedian: number
}

export interface Report {
  readonly seeds: number
  readonly rows: number
  readonly detectors: readonly { readonly name: string; readonly summary: Summary }[]
  readonly families: readonly FamilyRow[]
  readonly lengths: readonly LengthRow[]
  /** What ours got wrong, one sentence each. */
  readonly misses: readonly string[]
}

/** What went wrong in one trace; `null`: nothing. */
export function explainMiss(outcome: Outcome): string | null {
  const { leaking, isFalseAlarm, isFound, isLeakingAtEnd, alarmSec, file } = outcome
  const name = file.replace('.csv.gz', '')
  const at = formatDuration(alarmSec)
  if (isFalseAlarm && leaking) return `${name}: alarm before the leak began`
  if (isFalseAlarm) {
    const end = isLeakingAtEnd ? 'stands at the end' : 'taken back later'
    return `${name}: false alarm at ${at}, ${end} (${outcome.reason})`
  }
  if (leaking && !isFound) return `${name}: not found (${outcome.reason})`
  if (leaking && !isLeakingAtEnd)
    return `${name}: found at ${at}, but taken back (${outcome.reason})`
  return null
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** @param outcomes by detector, each in the same order of traces; the first detector is ours */
export function rowOf(
  family: { readonly name: string; readonly leaking: boolean; readonly imitates: string },
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
): FamilyRow {
  const alarmed: Record<string, number> = {}
  for (const [detector, each] of outcomes) {
    alarmed[detector] = each.filter((one) => (one.leaking ? one.isFound : one.isFalseAlarm)).length
  }
  const [ours = []] = outcomes.values()
  const numbers = (key: 'used' | 'rateError') =>
    ours.map((each) => each[key]).filter((value) => value !== null)
  return {
    family: family.name,
    leaking: family.leaking,
    imitates: family.imitates,
    traces: ours.length,
    alarmed,
    early: ours.filter((each) => each.leaking && each.isFalseAlarm).length,
    atEnd: ours.filter((each) => each.isLeakingAtEnd).length,
    used: finiteOrNull(quantile(numbers('used'), 0.5)),
    rateError: finiteOrNull(quantile(numbers('rateError'), 0.5)),
  }
}

interface Length {
  readonly length: string
  readonly fromSec: number
  readonly toSec: number
}

const LENGTHS: readonly Length[] = [
  { length: 'up to 10 min', fromSec: 0, toSec: 10 * MINUTE_SEC },
  { length: '10 min to 2 h', fromSec: 10 * MINUTE_SEC, toSec: 2 * HOUR_SEC },
  { length: '2 h to 1 d', fromSec: 2 * HOUR_SEC, toSec: DAY_SEC },
  { length: 'longer', fromSec: DAY_SEC, toSec: Infinity },
]

function lengthRow({ length, fromSec, toSec }: Length, ours: readonly Outcome[]): LengthRow {
  const those = ours.filter((each) => each.durationSec > fromSec && each.durationSec <= toSec)
  const { traces, precision, recall, falsePer1000Days, usedMedian } = summarize(those)
  return { length, traces, precision, recall, falsePer1000Days, usedMedian }
}

/** What a document can hold: six digits are more than anyone reads. */
function rounded(report: Report): Report {
  const short = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value
  return JSON.parse(JSON.stringify(report, short))
}

/** @param outcomes of all families, by detector; the first is ours */
export function createReport(
  seeds: number,
  rows: number,
  families: readonly FamilyRow[],
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
): Report {
  const [ours = []] = outcomes.values()
  return rounded({
    seeds,
    rows,
    detectors: Array.from(outcomes, ([name, each]) => ({ name, summary: summarize(each) })),
    families,
    lengths: LENGTHS.map((length) => lengthRow(length, ours)),
    misses: ours.map(explainMiss).filter((miss) => miss !== null),
  })
}
