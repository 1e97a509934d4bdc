/** @module What the detector must reach on the scored families. */
import type { Summary } from './summary.ts'

interface Measure {
  readonly what: string
  readonly of: (summary: Summary) => number
  readonly holds: (value: number) => boolean
}

const MEASURES: readonly Measure[] = [
  { what: 'precision above 0.95', of: (s) => s.precision, holds: (v) => v > 0.95 },
  { what: 'recall above 0.95', of: (s) => s.recall, holds: (v) => v > 0.95 },
  {
    what: 'at most 5 false alarms per 1000 process-days',
    of: (s) => s.falsePer1000Days,
    holds: (v) => v <= 5,
  },
  {
    what: 'median share of the headroom used at the alarm below 0.35',
    of: (s) => s.usedMedian,
    holds: (v) => v < 0.35,
  },
  {
    what: 'median error of the rate below 0.15',
    of: (s) => s.rateErrorMedian,
    holds: (v) => v < 0.15,
  },
]

export interface MeasureResult {
  readonly what: string
  readonly value: number
  readonly isMet: boolean
}

export function checkMeasures(summary: Summary): readonly MeasureResult[] {
  return MEASURES.map(({ what, of, holds }) => {
    const value = of(summary)
    return { what, value, isMet: holds(value) }
  })
}
