/**
 * @module Who was at fault: the verdict on a report, with its cause and the reason in words. Rules in their
 * order; the first that applies decides. Shares are of the memory that the kernel manages.
 */
import type { Balance, BalanceLine } from './balance.ts'
import { balanceOf, pageKbOf } from './balance.ts'
import type { Group } from './holders.ts'
import { footprint, groupTasks, rankTasks } from './holders.ts'
import { judgeKind } from './kind.ts'
import type { OomKind, OomReport, TaskRow } from './records.ts'

export const VERDICT_CLASSES = [
  'guilty',
  'innocent',
  'no-single-culprit',
  'not-a-process',
  'unknown',
] as const
export type VerdictClass = (typeof VERDICT_CLASSES)[number]
export type Cause =
  | 'process-leak'
  | 'many-processes'
  | 'shmem'
  | 'kernel-memory'
  | 'hugetlb'
  | 'cgroup-limit'
  | 'page-cache'
  | 'fragmentation'
  | 'constraint'
  | 'manual'
  | 'not-a-shortage'
  | 'unaccounted'
  | 'unknown'

export interface Verdict {
  readonly verdict: VerdictClass
  readonly cause: Cause
  /** Whether the killed held no more than others; `null` where nobody was killed or it cannot be told. */
  readonly isInnocent: boolean | null
  /** A process' name, or what held the memory. */
  readonly culprit: string | null
  readonly reason: string
}

/** What the rules look at, computed once. */
interface Evidence {
  readonly report: OomReport
  readonly kind: OomKind
  readonly pageKb: number
  readonly balance: Balance | undefined
  readonly ranked: readonly TaskRow[]
  readonly groups: readonly Group[]
  /** The row of who was killed, or of who was selected where a child died. */
  readonly victimRow: TaskRow | undefined
  readonly isKilled: boolean
}

type Rule = (evidence: Evidence) => Verdict | undefined

/** More than this free is no shortage of pages, whatever else it is. */
const MUCH_FREE = 0.2
/** Memory of a kind that fills so much is what happened, unless a process is larger. */
const FILLS = 0.4
/** Processes of one name are a swarm from here on... */
const SWARM = 5
/** ... where together they have this much, and so many times as much as the largest alone. */
const SWARM_SHARE = 0.25
const SWARM_RATIO = 2
/** Page cache or kernel memory of a group counts as what filled it from this share of its usage on. */
const GROUP_SHARE = 0.5
/** The kernel prints its slab table where user memory is tiny, too: this much is worth a verdict alone. */
const LARGE_SLAB_KB = 1024 * 1024
/** A victim this close to the largest is as much at fault. */
const NEARLY = 0.9

function share({ balance }: Evidence, ...lines: readonly BalanceLine[]): number {
  if (balance === undefined) return 0
  return lines.reduce((sum, line) => sum + balance.pages[line], 0) / balance.managedPages
}

/** What is not a process had the memory: whoever was killed is innocent. */
function notAProcess(e: Evidence, cause: Cause, culprit: string, reason: string): Verdict {
  return e.isKilled
    ? { verdict: 'innocent', cause, isInnocent: true, culprit, reason }
    : { verdict: 'not-a-process', cause, isInnocent: null, culprit, reason }
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}

const manual: Rule = (e) =>
  e.kind === 'sysrq'
    ? notAProcess(
        e,
        'manual',
        'a person or program',
        'somebody asked for it by SysRq-f: memory was not short',
      )
    : undefined

const noShortage: Rule = (e) => {
  if (
    e.balance === undefined ||
    e.kind === 'memcg' ||
    e.kind === 'cpuset' ||
    e.kind === 'mempolicy'
  )
    return undefined
  const free = share(e, 'free')
  if (free < MUCH_FREE || (e.report.order ?? 0) > 0) return undefined
  if (isLowMemory(e)) return undefined
  const why = e.report.gfpMask === 0 ? ': a charge to a group failed in a page fault' : ''
  return notAProcess(
    e,
    'not-a-shortage',
    'no shortage',
    `${percent(free)} of memory was free${why}`,
  )
}

