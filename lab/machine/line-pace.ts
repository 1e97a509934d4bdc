/** @module How many bytes a serial line has carried by a time. Pure. */

/** Start, eight data bits and stop: 8N1. */
export const BITS_PER_BYTE = 10

export interface LinePace {
  readonly bytesPerMs: number
  /** Of time not yet spent on a whole byte; a line that was idle saves nothing up. */
  creditMs: number
  lastMs: number
}

export function createPace(baud: number, nowMs: number): LinePace {
  return { bytesPerMs: baud / BITS_PER_BYTE / 1000, creditMs: 0, lastMs: nowMs }
}

/** Bytes that the line could have carried since it was asked last. */
export function bytesDue(pace: LinePace, nowMs: number): number {
  pace.creditMs += nowMs - pace.lastMs
  pace.lastMs = nowMs
  return Math.floor(pace.creditMs * pace.bytesPerMs)
}

/** Books what it really carried of `due`; what was due and not there is lost, as on a real line. */
export function bookBytes(pace: LinePace, due: number, carried: number): void {
  if (carried < due) pace.creditMs = 0
  else pace.creditMs -= carried / pace.bytesPerMs
}
