/** @module /proc/pressure/memory and a cgroup's memory.pressure: who waited for memory. */
import type { PsiRow } from './records.ts'
import { asciiBytes, forEachLine, parseDecimal, SPACE, startsWith } from './scan.ts'

const SOME = asciiBytes('some ')
const FULL = asciiBytes('full ')
const EQUALS = 61
const DOT = 46

/** The `index`-th `key=value` of a line: avg10, avg60, avg300, total. NaN: not there. */
function parseField(bytes: Uint8Array, start: number, end: number, index: number): number {
  let at = start
  for (let seen = 0; at < end; at++) {
    if (bytes[at] === EQUALS && seen++ === index) break
  }
  const whole = parseDecimal(bytes, at + 1, end)
  let fraction = 0
  while (at < end && bytes[at] !== DOT && bytes[at] !== SPACE) at++
  // The kernel prints exactly two digits after the point.
  if (bytes[at] === DOT) fraction = parseDecimal(bytes, at + 1, end) / 100
  return whole + (fraction || 0)
}

/**
 * Averages in percent of time, totals in microseconds since boot.
 * @returns `undefined` when a figure of either line is not there.
 * @see kernel/sched/psi.c psi_show(), v4.20..v6.18; Documentation/accounting/psi.rst
 */
export function parsePsi(bytes: Uint8Array, length: number): PsiRow | undefined {
  let some = -1
  let full = -1
  let someEnd = 0
  let fullEnd = 0
  forEachLine(bytes, length, (start, end) => {
    if (startsWith(bytes, start, end, SOME)) {
      some = start
      someEnd = end
    } else if (startsWith(bytes, start, end, FULL)) {
      full = start
      fullEnd = end
    }
  })
  if (some < 0 || full < 0) return undefined
  const row: PsiRow = {
    someAvg10Pct: parseField(bytes, some, someEnd, 0),
    someAvg60Pct: parseField(bytes, some, someEnd, 1),
    someTotalUs: parseField(bytes, some, someEnd, 3),
    fullAvg10Pct: parseField(bytes, full, fullEnd, 0),
    fullAvg60Pct: parseField(bytes, full, fullEnd, 1),
    fullTotalUs: parseField(bytes, full, fullEnd, 3),
  }
  return Object.values(row).some(Number.isNaN) ? undefined : row
}
