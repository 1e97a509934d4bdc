/** @module The figures of many outcomes. */
import type { Outcome } from './score.ts'

export interface Summary {
  readonly traces: number
  readonly leaks: number
  /** Streaming: any alarm counts, also one that was taken back. */
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** The same by what stood at the end. */
  readonly precisionAtEnd: number
  readonly recallAtEnd: number
  readonly f1AtEnd: number
  readonly falseAlarms: number
  readonly harmlessDays: number
  readonly falsePer1000Days: number
  readonly usedMedian: number
  readonly usedP90: number
  readonly rateErrorMedian: number
  readonly rateCovered: number
  readonly etaErrorMedian: number
  readonly onsetErrorMedian: number
}

function count<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.reduce((total, item) => total + (holds(item) ? 1 : 0), 0)
}

/** NaN where there is nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

function known<Key extends keyof Outcome>(
  outcomes: readonly Outcome[],
  key: Key,
): NonNullable<Outcome[Key]>[] {
  return outcomes.map((each) => each[key]).filter((value) => value != null)
}

function f1Of(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

/** Nothing said is nothing wrong. */
function shareOf(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole
}

export function summarize(outcomes: readonly Outcome[]): Summary {
  const leaks = count(outcomes, (each) => each.leaking)
  const found = count(outcomes, (each) => each.isFound)
  const falseAlarms = count(outcomes, (each) => each.isFalseAlarm)
  const stands = count(outcomes, (each) => each.leaking && each.isLeakingAtEnd)
  const standsFalsely = count(outcomes, (each) => !each.leaking && each.isLeakingAtEnd)
  const harmlessDays = outcomes.reduce((total, each) => total + each.harmlessDays, 0)
  const precision = shareOf(found, found + falseAlarms)
  const recall = shareOf(found, leaks)
  const precisionAtEnd = shareOf(stands, stands + standsFalsely)
  const recallAtEnd = shareOf(stands, leaks)
  const used = known(outcomes, 'used')
  const covered = known(outcomes, 'isRateCovered')
  return {
    traces: outcomes.length,
    leaks,
    precision,
    recall,
    f1: f1Of(precision, recall),
    precisionAtEnd,
    recallAtEnd,
    f1AtEnd: f1Of(precisionAtEnd, recallAtEnd),
    falseAlarms,
    harmlessDays,
    falsePer1000Days: harmlessDays === 0 ? 0 : (1000 * falseAlarms) / harmlessDays,
    usedMedian: quantile(used, 0.5),
    usedP90: quantile(used, 0.9),
    rateErrorMedian: quantile(known(outcomes, 'rateError'), 0.5),
    rateCovered: count(covered, (is) => is) / covered.length,
    etaErrorMedian: quantile(known(outcomes, 'etaError'), 0.5),
    onsetErrorMedian: quantile(known(outcomes, 'onsetError'), 0.5),
  }
}