/** 32-bit: the kernel's own allocations come from low zones alone. */
function isLowMemory({ report }: Evidence): boolean {
  const high = report.zones.find(({ name }) => name === 'HighMem')
  const isForKernel = report.gfpText === null || !/HIGHMEM|HIGHUSER|MOVABLE/.test(report.gfpText)
  if (high === undefined || !isForKernel) return false
  return (high.kb.free ?? 0) > (high.kb.min ?? 0)
}

const lowMemory: Rule = (e) => {
  if (!isLowMemory(e)) return undefined
  const low = e.report.zones.filter(({ name }) => name === 'Normal' || name === 'DMA')
  const sum = (names: readonly string[]): number =>
    low.reduce(
      (total, { kb }) => total + names.reduce((part, name) => part + (kb[name] ?? 0), 0),
      0,
    )
  const file = sum(['active_file', 'inactive_file', 'writepending', 'active', 'inactive'])
  const managed = sum(['managed']) || sum(['present'])
  const isCache = file > managed * 0.2
  return notAProcess(
    e,
    isCache ? 'page-cache' : 'kernel-memory',
    isCache ? 'page cache in low memory' : 'kernel memory in low memory',
    'the zones that the kernel itself can use are full, while high memory is free',
  )
}

/** Zones that the request may take from: those above what its flags allow are out of reach. */
function usableBuddies({ report }: Evidence): OomReport['buddies'] {
  const isMovable = report.gfpText !== null && /MOVABLE/.test(report.gfpText)
  return report.buddies.filter(({ name }) => isMovable || name !== 'Movable')
}

/** Blocks set aside for other uses are none for this request: high-order atomic, CMA, isolated. */
const SET_ASIDE = /^[HCI]+$/

const fragmentation: Rule = (e) => {
  const order = e.report.order ?? 0
  if (order < 1 || e.kind === 'memcg' || e.balance === undefined) return undefined
  if (share(e, 'slab, reclaimable', 'slab, unreclaimable') > GROUP_SHARE) return undefined
  const buddies = usableBuddies(e)
  const hasBlock = buddies.some(({ blocks }) =>
    blocks.some(
      ({ kb, count, types }) => count > 0 && kb >= e.pageKb * 2 ** order && !SET_ASIDE.test(types),
    ),
  )
  const free = e.report.counters.free ?? 0
  const min = e.report.zones.reduce((sum, { kb }) => sum + (kb.min ?? 0), 0) / e.pageKb
  if (free < 2 * min && order <= 1) return undefined
  if (hasBlock && order <= 3 && free < 4 * min) return undefined
  return notAProcess(
    e,
    'fragmentation',
    'fragmentation',
    `${2 ** order} pages in one piece were asked for, and none was free where they may come from`,
  )
}

function groupVerdict(e: Evidence, cause: Cause): Verdict {
  const swarm = e.groups[0]
  const largest = e.ranked[0]
  const victim = e.report.killed[0]
  const ownPages = largest === undefined ? 0 : footprint(largest, e.pageKb)
  const isSwarm =
    swarm !== undefined && swarm.processes >= SWARM && swarm.pages > SWARM_RATIO * ownPages
  if (isSwarm && victim !== undefined) {
    return {
      verdict: swarm.comm === victim.comm ? 'no-single-culprit' : 'innocent',
      cause,
      isInnocent: swarm.comm !== victim.comm,
      culprit: swarm.comm,
      reason: `${swarm.processes} processes named ${swarm.comm} have the most together`,
    }
  }
  const hasFigures = largest !== undefined || e.report.memcgUsage.memory !== undefined
  if (!hasFigures) {
    const reason = 'a group was at its limit; what filled it, the log does not show'
    return { verdict: 'unknown', cause, isInnocent: null, culprit: null, reason }
  }
  const { victimRow } = e
  const isOther =
    largest !== undefined &&
    victimRow !== undefined &&
    largest.pid !== victimRow.pid &&
    footprint(victimRow, e.pageKb) < NEARLY * ownPages
  if (isOther) {
    return {
      verdict: 'innocent',
      cause,
      isInnocent: true,
      culprit: largest.comm,
      reason: `${largest.comm} held more of the group that is at its limit, and was spared`,
    }
  }
  return {
    verdict: 'guilty',
    cause,
    isInnocent: false,
    culprit: victim?.comm ?? largest?.comm ?? null,
    reason: 'it held the most of the group that is at its limit',
  }
}

