/** @module Bytes of a line on a serial wire: its stamp, its text, carriage return and line feed. */
import type { LineStamp } from './records.ts'

/** `[12345.678901] `: five digits of seconds, more from 100,000 s of uptime on (printk.c, print_time). */
const TIME_BYTES = 15
const SHORT_UPTIME_SEC = 100_000
/** Two where the driver turns the line's end into CR LF (serial_core.c, uart_console_write). */
const END_BYTES = 2
/** `<6>`. */
const LEVEL_BYTES = 3

export function stampBytes({ hasTime, uptimeSec, callerBytes, hasLevel }: LineStamp): number {
  const isLong = uptimeSec >= SHORT_UPTIME_SEC
  const moreDigits = isLong ? String(Math.floor(uptimeSec)).length - 5 : 0
  const time = hasTime ? TIME_BYTES + moreDigits : 0
  return time + callerBytes + (hasLevel ? LEVEL_BYTES : 0)
}

/** @param text without its line's end; the kernel's texts are ASCII */
export function wireBytes(text: string, stamp: LineStamp): number {
  return stampBytes(stamp) + text.length + END_BYTES
}
