/**
 * @module The guard's own log: a JSON line with journald's priority before it (sd-daemon(3)), and no
 * line twice a minute for the same code.
 */
import { writeSync } from 'node:fs'

/** Priorities of syslog(3) that the guard uses. */
export type Priority = 3 | 4 | 6

export interface GuardLog {
  say(priority: Priority, code: string, message: string): void
  /** Contained errors by code. */
  readonly counts: Record<string, number>
}

const QUIET_MS = 60_000

/** @param nowMs a clock that nobody sets */
export function createLog(nowMs: () => number): GuardLog {
  const counts: Record<string, number> = {}
  const saidAtMs = new Map<string, number>()
  return {
    counts,
    say(priority, code, message) {
      if (priority < 6) counts[code] = (counts[code] ?? 0) + 1
      const now = nowMs()
      if (now - (saidAtMs.get(code) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return
      saidAtMs.set(code, now)
      const line = JSON.stringify({ time: new Date().toISOString(), code, message })
      try {
        writeSync(2, `<${priority}>${line}\n`)
      } catch {
        // Nobody reads the guard's stderr any more: its work goes on without.
      }
    },
  }
}
