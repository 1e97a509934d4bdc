/** @module The Mann-Kendall trend test, with Sen's slope (Mann 1945, Sen 1968). */
import { DAY_SEC } from '../../../src/base/units.ts'
import { detectByRule, type Rule, type Series } from './stream-rule.ts'

const MIN_POINTS = 20
/** Normal quantile of p = 0.001, two-sided. */
const MIN_Z = 3.29
const HORIZON_SEC = 7 * DAY_SEC
/** Every point against every other is too dear at 240: each so many. */
const MOST = 60

const slopes = new Float64Array((MOST * (MOST - 1)) / 2)

/** First point and distance of those that are compared; the last is among them. */
function sparse(count: number): { first: number; step: number } {
  const step = Math.ceil(count / MOST)
  return { first: (count - 1) % step, step }
}

function zOf({ levels, count }: Series): number {
  const { first, step } = sparse(count)
  let rises = 0
  let n = 0
  for (let j = first; j < count; j += step) {
    n++
    for (let i = first; i < j; i += step) {
      rises += Math.sign((levels[j] as number) - (levels[i] as number))
    }
  }
  return rises / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
}

function senSlope({ tSec, levels, count }: Series): number {
  const { first, step } = sparse(count)
  let pairs = 0
  for (let j = first; j < count; j += step) {
    for (let i = first; i < j; i += step) {
      const rise = (levels[j] as number) - (levels[i] as number)
      slopes[pairs++] = rise / ((tSec[j] as number) - (tSec[i] as number))
    }
  }
  return slopes.subarray(0, pairs).sort()[pairs >> 1] as number
}

/** A significant rise that meets the limit within a week. */
export const mannKendallRule: Rule = (series) => {
  const { count, limitBytes, levels, tSec } = series
  if (count < MIN_POINTS) return null
  if (zOf(series) < MIN_Z) return null
  const slope = senSlope(series)
  if (slope <= 0) return null
  if ((limitBytes - (levels[count - 1] as number)) / slope > HORIZON_SEC) return null
  return { rateBytesPerSec: slope, onsetSec: tSec[0] as number }
}

export const detectByMannKendall = detectByRule(mannKendallRule)
