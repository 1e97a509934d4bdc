/** @module A rule after Precog (arXiv 2106.08938): change points, and a line from each to the end. */
import { DAY_SEC } from '../../../src/base/units.ts'
import { fitLine } from './line.ts'
import { detectByRule, type Rule, type Series } from './stream-rule.ts'

const MIN_POINTS = 30
const MIN_R2 = 0.8
const HORIZON_SEC = 7 * DAY_SEC
/** Modified z-score of a first difference that makes a change point. */
const MIN_Z = 3.5
/** Change points are at least this share of the series apart, and as far from its end: six hours of
 * the days that the paper looks at. */
const APART = 1 / 12
/** Of the headroom, what must be used: the paper's 40 % of utilisation. */
const MIN_USED = 0.1

const differences = new Float64Array(240)
const deviations = new Float64Array(240)

function median(values: Float64Array, count: number): number {
  return values.subarray(0, count).toSorted()[count >> 1] as number
}

/** Points from which the level went another way, the start among them. */
function changePoints({ levels, count }: Series): number[] {
  for (let i = 1; i < count; i++) {
    differences[i - 1] = (levels[i] as number) - (levels[i - 1] as number)
  }
  const middle = median(differences, count - 1)
  for (let i = 0; i < count - 1; i++) {
    deviations[i] = Math.abs((differences[i] as number) - middle)
  }
  const spread = median(deviations, count - 1)
  const found = [0]
  for (let i = 0; i < count - 1; i++) {
    const last = found[found.length - 1] as number
    // 0.6745: the quartile of the normal distribution (Iglewicz and Hoaglin 1993).
    const z = (0.6745 * (deviations[i] as number)) / Math.max(spread, 1)
    if (z > MIN_Z && i + 1 - last >= count * APART) found.push(i + 1)
  }
  return found.filter((at) => count - at >= Math.max(MIN_POINTS / 2, count * APART))
}

/** The best line from a change point that rises to the limit within a week, above all before it. */
export const precogRule: Rule = (series) => {
  const { count, levels, tSec, limitBytes } = series
  if (count < MIN_POINTS) return null
  const last = levels[count - 1] as number
  if (last - (levels[0] as number) < MIN_USED * (limitBytes - (levels[0] as number))) return null
  let best = null
  let bestR2 = MIN_R2
  for (const from of changePoints(series)) {
    const line = fitLine(series, from, count)
    if (line.slope <= 0 || line.r2 < bestR2) continue
    if ((limitBytes - line.endLevel) / line.slope > HORIZON_SEC) continue
    const before = levels.subarray(0, from)
    if (before.some((level) => level > last)) continue
    bestR2 = line.r2
    best = {
      rateBytesPerSec: line.slope,
      rateLow: line.slope - 1.96 * line.slopeError,
      rateHigh: line.slope + 1.96 * line.slopeError,
      onsetSec: tSec[from] as number,
    }
  }
  return best
}

export const detectByPrecog = detectByRule(precogRule)