const inGroup: Rule = (e) => {
  if (e.kind !== 'memcg') return undefined
  const { memcgStat: stat, memcgUsage: usage, killed } = e.report
  const usedKb = usage.memory?.usageKb ?? 0
  const kmemKb = usage.kmem?.usageKb ?? 0
  const bytes = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (stat[name] ?? 0), 0)
  const anon = bytes('anon', 'rss')
  const kernel = Math.max(
    stat.kernel ?? 0,
    bytes('slab', 'kernel_stack', 'pagetables'),
    kmemKb * 1024,
  )
  const used = usedKb * 1024
  if (killed.length === 0) {
    const reason = 'a group is at its limit; what fills it, the log does not show'
    return { verdict: 'unknown', cause: 'cgroup-limit', isInnocent: null, culprit: null, reason }
  }
  if (e.report.constraint !== null && !/^CONSTRAINT_(NONE|MEMCG)$/.test(e.report.constraint)) {
    const reason = `the policy ${e.report.constraint} chose it, not a limit`
    return { verdict: 'unknown', cause: 'manual', isInnocent: null, culprit: null, reason }
  }
  if (used > 0 && kernel > GROUP_SHARE * used && kernel > anon) {
    return notAProcess(
      e,
      'cgroup-limit',
      'kernel memory of the group',
      'kernel objects charged to the group fill its limit',
    )
  }
  const file = bytes('file', 'cache') - bytes('shmem')
  if (used > 0 && file > GROUP_SHARE * used && anon < used / 4) {
    return notAProcess(
      e,
      'cgroup-limit',
      'page cache of the group',
      'page cache that was not written back fills its limit',
    )
  }
  if (used > 0 && bytes('shmem') > GROUP_SHARE * used) {
    return notAProcess(e, 'cgroup-limit', 'tmpfs of the group', 'files in memory fill its limit')
  }
  return groupVerdict(e, 'cgroup-limit')
}

/** Whether the nodes that may be used have free memory all the same: of zones that the request may not use. */
function isFreeThere({ report }: Evidence): boolean {
  const nodes = report.memsAllowed?.match(/^\d+$/) ? Number(report.memsAllowed) : null
  const zones = report.zones.filter(({ node }) => nodes === null || node === nodes)
  const kb = (name: string): number => zones.reduce((sum, zone) => sum + (zone.kb[name] ?? 0), 0)
  return nodes !== null && kb('free') > MUCH_FREE * (kb('managed') || kb('present'))
}

function whyNodes(e: Evidence): string {
  const { memsAllowed } = e.report
  const which =
    memsAllowed === null
      ? 'some nodes'
      : `${/^\d+$/.test(memsAllowed) ? 'node' : 'nodes'} ${memsAllowed}`
  return isFreeThere(e)
    ? `only ${which} may be used, and what is free there is of a zone that this request may not use`
    : `only ${which} may be used, with no memory left that the request may take`
}

const onSomeNodes: Rule = (e) => {
  if (e.kind !== 'cpuset' && e.kind !== 'mempolicy') return undefined
  const victim = e.report.killed[0]
  if (victim === undefined) {
    return notAProcess(e, 'constraint', 'some nodes alone', whyNodes(e))
  }
  const isAsker = victim.comm === e.report.trigger?.comm
  return {
    verdict: isAsker ? 'guilty' : 'innocent',
    cause: 'constraint',
    isInnocent: !isAsker,
    culprit: e.report.trigger?.comm ?? null,
    reason: whyNodes(e),
  }
}

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

