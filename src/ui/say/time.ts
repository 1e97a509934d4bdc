/** @module Times for people: relative to now, with the absolute one at hand. */
import { formatDuration } from '../../base/format.ts'

const SECOND_MS = 1_000

/** `12 s ago`, `3 h 20 min ago`; a moment that is not over yet is `in 5 min`. */
export function formatAgo(wallMs: number, nowMs: number): string {
  const ageSec = (nowMs - wallMs) / SECOND_MS
  if (Math.abs(ageSec) < 1.5) return 'now'
  return ageSec > 0 ? `${formatDuration(ageSec)} ago` : `in ${formatDuration(-ageSec)}`
}

/** Local time to the second with its offset, ISO 8601: `2026-11-24 12:03:11 +01:00`. */
export function formatAbsolute(wallMs: number): string {
  const offsetMin = -new Date(wallMs).getTimezoneOffset()
  const iso = new Date(wallMs + offsetMin * 60_000).toISOString()
  const hours = String(Math.floor(Math.abs(offsetMin) / 60)).padStart(2, '0')
  const minutes = String(Math.abs(offsetMin) % 60).padStart(2, '0')
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} ${offsetMin < 0 ? '-' : '+'}${hours}:${minutes}`
}

/**
 * A moment of the series' own clock as wall time.
 * @param bootSec seconds since boot, as verdicts state them
 * @param now the host's row that has both clocks
 */
export function bootToWallMs(
  bootSec: number,
  now: { readonly bootMs: number; readonly wallMs: number },
): number {
  return now.wallMs - (now.bootMs - bootSec * SECOND_MS)
}

/** Local time, to the second where that means something, with the day where that is not today. */
export function formatMoment(wallMs: number, now: number): string {
  const [then, today] = [formatAbsolute(wallMs), formatAbsolute(now)]
  if (then.slice(0, 10) !== today.slice(0, 10)) return then.slice(0, 16)
  return Math.abs(wallMs - now) < 600 * SECOND_MS ? then.slice(11, 19) : then.slice(11, 16)
}
