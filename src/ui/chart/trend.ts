/** @module The fitted trend and the cone of exhaustion as lines in time, from a verdict alone. */
import type { SubjectRow } from '../../core/wire/records.ts'
import { bootToWallMs } from '../say/time.ts'

export interface Point {
  readonly wallMs: number
  readonly bytes: number
}

export interface Outlook {
  /** Where the growth began, now, and where the limit is reached. */
  readonly onset: Point
  readonly now: Point
  readonly end: Point
  /** Limit reached earliest and latest; `null`: maybe never. */
  readonly earliest: Point | null
  readonly latest: Point | null
  readonly limitBytes: number
}

/** Beyond this a date says nothing; the cone is cut there. */
const MAX_AHEAD_MS = 2 * 365 * 86_400_000

/** The level at which the limit is reached; `null`: no limit is known. */
export function limitLevelOf(row: SubjectRow): number | null {
  return row.limit === null ? null : row.levelBytes + row.limit.headroomBytes
}

/**
 * `null`: nothing grows, or towards no limit.
 * @param clocks the host's row that has both clocks
 */
export function outlookOf(
  row: SubjectRow,
  clocks: { readonly bootMs: number; readonly wallMs: number },
): Outlook | null {
  const { rateBytesPerSec, sinceSec, etaSec, etaLowSec, etaHighSec } = row.verdict
  const limitBytes = limitLevelOf(row)
  if (rateBytesPerSec === null || rateBytesPerSec <= 0 || etaSec === null) return null
  if (limitBytes === null || sinceSec === null) return null
  const now = { wallMs: clocks.wallMs, bytes: row.levelBytes }
  const onsetMs = Math.min(now.wallMs, bootToWallMs(sinceSec, clocks))
  const at = (sec: number): Point => ({
    wallMs: now.wallMs + Math.min(MAX_AHEAD_MS, sec * 1_000),
    bytes: limitBytes,
  })
  return {
    onset: {
      wallMs: onsetMs,
      bytes: Math.max(0, now.bytes - (rateBytesPerSec * (now.wallMs - onsetMs)) / 1_000),
    },
    now,
    end: at(etaSec),
    earliest: etaLowSec === null ? null : at(etaLowSec),
    latest: etaHighSec === null ? null : at(etaHighSec),
    limitBytes,
  }
}

/** From the onset to a little after the limit is surely reached, so that the whole cone is in sight. */
export function outlookBounds(outlook: Outlook): { fromMs: number; toMs: number } {
  const { onset, now, end, latest } = outlook
  const ahead = Math.min((latest ?? end).wallMs - now.wallMs, 3 * (end.wallMs - now.wallMs))
  const toMs = now.wallMs + Math.max(ahead, end.wallMs - now.wallMs) * 1.06
  return { fromMs: onset.wallMs - 0.03 * (toMs - onset.wallMs), toMs }
}
