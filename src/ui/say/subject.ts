/** @module Words for one row: what it is called, which kind of memory it holds, how it stands. */
import { escapeForTerminal } from '../../base/escape.ts'
import type { MemoryKind } from '../../base/palette.ts'
import type { LeakState } from '../../core/leak/records.ts'
import type { LimitRow, SubjectKind, SubjectRow } from '../../core/wire/records.ts'

/** Worst first. */
export const STATE_ORDER: Readonly<Record<LeakState, number>> = {
  confirmed: 0,
  suspected: 1,
  growing: 2,
  unknown: 3,
  harmless: 4,
  steady: 5,
}

/** State by word and shape; the colour only repeats them. */
export const STATE_WORDS: Readonly<Record<LeakState, { word: string; shape: string }>> = {
  confirmed: { word: 'leaks', shape: '▲' },
  suspected: { word: 'may leak', shape: '△' },
  growing: { word: 'growing', shape: '↗' },
  harmless: { word: 'harmless', shape: '✓' },
  steady: { word: 'steady', shape: '–' },
  unknown: { word: 'too early', shape: '…' },
}

/** Process names are any bytes: what could reorder or hide text is shown escaped. */
export function safeName(text: string): string {
  const shown = escapeForTerminal(text)
  return shown.trim() === '' ? '(no name)' : shown
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

/** `leak-steady 4121` for a process, the name alone for anything else. */
export function titleOf(row: Pick<SubjectRow, 'name' | 'pid'>): string {
  return row.pid === null ? safeName(row.name) : `${safeName(row.name)} ${row.pid}`
}

const KERNEL_KINDS: Readonly<Record<string, MemoryKind>> = {
  'page tables': 'pageTables',
  'kernel stacks': 'kernelStack',
  vmalloc: 'vmalloc',
  'per CPU': 'percpu',
  percpu: 'percpu',
  hugepages: 'hugepages',
  sockets: 'socket',
  'socket buffers': 'socket',
  'dma-buf': 'dmabuf',
  BPF: 'bpf',
}

/** The kind of memory that makes up most of what is judged. */
export function memoryKindOf(row: SubjectRow): MemoryKind {
  switch (row.kind) {
    case 'tmpfs':
    case 'shm':
      return 'shmem'
    case 'slab':
      return 'slab'
    case 'kernel':
      return KERNEL_KINDS[row.name] ?? 'unaccounted'
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
