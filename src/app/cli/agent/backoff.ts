/** @module How long to wait before a process that ended is started again. */

const FIRST_MS = 250
const LAST_MS = 30_000
/** Who lived this long did not fail at its start. */
const SETTLED_MS = 60_000

/**
 * The wait doubles with each end that follows soon upon a start, and begins anew after a long life.
 * @param lastWaitMs the wait before that start; 0: there was none
 */
export function nextWaitMs(lastWaitMs: number, livedMs: number): number {
  if (lastWaitMs === 0 || livedMs >= SETTLED_MS) return FIRST_MS
  return Math.min(LAST_MS, 2 * lastWaitMs)
}