const filled: Rule = (e) => {
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

const swarm: Rule = (e) => {
  const [group] = e.groups
  const [largest] = e.ranked
  if (group === undefined || largest === undefined || group.processes < SWARM) return undefined
  const managed = e.balance?.managedPages ?? e.report.pagesRam
  if (group.pages < SWARM_RATIO * footprint(largest, e.pageKb)) return undefined
  if (managed !== null && managed !== undefined && group.pages < SWARM_SHARE * managed)
    return undefined
  const victim = e.report.killed[0]
  const isMember = victim?.comm === group.comm
  return {
    verdict: victim === undefined || isMember ? 'no-single-culprit' : 'innocent',
    cause: 'many-processes',
    isInnocent: victim === undefined ? null : !isMember,
    culprit: group.comm,
    reason: `${group.processes} processes named ${group.comm} have the most together`,
  }
}

const byProcess: Rule = (e) => {
  const [largest] = e.ranked
  const victim = e.report.killed[0]
  if (largest === undefined) return undefined
  if (victim === undefined) {
    const isHog =
      e.balance !== undefined && footprint(largest, e.pageKb) > FILLS * e.balance.managedPages
    if (!isHog) return undefined
    return {
      verdict: e.report.panic !== null || e.report.isNoKillable ? 'not-a-process' : 'unknown',
      cause: 'process-leak',
      isInnocent: null,
      culprit: largest.comm,
      reason: `${largest.comm} has the most`,
    }
  }
  const own = e.victimRow === undefined ? null : footprint(e.victimRow, e.pageKb)
  if (own === null) return undefined
  if (own >= NEARLY * footprint(largest, e.pageKb) || largest.pid === victim.pid) {
    return {
      verdict: 'guilty',
      cause: 'process-leak',
      isInnocent: false,
      culprit: victim.comm,
      reason: 'it held the most of all processes',
    }
  }
  return {
    verdict: 'innocent',
    cause: 'process-leak',
    isInnocent: true,
    culprit: largest.comm,
    // mm/oom_kill.c, oom_unkillable_task.
    reason: `${largest.comm} held more and ${largest.pid === 1 ? 'is never chosen, being the first process' : 'was spared'}`,
  }
}

/** Without a table: the kill line's own figures beside the machine's. */
const byKillLine: Rule = (e) => {
  const victim = e.report.killed[0]
  const { balance } = e
  if (victim === undefined || balance === undefined || victim.anonRssKb === null) return undefined
  if (victim.anonRssKb / e.pageKb < FILLS * balance.managedPages) return undefined
  return {
    verdict: 'guilty',
    cause: 'process-leak',
    isInnocent: false,
    culprit: victim.comm,
    reason: 'it held most of the memory',
  }
}

/** Counters without the machine's size: kernel objects that outweigh all else by far. */
const byCounters: Rule = (e) => {
  const { counters: c, slabs } = e.report
  const slabPages = (c.slab_reclaimable ?? 0) + (c.slab_unreclaimable ?? 0)
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

const RULES: readonly Rule[] = [
  manual,
  inGroup,
  onSomeNodes,
  lowMemory,
  noShortage,
  fragmentation,
  filled,
  swarm,
  byProcess,
  byKillLine,
  byCounters,
]

/** The verdict on one report. */
export function judgeReport(report: OomReport): Verdict {
  const pageKb = pageKbOf(report)
  const victim = report.killed[0]
  const evidence: Evidence = {
    report,
    kind: judgeKind(report),
    pageKb,
    balance: balanceOf(report),
    ranked: rankTasks(report, pageKb),
    groups: groupTasks(report),
    victimRow: report.tasks.find(
      ({ pid }) => pid === victim?.pid || (victim !== undefined && pid === report.selected?.pid),
    ),
    isKilled: victim !== undefined,
  }
  for (const rule of RULES) {
    const verdict = rule(evidence)
    if (verdict !== undefined) return verdict
  }
  const reason = 'the log does not show who had the memory'
  return { verdict: 'unknown', cause: 'unknown', isInnocent: null, culprit: null, reason }
}
