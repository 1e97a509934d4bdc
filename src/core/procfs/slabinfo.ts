/** @module /proc/slabinfo: the memory of each slab cache of the kernel. */
import { parseDecimal, skipBlanks, skipWord } from './scan.ts'

/** One cache; overwritten by each parse. */
export interface SlabLine {
  /** Bounds of the name in the bytes that were parsed. */
  nameStart: number
  nameEnd: number
  pages: number
}

export function emptySlabLine(): SlabLine {
  return { nameStart: 0, nameEnd: 0, pages: Number.NaN }
}

/** Words of a line: the name, then numbers; `pagesperslab` is the fifth of them. */
const PAGES_PER_SLAB = 5
/** `num_slabs` in `... : slabdata <active_slabs> <num_slabs> <sharedavail>`. */
const NUM_SLABS = 14

/**
 * Fills `into` from a line of version 2.1, the only one since 2.6.10. Every slab of a cache counts,
 * used or not: that is what the host misses.
 * @returns false, with `into` undefined, for the two lines of the head and any other form.
 * @see mm/slab_common.c cache_show(), v2.6.10..v6.18
 */
export function parseSlabLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: SlabLine,
): boolean {
  if (bytes[start] === 35) return false
  let pagesPerSlab = Number.NaN
  let at = skipWord(bytes, start, end)
  into.nameStart = start
  into.nameEnd = at
  for (let word = 1; word <= NUM_SLABS; word++) {
    at = skipBlanks(bytes, at, end)
    if (at >= end) return false
    if (word === PAGES_PER_SLAB) pagesPerSlab = parseDecimal(bytes, at, end)
    if (word === NUM_SLABS) into.pages = parseDecimal(bytes, at, end) * pagesPerSlab
    at = skipWord(bytes, at, end)
  }
  return into.nameEnd > start && !Number.isNaN(into.pages)
}
