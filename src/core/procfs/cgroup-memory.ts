/** @module A cgroup's memory: what of it would not come back, and its limits. Versions 1 and 2. */
import { decodeText, findByte, forEachLine, parseDecimal, SPACE } from './scan.ts'

/** Limits above this stand for none: v1 prints the largest page counter (include/linux/page_counter.h). */
const NO_LIMIT_BYTES = 2 ** 60

/** Keys of memory.stat by version, whose sum does not come back when memory gets short. */
const HELD_V1 = ['total_rss', 'total_shmem', 'total_swap'] as const
const HELD_V2 = ['anon', 'shmem', 'sock'] as const
/** Parts of `kernel`, for kernels before 5.18, which did not sum them. */
const KERNEL_PARTS = [
  'kernel_stack',
  'pagetables',
  'percpu',
  'vmalloc',
  'slab_unreclaimable',
] as const
const KEYS: ReadonlySet<string> = new Set([
  ...HELD_V1,
  ...HELD_V2,
  ...KERNEL_PARTS,
  'kernel',
  'slab_reclaimable',
])

function readKeys(bytes: Uint8Array, length: number): Map<string, number> {
  const found = new Map<string, number>()
  forEachLine(bytes, length, (start, end) => {
    const space = findByte(bytes, SPACE, start, end)
    // No key that counts is longer, and most lines are of others.
    if (space < 0 || space - start > 18) return
    const key = decodeText(bytes, start, space)
    if (KEYS.has(key)) found.set(key, parseDecimal(bytes, space + 1, end))
  })
  return found
}

function sum(found: ReadonlyMap<string, number>, keys: readonly string[]): number {
  let total = 0
  for (const key of keys) total += found.get(key) ?? 0
  return total
}

/**
 * Bytes of v1's memory.stat, children included, that the group holds until its processes free them:
 * anonymous, shmem, swapped. Its kernel memory is left out: v1 does not say how much of it is
 * reclaimable (dentries and inodes mostly are).
 * @returns NaN where `total_rss` is not stated.
 * @see mm/memcontrol-v1.c memcg1_stat_format(), v3.4..v6.18
 */
export function parseHeldV1(bytes: Uint8Array, length: number): number {
  const found = readKeys(bytes, length)
  return found.has('total_rss') ? sum(found, HELD_V1) : Number.NaN
}

/**
 * Bytes of v2's memory.stat that the group holds: anonymous, shmem, sockets, and the kernel's memory
 * without its reclaimable slab. What is swapped stands in memory.swap.current.
 * @returns NaN where `anon` is not stated.
 * @see mm/memcontrol.c memory_stat_format(), v4.5..v6.18; Documentation/admin-guide/cgroup-v2.rst
 */
export function parseHeldV2(bytes: Uint8Array, length: number): number {
  const found = readKeys(bytes, length)
  if (!found.has('anon')) return Number.NaN
  const kernel = found.get('kernel')
  const kernelHeld =
    kernel === undefined
      ? sum(found, KERNEL_PARTS)
      : Math.max(0, kernel - (found.get('slab_reclaimable') ?? 0))
  return sum(found, HELD_V2) + kernelHeld
}

/** A limit file's content; Infinity for `max` and for v1's way to say it. NaN: not a limit. */
export function parseLimit(bytes: Uint8Array, length: number): number {
  const value = parseDecimal(bytes, 0, length)
  if (value >= NO_LIMIT_BYTES) return Number.POSITIVE_INFINITY
  if (!Number.isNaN(value)) return value
  return decodeText(bytes, 0, Math.min(length, 4)).trim() === 'max'
    ? Number.POSITIVE_INFINITY
    : Number.NaN
}
