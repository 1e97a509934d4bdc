/** @module The rate limit of OOM reports: ten in five seconds (oom_kill.c, oom_rs; lib/ratelimit.c before 6.16). */

const INTERVAL_MS = 5000
const BURST = 10

/**
 * Whether a report is printed in full. The window begins anew with the first report after its end: reports that take
 * longer than half a second each never fill one.
 */
export function createRateLimit(): (atMs: number) => boolean {
  let beginMs = Number.NEGATIVE_INFINITY
  let printed = 0
  return (atMs) => {
    if (atMs > beginMs + INTERVAL_MS) {
      beginMs = atMs
      printed = 0
    }
    if (printed >= BURST) return false
    printed++
    return true
  }
}
