/** @module How many bytes a serial line has carried by a time. Pure. */

/** Start, eight data bits and stop: 8N1. */
export const BITS_PER_BYTE = 10
/** What a reader that was woken late may catch up; a line that is idle saves up no more, or a byte. */
export const MAX_CREDIT_MS = 10

export interface LinePace {
  readonly bytesPerMs: number
  /** Of time not yet spent on a whole byte. */
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

/** Books what it really carried. What was due and not there is lost, as on a real line, but for what is just late. */
export function bookBytes(pace: LinePace, carried: number): void {
  const mostMs = Math.max(MAX_CREDIT_MS, 1 / pace.bytesPerMs)
  pace.creditMs = Math.min(pace.creditMs - carried / pace.bytesPerMs, mostMs)
}
