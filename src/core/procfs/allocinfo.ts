/** @module /proc/allocinfo: what the kernel holds, by the line of its source that allocated it. */
import { decodeText, parseDecimal, skipBlanks, skipWord } from './scan.ts'

export interface AllocTag {
  readonly bytes: number
  /** `drivers/net/x.c:270 func:x_open`, with `[MODULE]` where it is one. */
  readonly tag: string
}

/**
 * Sources that allocate for programs and for the page cache, or pages that other tags divide (slub):
 * all counted elsewhere already.
 */
const COUNTED_ELSEWHERE =
  /^mm\/(filemap|memory|readahead|shmem|huge_memory|khugepaged|mempolicy|migrate|slub|slab_common|swap_state|swapfile|hugetlb|userfaultfd|ksm|vmalloc|percpu)\.c:/
/** Caches that the kernel gives back when memory is short: inodes, names, buffers, page cache nodes. */
const RECLAIMABLE =
  /func:(?:\w*alloc_inode\w*|__d_alloc|alloc_buffer_head|xas_alloc|xas_nomem|radix_tree_\w+|__es_alloc_extent|kernfs_\w+)$/

/** Version 2.0 puts it to counters that missed some allocations. */
const INACCURATE = / accurate:no/

/** Whether a tag holds memory that no other pool shows and that does not come back by itself. */
export function isKernelOwn(tag: string): boolean {
  return !COUNTED_ELSEWHERE.test(tag) && !RECLAIMABLE.test(tag.replace(/ \[.*\]/, ''))
}

/** Whether BPF allocated it. */
export function isBpf(tag: string): boolean {
  return tag.startsWith('kernel/bpf/')
}

/**
 * One line `SIZE CALLS FILE:LINE [MODULE] func:NAME`, if its size is at least `minBytes`: most of the
 * thousands of lines are small, and no string is built for them.
 * @see lib/alloc_tag.c allocinfo_show(), alloc_tag_to_text(), v6.10..v6.18
 */
export function parseAllocLine(
  line: Uint8Array,
  start: number,
  end: number,
  minBytes: number,
): AllocTag | undefined {
  const size = skipBlanks(line, start, end)
  const bytes = parseDecimal(line, size, end)
  if (!(bytes >= minBytes)) return undefined
  const calls = skipBlanks(line, skipWord(line, size, end), end)
  if (Number.isNaN(parseDecimal(line, calls, end))) return undefined
  const tag = skipBlanks(line, skipWord(line, calls, end), end)
  if (tag >= end) return undefined
  return { bytes, tag: decodeText(line, tag, end).replace(INACCURATE, '').trimEnd() }
}
