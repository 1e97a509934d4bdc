/** @module Where the memory controller is mounted, and one cgroup's figures, for both versions. */
import { parseHeldV1, parseHeldV2, parseLimit } from '../core/procfs/cgroup-memory.ts'
import { asciiBytes, findByte, NEWLINE, parseDecimal, SPACE } from '../core/procfs/scan.ts'
import { DENIED, type ReadLength, readOnce } from './files.ts'

/** Which hierarchy accounts memory, and the directory of its root. */
export interface CgroupTree {
  readonly version: 'v1' | 'v2'
  readonly root: string
}

export interface CgroupFiles {
  readonly tree: CgroupTree
  /** Page cache included; cheap to read, so it tells whether to read more. NaN: unreadable. */
  readUsageBytes(path: string): number
  /** What would not come back, swapped out or not. NaN: unreadable. */
  readHeldBytes(path: string, hasSwap: boolean): number
  /** Of what is held: memory and swap together. Infinity: none. */
  readLimitBytes(path: string, swapTotalBytes: number): number
}

const MEMORY = asciiBytes('memory')

function listsMemory(path: string, buffer: Uint8Array): boolean {
  const length = Math.max(0, readOnce(path, buffer))
  for (let start = 0; start < length; ) {
    const space = findByte(buffer, SPACE, start, length)
    const newline = findByte(buffer, NEWLINE, start, length)
    const end = space >= 0 ? space : newline >= 0 ? newline : length
    if (end - start === MEMORY.length && MEMORY.every((byte, at) => buffer[start + at] === byte)) {
      return true
    }
    start = end + 1
  }
  return false
}

/** The hierarchy that accounts memory, or `undefined` where none does. */
export function findCgroupTree(sysRoot: string): CgroupTree | undefined {
  const buffer = new Uint8Array(256)
  const base = `${sysRoot}/fs/cgroup`
  const v1: ReadLength = readOnce(`${base}/memory/memory.usage_in_bytes`, buffer)
  if (v1 > 0 || v1 === DENIED) return { version: 'v1', root: `${base}/memory` }
  for (const root of [base, `${base}/unified`]) {
    if (listsMemory(`${root}/cgroup.controllers`, buffer)) return { version: 'v2', root }
  }
  return undefined
}

/** Reads single figures below one tree into one buffer. Cost: 8 us a file, memory.stat up to 40. */
export function openCgroupFiles(tree: CgroupTree): CgroupFiles {
  const buffer = new Uint8Array(8192)

  function readNumber(path: string, file: string): number {
    const length = readOnce(`${tree.root}${path}/${file}`, buffer)
    return length > 0 ? parseDecimal(buffer, 0, length) : Number.NaN
  }

  function readLimit(path: string, file: string): number {
    const length = readOnce(`${tree.root}${path}/${file}`, buffer)
    const limit = length > 0 ? parseLimit(buffer, length) : Number.NaN
    return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit
  }

  function readStat(path: string, parse: (bytes: Uint8Array, length: number) => number): number {
    const length = readOnce(`${tree.root}${path}/memory.stat`, buffer)
    return length > 0 ? parse(buffer, length) : Number.NaN
  }

  if (tree.version === 'v1') {
    return {
      tree,
      readUsageBytes: (path) => readNumber(path, 'memory.usage_in_bytes'),
      readHeldBytes: (path) => readStat(path, parseHeldV1),
      readLimitBytes: (path, swapTotalBytes) =>
        Math.min(
          readLimit(path, 'memory.limit_in_bytes') + swapTotalBytes,
          readLimit(path, 'memory.memsw.limit_in_bytes'),
        ),
    }
  }
  return {
    tree,
    readUsageBytes: (path) => readNumber(path, 'memory.current'),
    readHeldBytes(path, hasSwap) {
      const swapped = hasSwap ? readNumber(path, 'memory.swap.current') : 0
      return readStat(path, parseHeldV2) + (Number.isNaN(swapped) ? 0 : swapped)
    },
    readLimitBytes(path, swapTotalBytes) {
      // At memory.high the group is slowed down until it stands still: for a leak it is the end.
      const memory = Math.min(readLimit(path, 'memory.max'), readLimit(path, 'memory.high'))
      const swap = swapTotalBytes === 0 ? 0 : readLimit(path, 'memory.swap.max')
      return memory + Math.min(swap, swapTotalBytes)
    },
  }
}
