/**
 * @module The balance sheet of a machine's memory at an OOM: every page of RAM has a line, and what no counter
 * names is the remainder. Pages of the report's own size.
 */
import type { OomReport } from './records.ts'

export type BalanceLine =
  | 'anon'
  | 'shmem'
  | 'page cache'
  | 'unevictable'
  | 'slab, reclaimable'
  | 'slab, unreclaimable'
  | 'page tables'
  | 'kernel stacks'
  | 'huge pages'
  | 'free'
  | 'unaccounted'

export interface Balance {
  readonly pageKb: number
  /** RAM that the kernel manages: what it has without what it reserved. */
  readonly managedPages: number
  readonly pages: Readonly<Record<BalanceLine, number>>
  /** Whether its parts can be true together: reports are edited, and some counters of some kernels lie. */
  readonly isSound: boolean
}

/** Counters are read one after another while memory moves, and some pages stand on two lists. */
const SLACK = 1.05
/** Of what the kernel says that it has, zones manage at least this part. */
const LEAST_MANAGED = 0.5

function isSizeAgreed({ pagesRam }: OomReport, managedPages: number): boolean {
  if (pagesRam === null) return true
  return managedPages <= SLACK * pagesRam && managedPages >= LEAST_MANAGED * pagesRam
}

/** Where it cannot be derived. All but some of arm64 and ppc64 have it. */
const USUAL_PAGE_KB = 4

/**
 * Size of a page, kB: from the smallest blocks of the buddy lists, or a row's pages beside the killed's kB.
 * Never assumed where the report shows another.
 */
export function pageKbOf(report: OomReport): number {
  let smallest = Number.POSITIVE_INFINITY
  for (const { blocks } of report.buddies) {
    for (const { kb } of blocks) smallest = Math.min(smallest, kb)
  }
  if (Number.isFinite(smallest) && smallest > 0) return smallest
  for (const killed of report.killed) {
    const row = report.tasks.find(({ pid }) => pid === killed.pid)
    if (killed.totalVmKb === null || row?.totalVm == null || row.totalVm === 0) continue
    const kb = killed.totalVmKb / row.totalVm
    if (kb === 4 || kb === 16 || kb === 64) return kb
  }
  return USUAL_PAGE_KB
}

/** A zone's managed memory is what it has for use; kernels before 3.8 told only what is present. */
function managedOf(report: OomReport, pageKb: number): number | null {
  const zones = report.zones.map(({ kb }) => kb.managed ?? kb.present)
  if (zones.length > 0 && zones.every((kb) => kb !== undefined)) {
    return zones.reduce<number>((sum, kb) => sum + (kb as number), 0) / pageKb
  }
  if (report.pagesRam === null) return null
  return report.pagesRam - (report.pagesReserved ?? 0)
}

function sumOfNodes(report: OomReport, name: string): number {
  const inNodes = report.nodes.reduce((sum, { kb }) => sum + (kb[name] ?? 0), 0)
  return inNodes > 0 ? inNodes : report.zones.reduce((sum, { kb }) => sum + (kb[name] ?? 0), 0)
}

/** Less swap than this is as good as none. */
const LITTLE_SWAP = 0.05

/**
 * Anonymous pages and those of files. Before 2.6.28 the lists were not split: RHEL 5 counts mapped ones, and where swap
 * is used up, reclaim has left little of files. Else what is active is taken for anonymous.
 */
function lruOf({ counters: c, swapFreeKb, swapTotalKb }: OomReport): readonly [number, number] {
  if (c.active === undefined || c.active_anon !== undefined) {
    return [
      (c.active_anon ?? 0) + (c.inactive_anon ?? 0),
      (c.active_file ?? 0) + (c.inactive_file ?? 0),
    ]
  }
  const all = c.active + (c.inactive ?? 0)
  const isSwapFull =
    swapFreeKb !== null && swapTotalKb !== null && swapFreeKb <= LITTLE_SWAP * swapTotalKb
  const anon = Math.min(all, c['mapped-anon'] ?? (isSwapFull ? all : c.active))
  return [anon, all - anon]
}

/** `undefined` where the report has no counters of the machine, or not its size. */
export function balanceOf(report: OomReport): Balance | undefined {
  const c = report.counters
  const pageKb = pageKbOf(report)
  const managedPages = managedOf(report, pageKb)
  if (managedPages === null || managedPages <= 0 || c.free === undefined) return undefined
  const shmem = c.shmem ?? 0
  const isolated = (c.isolated_anon ?? 0) + (c.isolated_file ?? 0)
  const [anonLru, fileLru] = lruOf(report)
  const hugeKb = report.hugepages.reduce((sum, { total, sizeKb }) => sum + total * sizeKb, 0)
  const pages: Record<BalanceLine, number> = {
    // Pages of shared memory stand on the lists of anonymous ones.
    anon: Math.max(0, anonLru - shmem) + isolated,
    shmem: Math.min(shmem, anonLru),
    'page cache': fileLru,
    unevictable: c.unevictable ?? 0,
    'slab, reclaimable': c.slab_reclaimable ?? 0,
    'slab, unreclaimable': c.slab_unreclaimable ?? c.slab ?? 0,
    'page tables': c.pagetables ?? 0,
    'kernel stacks': sumOfNodes(report, 'kernel_stack') / pageKb,
    'huge pages': hugeKb / pageKb,
    free: c.free + (c.free_pcp ?? 0),
    unaccounted: 0,
  }
  const named = Object.values(pages).reduce((sum, value) => sum + value, 0)
  return {
    pageKb,
    managedPages,
    pages: { ...pages, unaccounted: managedPages - named },
    isSound: named <= SLACK * managedPages && isSizeAgreed(report, managedPages),
  }
}
