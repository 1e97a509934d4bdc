/**
 * @module The alarm that stands for a series: raised, kept up to date, carried over a restart, taken
 * back.
 */
import { HOUR_SEC } from '../../base/units.ts'
import { STALLED_LATE_SHARE } from './judge.ts'
import type { Arena } from './ladder.ts'
import { headerAt } from './ladder.ts'
import type { Shape } from './shape.ts'
import { FIELD } from './slab.ts'

/** A leak that follows the day pauses at night: an alarm that took hours stands until the next
 * working day could have shown it again. */
const SHORT_ALARM_SEC = 6 * HOUR_SEC
const NIGHT_SEC = 12 * HOUR_SEC
/** An alarm is over when this share of its growth was given back. */
const GIVEN_BACK = 0.6
/** What holds this high is no all-clear: a collector that fights for its last room does so too. */
export const NEAR_LIMIT = 0.85
/** A new process is compared with the one before once it is this share as old as that one was when
 * it was confirmed. */
const DUE = 0.5

/** Writes down how the series grows, as the widest view sees it. */
export function tellGrowth(
  arena: Arena,
  slot: number,
  shape: Shape,
  used: number,
  bucketSec: number,
  runSec: number,
): void {
  const d = arena.doubles
  const at = headerAt(slot)
  d[at + FIELD.rate] = shape.slope / bucketSec
  d[at + FIELD.rateLow] = shape.slopeLow / bucketSec
  d[at + FIELD.rateHigh] = shape.slopeHigh / bucketSec
  d[at + FIELD.sinceSec] = (d[at + FIELD.lastSec] as number) - runSec
  d[at + FIELD.used] = used
}

export function raiseAlarm(
  arena: Arena,
  slot: number,
  shape: Shape,
  used: number,
  bucketSec: number,
  runSec: number,
): void {
  const d = arena.doubles
  const at = headerAt(slot)
  tellGrowth(arena, slot, shape, used, bucketSec, runSec)
  d[at + FIELD.alarmSec] = d[at + FIELD.lastSec] as number
  d[at + FIELD.alarmBase] = shape.base
  d[at + FIELD.alarmGrowth] = shape.growth
  d[at + FIELD.alarmOnsetSec] = d[at + FIELD.sinceSec] as number
  d[at + FIELD.alarmTookSec] = runSec
}

export function clearAlarm(arena: Arena, slot: number): void {
  arena.doubles[headerAt(slot) + FIELD.alarmSec] = NaN
}

/**
 * Takes the alarm back where its growth ended; keeps its rate up to date where it goes on.
 * @param windowSec how far back the shape sees
 */
export function reviewAlarm(
  arena: Arena,
  slot: number,
  shape: Shape,
  used: number,
  bucketSec: number,
  runSec: number,
  windowSec: number,
): void {
  const d = arena.doubles
  const at = headerAt(slot)
  const sinceOnsetSec = (d[at + FIELD.lastSec] as number) - (d[at + FIELD.alarmOnsetSec] as number)
  // After a restart the growth comes anew, as fast as it came before.
  const due = sinceOnsetSec / (d[at + FIELD.alarmTookSec] as number)
  if (due < DUE) return
  const expected = (d[at + FIELD.alarmGrowth] as number) * Math.min(1, due)
  const kept = (d[at + FIELD.lastLevel] as number) - (d[at + FIELD.alarmBase] as number)
  if (kept < (1 - GIVEN_BACK) * expected) {
    clearAlarm(arena, slot)
    return
  }
  if (due < 1 || windowSec < sinceOnsetSec || shape.growth <= 0) return
  if (shape.lateShare < STALLED_LATE_SHARE) {
    const room = (d[at + FIELD.limitLevel] as number) - (d[at + FIELD.startLevel] as number)
    if (shape.last - (d[at + FIELD.startLevel] as number) > NEAR_LIMIT * room) return
    if (runSec >= SHORT_ALARM_SEC && runSec < 3 * NIGHT_SEC) return
    clearAlarm(arena, slot)
    // It holds this much; only what goes beyond is news.
    d[at + FIELD.knownLevel] = Math.max(d[at + FIELD.knownLevel] as number, shape.last)
    return
  }
  if (shape.increments >= 3) tellGrowth(arena, slot, shape, used, bucketSec, runSec)
}
