/** @module Moments as a reader's clock shows them. The offset is a parameter, so that it can be tested. */
import { SECOND_MS } from '../../../base/units.ts'

/** Both clocks at one moment. */
export interface ClockPair {
  readonly bootMs: number
  readonly wallMs: number
}

const MINUTE_MS = 60 * SECOND_MS

function iso(wallMs: number, utcOffsetMin: number): string {
  const moment = new Date(wallMs + utcOffsetMin * MINUTE_MS)
  // A clock that is set to nonsense is no reason to end.
  return Number.isNaN(moment.getTime()) ? '????-??-??T??:??:??' : moment.toISOString()
}

/** `07:10:05`. */
export function formatTime(wallMs: number, utcOffsetMin: number): string {
  return iso(wallMs, utcOffsetMin).slice(11, 19)
}

/** A moment of the series' own clock: `07:10`, with its date where that is not today's. */
export function formatSince(bootSec: number, now: ClockPair, utcOffsetMin: number): string {
  const text = iso(now.wallMs - (now.bootMs - bootSec * SECOND_MS), utcOffsetMin)
  const isToday = text.slice(0, 10) === iso(now.wallMs, utcOffsetMin).slice(0, 10)
  return isToday ? text.slice(11, 16) : `${text.slice(0, 10)} ${text.slice(11, 16)}`
}
