/** @module The clock of a run. */

/**
 * Milliseconds of CLOCK_MONOTONIC: the same in all processes of this host, and it never jumps, as the
 * wall clock may.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
