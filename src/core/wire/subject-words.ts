/** @module Words for a watched subject: how it stands, what it is, which kind of memory it holds. */
import type { MemoryKind } from '../../base/palette.ts'
import type { LeakState } from '../leak/records.ts'
import type { LimitRow, SubjectKind, SubjectRow } from './records.ts'

/** State by word and shape; the colour only repeats them. */
export const STATE_WORDS: Readonly<Record<LeakState, { word: string; shape: string }>> = {
  confirmed: { word: 'leaks', shape: '▲' },
  suspected: { word: 'may leak', shape: '△' },
  growing: { word: 'growing', shape: '↗' },
  harmless: { word: 'harmless', shape: '✓' },
  steady: { word: 'steady', shape: '–' },
  unknown: { word: 'too early', shape: '…' },
}

/** What a kind is called in a sentence: one, many. */
export const KIND_WORDS: Readonly<Record<SubjectKind, readonly [one: string, many: string]>> = {
  process: ['process', 'processes'],
  service: ['service', 'services'],
  cgroup: ['cgroup', 'cgroups'],
  tmpfs: ['tmpfs', 'tmpfs mounts'],
  shm: ['shared memory segment', 'shared memory segments'],
  slab: ['slab cache', 'slab caches'],
  kernel: ['kernel pool', 'kernel pools'],
}

/** By the names that the sampler gives. A map, since `valueOf` from a socket is no kind. */
const KERNEL_KINDS: ReadonlyMap<string, MemoryKind> = new Map([
  ['unreclaimable slab', 'slab'],
  ['page tables', 'pageTables'],
  ['kernel stacks', 'kernelStack'],
  ['vmalloc', 'vmalloc'],
  ['percpu', 'percpu'],
  ['hugepages', 'hugepages'],
  ['sockets', 'socket'],
  ['dma-buf', 'dmabuf'],
  ['BPF', 'bpf'],
])

/** The kind of memory that makes up most of what is judged. */
export function memoryKindOf(row: SubjectRow): MemoryKind {
  switch (row.kind) {
    case 'tmpfs':
    case 'shm':
      return 'shmem'
    case 'slab':
      return 'slab'
    case 'kernel':
      return KERNEL_KINDS.get(row.name) ?? 'unaccounted'
    case 'process':
    case 'service':
    case 'cgroup': {
      const [anon, shmem, swap] = [row.anonBytes ?? 0, row.shmemBytes ?? 0, row.swapBytes ?? 0]
      if (shmem > anon && shmem >= swap) return 'shmem'
      return swap > anon ? 'swap' : 'anon'
    }
  }
}

const LIMIT_WORDS: Readonly<Record<LimitRow['kind'], string>> = {
  host: "the host's free memory",
  cgroup: 'the limit of its cgroup',
  'rlimit-as': 'its address space limit (RLIMIT_AS)',
  'rlimit-data': 'its data limit (RLIMIT_DATA)',
  'heap-option': "its runtime's heap limit",
  'own-size': 'its own size',
}

export function limitWords(limit: LimitRow): string {
  return LIMIT_WORDS[limit.kind]
}
