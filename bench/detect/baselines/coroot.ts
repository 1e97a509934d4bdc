/** @module A rule after coroot's memory check: the longest stretch without a big drop, and its line. */
import { HOUR_SEC } from '../../../src/base/units.ts'
import { fitLine } from './line.ts'
import { detectByRule, type Rule, type Series } from './stream-rule.ts'

const MIN_POINTS = 10
/** A fall by more than this share ends a stretch. */
const BIG_DROP = 0.5
const MIN_SHARE_OF_WINDOW = 1 / 3
/** The last quarter must still rise at this share of the whole stretch's slope. */
const LATE_SLOPE = 0.3
/** Growth within an hour, as a share of the limit and of the level an hour ago. */
const MIN_OF_LIMIT = 0.05
const MIN_OF_LEVEL = 0.1

function longestStretch({ levels, count }: Series): { from: number; to: number } {
  let best = { from: 0, to: 0 }
  let from = 0
  for (let i = 1; i <= count; i++) {
    const isDrop = i < count && (levels[i] as number) < BIG_DROP * (levels[i - 1] as number)
    if (i < count && !isDrop) continue
    if (i - from > best.to - best.from) best = { from, to: i }
    from = i
  }
  return best
}

/** A stretch that reaches to the end and grows by a tenth an hour, a material part of the limit. */
export const corootRule: Rule = (series) => {
  const { count, tSec, levels, limitBytes } = series
  const { from, to } = longestStretch(series)
  if (to - from < MIN_POINTS || to < count || to - from < MIN_SHARE_OF_WINDOW * count) return null
  const whole = fitLine(series, from, to)
  if (whole.slope <= 0) return null
  const quarter = Math.max(3, (to - from) >> 2)
  if (fitLine(series, to - quarter, to).slope < LATE_SLOPE * whole.slope) return null
  const hourly = whole.slope * HOUR_SEC
  const before = Math.max(levels[from] as number, whole.endLevel - hourly)
  if (hourly < MIN_OF_LIMIT * limitBytes || hourly < MIN_OF_LEVEL * before) return null
  return { rateBytesPerSec: whole.slope, onsetSec: tSec[from] as number }
}

export const detectByCoroot = detectByRule(corootRule)
