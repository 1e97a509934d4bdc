/** @module Which part of time is shown: the last so long, or a part that was selected. */
import { formatAbsolute, formatMoment } from '../say/time.ts'
import { nowMs } from '../store/connection.ts'
import { navigate, query, queryHref } from '../store/location.ts'
import { parseRange, RANGES } from './time-range.ts'

/** Shows a selected part of the axis; one that is too short to hold samples is no selection. */
export function selectRange(fromMs: number, toMs: number): void {
  if (toMs - fromMs < 5_000) return
  navigate(
    queryHref({ range: null, from: String(Math.round(fromMs)), to: String(Math.round(toMs)) }),
  )
}

export function RangeChoice() {
  const range = parseRange(query.value)
  return (
    <nav class="ranges" aria-label="Time range">
      {RANGES.map(({ key, word }) => (
        <a
          key={key}
          href={queryHref({ range: key, from: null, to: null })}
          aria-current={range.kind === 'last' && range.key === key ? 'true' : undefined}
        >
          {word}
        </a>
      ))}
      {range.kind === 'fixed' ? (
        <span class="fixed-range">
          {formatAbsolute(range.fromMs).slice(0, 16)} to{' '}
          {formatMoment(Math.min(range.toMs, nowMs.value), range.fromMs)}
        </span>
      ) : null}
    </nav>
  )
}
