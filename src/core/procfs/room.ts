/** @module How much memory a host has left, from /proc/meminfo: a few lines of it, read many times a second. */
import { KIB } from '../../base/units.ts'
import { asciiBytes, findByte, NEWLINE, parseDecimal, startsWith } from './scan.ts'

/** Overwritten by each parse; NaN where a line is missing. */
export interface Room {
  /** Memory that programs can have: without what huge pages took for themselves. */
  totalBytes: number
  /** Available, and swap that is free. */
  roomBytes: number
}

const TOTAL = asciiBytes('MemTotal:')
const AVAILABLE = asciiBytes('MemAvailable:')
const SWAP_FREE = asciiBytes('SwapFree:')
const HUGE = asciiBytes('Hugetlb:')

/**
 * Before 3.14 there is no MemAvailable: the room is NaN then. Hugetlb came with 4.16.
 * @see fs/proc/meminfo.c meminfo_proc_show(); "kB" is KiB
 */
export function parseRoom(bytes: Uint8Array, length: number, into: Room): void {
  let total = Number.NaN
  let available = Number.NaN
  let swapFree = 0
  let huge = 0
  for (let start = 0; start < length; ) {
    const newline = findByte(bytes, NEWLINE, start, length)
    const end = newline < 0 ? length : newline
    if (startsWith(bytes, start, end, TOTAL)) {
      total = parseDecimal(bytes, start + TOTAL.length, end)
    } else if (startsWith(bytes, start, end, AVAILABLE)) {
      available = parseDecimal(bytes, start + AVAILABLE.length, end)
    } else if (startsWith(bytes, start, end, SWAP_FREE)) {
      swapFree = parseDecimal(bytes, start + SWAP_FREE.length, end)
    } else if (startsWith(bytes, start, end, HUGE)) {
      huge = parseDecimal(bytes, start + HUGE.length, end)
    }
    start = end + 1
  }
  into.totalBytes = (total - huge) * KIB
  into.roomBytes = (available + swapFree) * KIB
}
