/**
 * @module Curves reckoned once for all rows of a trace: those that several parts share, and those whose
 * height is known only when they have been reckoned.
 */
import type { Part } from '../kit/parts.ts'
import type { Setting } from '../kit/setting.ts'

/** Gives at each row's time its value. */
function along({ tSec }: Setting, values: Float64Array): Part {
  let at = 0
  return (t) => {
    if (t < (tSec[at] as number)) at = 0
    while (at + 1 < tSec.length && (tSec[at + 1] as number) <= t) at++
    return values[at] as number
  }
}

/** `part` as it was in one run, to be asked by as many as like. */
export function tabulate(setting: Setting, part: Part): Part {
  return along(setting, setting.tSec.map(part))
}

/** `part`, scaled so that its highest row is `top`. */
export function scaleTo(setting: Setting, top: number, part: Part): Part {
  const values = setting.tSec.map(part)
  const highest = values.reduce((a, b) => Math.max(a, b), 0)
  return along(
    setting,
    values.map((value) => (highest > 0 ? (value * top) / highest : 0)),
  )
}

/** What piles up at a pace from `fromSec` on, scaled so that it is `total` at the last row. */
export function pileUp(setting: Setting, total: number, pace: Part, fromSec = 0): Part {
  const { tSec } = setting
  const values = new Float64Array(tSec.length)
  for (let i = 1; i < tSec.length; i++) {
    const since = Math.max(fromSec, tSec[i - 1] as number)
    const gone = Math.max(0, (tSec[i] as number) - since)
    values[i] = (values[i - 1] as number) + gone * Math.max(0, pace(tSec[i] as number))
  }
  const last = values[tSec.length - 1] as number
  return along(
    setting,
    values.map((value) => (last > 0 ? (value * total) / last : 0)),
  )
}

/** The last row before `part` is above nothing. */
export function beginOf({ tSec }: Setting, part: Part): number {
  const first = tSec.findIndex((t) => part(t) > 0)
  return tSec[Math.max(0, first - 1)] as number
}
