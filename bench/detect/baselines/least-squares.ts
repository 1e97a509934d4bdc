/** @module Linear backward regression: a line that explains the series well enough and rises. */
import { DAY_SEC } from '../../../src/base/units.ts'
import { fitLine } from './line.ts'
import { detectByRule, type Rule } from './stream-rule.ts'

const MIN_POINTS = 30
const MIN_R2 = 0.8
const HORIZON_SEC = 7 * DAY_SEC

/** A rising line with R2 above 0.8 that meets the limit within a week (arXiv 2106.08938). */
export const leastSquaresRule: Rule = (series) => {
  const { count, limitBytes, tSec } = series
  if (count < MIN_POINTS) return null
  const { slope, slopeError, r2, endLevel } = fitLine(series, 0, count)
  if (slope <= 0 || r2 < MIN_R2 || (limitBytes - endLevel) / slope > HORIZON_SEC) return null
  return {
    rateBytesPerSec: slope,
    rateLow: slope - 1.96 * slopeError,
    rateHigh: slope + 1.96 * slopeError,
    onsetSec: tSec[0] as number,
  }
}

export const detectByLeastSquares = detectByRule(leastSquaresRule)
