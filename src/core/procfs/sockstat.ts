/** @module /proc/net/sockstat: pages that sockets' buffers hold, whosever they are. */
import { asciiBytes, findByte, forEachLine, parseDecimal, SPACE, startsWith } from './scan.ts'

const MEM = asciiBytes('mem ')
const TCP = asciiBytes('TCP:')
const UDP = asciiBytes('UDP:')

/** The number after the word `mem` in a line; NaN: none. */
function parseMem(bytes: Uint8Array, start: number, end: number): number {
  for (let at = findByte(bytes, SPACE, start, end); at >= 0; ) {
    if (startsWith(bytes, at + 1, end, MEM)) return parseDecimal(bytes, at + 1 + MEM.length, end)
    at = findByte(bytes, SPACE, at + 1, end)
  }
  return Number.NaN
}

/**
 * Pages of TCP and UDP buffers of the whole host (the counters are the protocol's, not the network
 * namespace's).
 * @returns `undefined` when neither line states it.
 * @see net/ipv4/proc.c sockstat_seq_show(), v2.6..v6.18
 */
export function parseSocketPages(bytes: Uint8Array, length: number): number | undefined {
  let pages: number | undefined
  forEachLine(bytes, length, (start, end) => {
    const isCounted = startsWith(bytes, start, end, TCP) || startsWith(bytes, start, end, UDP)
    const mem = isCounted ? parseMem(bytes, start, end) : Number.NaN
    if (!Number.isNaN(mem)) pages = (pages ?? 0) + mem
  })
  return pages
}
