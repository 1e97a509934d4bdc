/** @module The straight line that most rules fit. */
import type { Series } from './stream-rule.ts'

export interface Line {
  readonly slope: number
  /** Standard error of the slope. */
  readonly slopeError: number
  /** Share of the variance that the line explains. */
  readonly r2: number
  readonly startLevel: number
  /** Value of the line at the last point. */
  readonly endLevel: number
}

/** Least squares over points `from` up to, but without, `to`: at least 3 of them. */
export function fitLine({ tSec, levels }: Series, from: number, to: number): Line {
  const n = to - from
  let meanT = 0
  let meanY = 0
  for (let i = from; i < to; i++) {
    meanT += (tSec[i] as number) / n
    meanY += (levels[i] as number) / n
  }
  let tt = 0
  let ty = 0
  let yy = 0
  for (let i = from; i < to; i++) {
    const t = (tSec[i] as number) - meanT
    const y = (levels[i] as number) - meanY
    tt += t * t
    ty += t * y
    yy += y * y
  }
  const slope = tt > 0 ? ty / tt : 0
  const residual = Math.max(0, yy - slope * ty)
  return {
    slope,
    slopeError: Math.sqrt(residual / Math.max(1, n - 2) / Math.max(tt, Number.MIN_VALUE)),
    r2: yy > 0 ? (slope * ty) / yy : 0,
    startLevel: meanY + slope * ((tSec[from] as number) - meanT),
    endLevel: meanY + slope * ((tSec[to - 1] as number) - meanT),
  }
}
