/** @module /proc/vmallocinfo: areas of the kernel's virtual memory, by the function that made them. */
import { asciiBytes, decodeText, parseDecimal, skipBlanks, skipWord, startsWith } from './scan.ts'

/**
 * Functions of BPF that ask for pages: programs are `bpf_*`, maps name their own constructor
 * (`array_map_alloc`, `htab_map_alloc`), since __bpf_map_area_alloc() passes its caller on.
 */
const BPF_CALLER =
  /^(?:_*bpf_\w+|\w+_map_alloc|prealloc_init|prealloc_elems_and_freelist|reuseport_array_alloc)\+/
/** Its pages are mapped twice in a row, so that a record never wraps (kernel/bpf/ringbuf.c). */
const RING_BUFFER = /^(?:ringbuf_map_alloc|bpf_ringbuf_\w+)\+/
const PAGES = asciiBytes('pages=')

function findPages(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at = skipBlanks(bytes, skipWord(bytes, at, end), end)) {
    if (startsWith(bytes, at, end, PAGES)) return parseDecimal(bytes, at + PAGES.length, end)
  }
  return Number.NaN
}

/**
 * Bytes of one area when BPF made it, else 0: maps and programs above some tens of KiB (smaller ones
 * are slab). Lines read `START-END SIZE CALLER+OFFSET/LENGTH [pages=N] vmalloc ...`.
 * @see mm/vmalloc.c vmalloc_info_show(), v2.6.27..v6.18
 */
export function parseBpfBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  pageSize: number,
): number {
  const size = skipBlanks(bytes, skipWord(bytes, start, end), end)
  const caller = skipBlanks(bytes, skipWord(bytes, size, end), end)
  const behind = skipWord(bytes, caller, end)
  const name = decodeText(bytes, caller, behind)
  if (!BPF_CALLER.test(name)) return 0
  const pages = findPages(bytes, behind, end)
  if (!Number.isNaN(pages)) return pages * pageSize
  return RING_BUFFER.test(name) ? (parseDecimal(bytes, size, end) || 0) / 2 : 0
}
