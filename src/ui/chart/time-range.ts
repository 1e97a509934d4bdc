/** @module Which part of time is shown, from the address alone. */
import { LAST_DATE_MS } from '../../base/units.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export const RANGES: readonly { readonly key: string; word: string; readonly lengthMs: number }[] =
  [
    { key: '15m', word: '15 min', lengthMs: 15 * MINUTE_MS },
    { key: '1h', word: '1 h', lengthMs: HOUR_MS },
    { key: '6h', word: '6 h', lengthMs: 6 * HOUR_MS },
    { key: '1d', word: '1 d', lengthMs: DAY_MS },
    { key: '2w', word: '2 w', lengthMs: 14 * DAY_MS },
  ]

export type TimeRange =
  | { readonly kind: 'last'; readonly key: string; readonly lengthMs: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number }

/** From `?range=1h` or `?from=MS&to=MS`; anything else is the last 15 minutes. */
export function parseRange(params: URLSearchParams): TimeRange {
  const [from, to] = [Number(params.get('from')), Number(params.get('to'))]
  if (from > 0 && to > from && to <= LAST_DATE_MS) return { kind: 'fixed', fromMs: from, toMs: to }
  const found = RANGES.find(({ key }) => key === params.get('range')) ?? RANGES[0]
  return { kind: 'last', key: found?.key ?? '15m', lengthMs: found?.lengthMs ?? 15 * MINUTE_MS }
}

/** Where the range begins and ends when the last sample is of `lastMs`. */
export function boundsOf(range: TimeRange, lastMs: number): { fromMs: number; toMs: number } {
  return range.kind === 'fixed' ? range : { fromMs: lastMs - range.lengthMs, toMs: lastMs }
}

const SHORTEST_MS = MINUTE_MS

/**
 * The shortest range begins with the first sample where that is later, so that what began a minute
 * ago is a picture and not a sliver at its edge.
 */
export function fitBounds(
  range: TimeRange,
  lastMs: number,
  firstMs: number | undefined,
): { fromMs: number; toMs: number } {
  const { fromMs, toMs } = boundsOf(range, lastMs)
  if (range.kind === 'fixed' || range.key !== RANGES[0]?.key || firstMs === undefined) {
    return { fromMs, toMs }
  }
  return { fromMs: Math.max(fromMs, Math.min(firstMs, toMs - SHORTEST_MS)), toMs }
}
