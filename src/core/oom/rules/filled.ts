/** @module What is no process fills the memory: kernel objects, tmpfs, huge pages, what no counter names. */
import type { BalanceLine } from '../balance.ts'
import type { OomReport } from '../records.ts'
import type { Cause } from '../verdict.ts'
import type { Rule } from './rule.ts'
import { FILLS, notAProcess, percent, share } from './rule.ts'

/** The kernel prints its slab table where user memory is tiny, too: this much is worth a verdict alone. */
const LARGE_SLAB_KB = 1024 * 1024

interface Filling {
  readonly lines: readonly BalanceLine[]
  readonly cause: Cause
  readonly culprit: string
  readonly reason: string
}

const FILLINGS: readonly Filling[] = [
  {
    lines: ['huge pages'],
    cause: 'hugetlb',
    culprit: 'hugetlb',
    reason: 'huge pages are set aside, and nobody else can use them',
  },
  {
    lines: ['slab, reclaimable', 'slab, unreclaimable'],
    cause: 'kernel-memory',
    culprit: 'slab',
    reason: 'kernel objects (slab) fill the memory',
  },
  {
    lines: ['shmem'],
    cause: 'shmem',
    culprit: 'tmpfs',
    reason: 'shared memory and tmpfs fill the memory',
  },
  {
    lines: ['unaccounted'],
    cause: 'unaccounted',
    culprit: 'unaccounted',
    reason: 'no counter names what fills the memory: a driver, a balloon, a leak of pages',
  },
  {
    lines: ['page tables', 'kernel stacks'],
    cause: 'kernel-memory',
    culprit: 'page tables',
    reason: 'page tables and stacks fill the memory',
  },
]

/** The kernel's own table names the objects, where it printed one. */
function largestSlabs({ slabs }: OomReport): string {
  const [first, second] = slabs.toSorted((a, b) => b.totalKb - a.totalKb)
  if (first === undefined) return ''
  return `, most of them ${first.name}${second === undefined ? '' : ` and ${second.name}`}`
}

export const filled: Rule = (e) => {
  const { balance } = e
  if (balance === undefined || !balance.isSound) return undefined
  const largest = e.ranked[0]
  const inRam = Math.min(largest?.rss ?? 0, balance.managedPages)
  const bySize = FILLINGS.map((filling) => ({ filling, part: share(e, ...filling.lines) })).sort(
    (a, b) => b.part - a.part,
  )
  const top = bySize[0]
  if (top === undefined || top.part * balance.managedPages < inRam) return undefined
  // A small machine may have nothing that fills it alone: what outweighs all processes counts, too.
  const processes = share(e, 'anon')
  if (top.part < FILLS && !(top.part > 2 * processes && top.part > FILLS / 2)) return undefined
  const { cause, culprit, reason } = top.filling
  const objects = culprit === 'slab' ? largestSlabs(e.report) : ''
  return notAProcess(e, cause, culprit, `${reason} (${percent(top.part)})${objects}`)
}

/** Counters without the machine's size: kernel objects that outweigh all else by far. */
export const byCounters: Rule = (e) => {
  const { counters: c, slabs } = e.report
  const slabPages = (c.slab_reclaimable ?? 0) + (c.slab_unreclaimable ?? c.slab ?? 0)
  const users = ['active_anon', 'inactive_anon', 'active_file', 'inactive_file', 'unevictable']
  const lruPages = users.reduce((sum, name) => sum + (c[name] ?? 0), 0)
  const tableKb = slabs.reduce((sum, { totalKb }) => sum + totalKb, 0)
  const isCounted = c.active_anon !== undefined && slabPages > 2 * lruPages
  if (!isCounted && tableKb < LARGE_SLAB_KB) return undefined
  return notAProcess(
    e,
    'kernel-memory',
    'slab',
    `kernel objects (slab) outweigh all processes${largestSlabs(e.report)}`,
  )
}
