/** @module /proc/zoneinfo: free pages that each CPU keeps on lists of its own. */
import { asciiBytes, parseDecimal, skipBlanks, startsWith } from './scan.ts'

const COUNT = asciiBytes('count:')

/**
 * Pages of one line of a zone's pagesets, else 0. They are free and in no line of meminfo, and can be
 * gigabytes since 5.14, which sizes the lists by the zone.
 * @see mm/vmstat.c zoneinfo_show_print(), v2.6.16..v6.18
 */
export function parsePagesetCount(bytes: Uint8Array, start: number, end: number): number {
  const at = skipBlanks(bytes, start, end)
  return startsWith(bytes, at, end, COUNT) ? parseDecimal(bytes, at + COUNT.length, end) || 0 : 0
}
