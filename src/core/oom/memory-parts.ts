/** @module What an OOM's memory consisted of, for a picture: that of the machine, or of the group at its limit. */
import type { MemoryKind } from '../../base/palette.ts'
import type { BalanceLine } from './balance.ts'
import type { Explanation } from './explain.ts'

export interface MemoryPart {
  readonly label: string
  readonly kind: MemoryKind
  /** Negative only where counters overlap: then the remainder is what they have too much. */
  readonly bytes: number
  /** The lesser of two parts with one kind's colour. */
  readonly isSecond: boolean
}

export interface MemoryParts {
  /** What the parts add up to. */
  readonly wholeBytes: number
  readonly of: 'machine' | 'group'
  /** Those that are there, in the order of a stack, the remainder before what is free. */
  readonly parts: readonly MemoryPart[]
}

/** A part that a reader could not see. */
const LEAST_BYTES = 1

const LINES: readonly (readonly [line: BalanceLine, kind: MemoryKind, isSecond: boolean])[] = [
  ['anon', 'anon', false],
  // Locked or of a ramfs: anonymous for the most part.
  ['unevictable', 'anon', true],
  ['shmem', 'shmem', false],
  ['slab, unreclaimable', 'slab', false],
  ['slab, reclaimable', 'slab', true],
  ['page tables', 'pageTables', false],
  ['kernel stacks', 'kernelStack', false],
  ['huge pages', 'hugepages', false],
  ['unaccounted', 'unaccounted', false],
  ['page cache', 'file', false],
  ['free', 'free', false],
]

function present(parts: readonly MemoryPart[]): readonly MemoryPart[] {
  return parts.filter(({ bytes }) => Math.abs(bytes) >= LEAST_BYTES)
}

function ofMachine({ balance }: Explanation): MemoryParts | null {
  if (balance === undefined || !balance.isSound) return null
  const pageBytes = balance.pageKb * 1024
  return {
    wholeBytes: balance.managedPages * pageBytes,
    of: 'machine',
    parts: present(
      LINES.map(([label, kind, isSecond]) => ({
        label,
        kind,
        isSecond,
        bytes: balance.pages[label] * pageBytes,
      })),
    ),
  }
}

/**
 * memory.stat of v2 (Documentation/admin-guide/cgroup-v2.rst) and v1 (cgroup-v1/memory.rst): `file` and `cache`
 * hold shmem, too; v1 has no line for the kernel's memory but `kmem: usage`.
 */
function ofGroup({ report }: Explanation): MemoryParts | null {
  const usage = report.memcgUsage.memory
  const { memcgStat: stat } = report
  const user = stat.anon ?? stat.rss
  if (usage === undefined || user === undefined || usage.usageKb === 0) return null
  const get = (name: string): number => stat[name] ?? 0
  const make = (label: string, kind: MemoryKind, bytes: number, isSecond = false): MemoryPart => ({
    label,
    kind,
    bytes,
    isSecond,
  })
  const named = [
    make('anon', 'anon', user),
    make('shmem', 'shmem', get('shmem')),
    make('slab, unreclaimable', 'slab', get('slab_unreclaimable')),
    make('slab, reclaimable', 'slab', get('slab_reclaimable'), true),
    make('page tables', 'pageTables', get('pagetables') + get('sec_pagetables')),
    make('kernel stacks', 'kernelStack', get('kernel_stack')),
    make('per CPU', 'percpu', get('percpu')),
    make('vmalloc', 'vmalloc', get('vmalloc')),
    make('sockets', 'socket', get('sock')),
    make('page cache', 'file', Math.max(0, (stat.file ?? stat.cache ?? 0) - get('shmem'))),
  ]
  const wholeBytes = usage.usageKb * 1024
  const rest = wholeBytes - named.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    wholeBytes,
    of: 'group',
    parts: present([
      ...named.slice(0, -1),
      make('unaccounted', 'unaccounted', rest),
      ...named.slice(-1),
    ]),
  }
}

/** @returns `null` where the report does not have the figures, or they contradict each other */
export function memoryPartsOf(explanation: Explanation): MemoryParts | null {
  return explanation.kind === 'memcg' ? ofGroup(explanation) : ofMachine(explanation)
}
