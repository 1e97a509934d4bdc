/** @module /proc/vmallocinfo: areas of the kernel's virtual memory, by the function that made them. */
import { asciiBytes, findByte, parseDecimal, SPACE, startsWith } from './scan.ts'

const BPF = asciiBytes('bpf_')
const PAGES = asciiBytes('pages=')
const PLUS = 43

/**
 * Pages of one area when a function of BPF made it, else 0: maps and programs above some tens of KiB
 * (smaller ones are slab). Lines read `START-END SIZE CALLER+OFFSET/LENGTH [pages=N] vmalloc ...`.
 * @see mm/vmalloc.c vmalloc_info_show(), v2.6.27..v6.18; kernel/bpf/syscall.c __bpf_map_area_alloc()
 */
export function parseBpfPages(bytes: Uint8Array, start: number, end: number): number {
  const size = findByte(bytes, SPACE, start, end)
  if (size < 0) return 0
  let caller = size
  while (caller < end && bytes[caller] === SPACE) caller++
  caller = findByte(bytes, SPACE, caller, end)
  const plus = caller < 0 ? -1 : findByte(bytes, PLUS, caller, end)
  for (let at = caller; at >= 0 && at < plus; at++) {
    if (startsWith(bytes, at, plus, BPF)) return parsePages(bytes, plus, end)
  }
  return 0
}

function parsePages(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (startsWith(bytes, at, end, PAGES)) return parseDecimal(bytes, at + PAGES.length, end) || 0
  }
  return 0
}
