/** @module Prometheus' predict_linear as alerts use it: a recent line, drawn on to the limit. */
import { fitLine } from './line.ts'
import { detectByRule, type Rule } from './stream-rule.ts'

const MIN_POINTS = 24
/** The window is the last quarter, at least so many points; the forecast goes four windows ahead, as
 * `predict_linear(x[6h], 24 * 3600)` does. */
const MIN_WINDOW = 12
const AHEAD = 4

/** The limit is met within the forecast. */
export const predictLinearRule: Rule = (series) => {
  const { count, tSec, limitBytes } = series
  if (count < MIN_POINTS) return null
  const from = count - Math.max(MIN_WINDOW, count >> 2)
  const { slope, endLevel } = fitLine(series, from, count)
  const windowSec = (tSec[count - 1] as number) - (tSec[from] as number)
  if (slope <= 0 || endLevel + slope * AHEAD * windowSec < limitBytes) return null
  return { rateBytesPerSec: slope, onsetSec: tSec[from] as number }
}

export const detectByPredictLinear = detectByRule(predictLinearRule)
