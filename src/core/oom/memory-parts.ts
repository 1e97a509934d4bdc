/** @module What an OOM's memory consisted of, for a picture: that of the machine, or of the group at its limit. */
import { formatBytes } from '../../base/format.ts'
import type { MemoryKind } from '../../base/palette.ts'
import type { BalanceLine } from './balance.ts'
import type { Explanation } from './explain.ts'
import { describeNodes, NO_LIMIT_KB } from './words.ts'

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
  /** Of a group; `null` where it has none, or of a machine. */
  readonly limitBytes: number | null
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

/** Those that are there; the remainder also where it is nothing, since that closes the balance. */
function present(parts: readonly MemoryPart[]): readonly MemoryPart[] {
  return parts
    .filter(({ bytes, kind }) => kind === 'unaccounted' || Math.abs(bytes) >= LEAST_BYTES)
    .map((part) => (part.bytes < 0 ? { ...part, label: 'counted twice' } : part))
}

function sumOf(parts: readonly MemoryPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0)
}

function ofMachine({ balance }: Explanation): MemoryParts | null {
  if (balance === undefined || !balance.isSound) return null
  const pageBytes = balance.pageKb * 1024
  return {
    wholeBytes: balance.managedPages * pageBytes,
    limitBytes: null,
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
 * hold shmem, too. All of the kernel's memory, with what else has a line of its own, is `kernel` (since 5.18), in v1
 * `kmem: usage`.
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
  const kernel = [
    make('slab, unreclaimable', 'slab', get('slab_unreclaimable')),
    make('slab, reclaimable', 'slab', get('slab_reclaimable'), true),
    make('page tables', 'pageTables', get('pagetables') + get('sec_pagetables')),
    make('kernel stacks', 'kernelStack', get('kernel_stack')),
    make('per CPU', 'percpu', get('percpu')),
    make('vmalloc', 'vmalloc', get('vmalloc')),
  ]
  const kernelBytes = stat.kernel ?? (report.memcgUsage.kmem?.usageKb ?? 0) * 1024
  const named = [
    make('anon', 'anon', user),
    make('shmem', 'shmem', get('shmem')),
    ...kernel,
    make('kernel, other', 'kernelStack', Math.max(0, kernelBytes - sumOf(kernel)), true),
    make('sockets', 'socket', get('sock')),
    make('page cache', 'file', Math.max(0, (stat.file ?? stat.cache ?? 0) - get('shmem'))),
  ]
  const wholeBytes = usage.usageKb * 1024
  const rest = wholeBytes - sumOf(named)
  return {
    wholeBytes,
    limitBytes: usage.limitKb >= NO_LIMIT_KB ? null : usage.limitKb * 1024,
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

/** Why there are no parts, as a sentence. */
export function whyNoParts({ kind, balance, report }: Explanation): string {
  if (kind === 'memcg') return 'the report does not say what the group held'
  if (balance === undefined) return 'the report does not have the counters of the machine'
  const managed = formatBytes(balance.managedPages * balance.pageKb * 1024)
  if (kind === 'cpuset' || kind === 'mempolicy') {
    // show_free_areas prints the zones of those nodes alone (mm/show_mem.c, show_mem_node_skip).
    return `the report has the zones of ${describeNodes(report)} alone, ${managed}`
  }
  const ram =
    report.pagesRam === null
      ? 'RAM not told'
      : `${formatBytes(report.pagesRam * balance.pageKb * 1024)} RAM`
  return `the figures of the machine contradict each other (${managed} managed, ${ram}); they are not relied on`
}
