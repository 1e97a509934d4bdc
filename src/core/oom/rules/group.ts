/** @module A group at its limit: what of its memory filled it. */
import { footprint } from '../holders.ts'
import type { Cause, Verdict } from '../verdict.ts'
import type { Evidence, Rule } from './rule.ts'
import { FILLS, HALF, NEARLY, notAProcess, percent, SWARM, SWARM_RATIO } from './rule.ts'

/** Of a group's usage, the killed held less than this: others did. */
const LITTLE = 0.1

/** The kill line's own figures beside the group's usage. */
function withoutTable(e: Evidence, cause: Cause): Verdict {
  const [victim] = e.report.killed
  const usedKb = e.report.memcgUsage.memory?.usageKb ?? 0
  const ownKb = (victim?.anonRssKb ?? 0) + (victim?.shmemRssKb ?? 0)
  if (victim === undefined || victim.anonRssKb === null || usedKb === 0) {
    const reason = 'a group was at its limit; what filled it, the log does not show'
    return { verdict: 'unknown', cause, isInnocent: null, culprit: null, reason }
  }
  const part = percent(ownKb / usedKb)
  if (ownKb >= FILLS * usedKb) {
    const reason = `it held ${part} of what the group that is at its limit used`
    return { verdict: 'guilty', cause, isInnocent: false, culprit: victim.comm, reason }
  }
  if (ownKb < LITTLE * usedKb) {
    const reason = `it held ${part} of what the group used; who held the rest, the log does not show`
    return { verdict: 'innocent', cause, isInnocent: true, culprit: null, reason }
  }
  const reason = `it held ${part} of what the group used; whether others held more, the log does not show`
  return { verdict: 'unknown', cause, isInnocent: null, culprit: null, reason }
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
  if (largest === undefined) return withoutTable(e, cause)
  const { victimRow } = e
  const isOther =
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
    culprit: victim?.comm ?? largest.comm,
    reason: 'it held the most of the group that is at its limit',
  }
}

export const inGroup: Rule = (e) => {
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
  if (e.report.constraint !== null && !/^CONSTRAINT_(NONE|MEMCG)$/.test(e.report.constraint)) {
    const reason = `the policy ${e.report.constraint} chose it, not a limit`
    return { verdict: 'unknown', cause: 'manual', isInnocent: null, culprit: null, reason }
  }
  if (used > 0 && kernel > HALF * used && kernel > anon) {
    return notAProcess(
      e,
      'cgroup-limit',
      'kernel memory of the group',
      'kernel objects charged to the group fill its limit',
    )
  }
  const file = bytes('file', 'cache') - bytes('shmem')
  if (used > 0 && file > HALF * used && anon < used / 4) {
    return notAProcess(
      e,
      'cgroup-limit',
      'page cache of the group',
      'page cache that was not written back fills its limit',
    )
  }
  if (used > 0 && bytes('shmem') > HALF * used) {
    return notAProcess(e, 'cgroup-limit', 'tmpfs of the group', 'files in memory fill its limit')
  }
  if (killed.length === 0) {
    const reason = 'a group is at its limit; what fills it, the log does not show'
    return { verdict: 'unknown', cause: 'cgroup-limit', isInnocent: null, culprit: null, reason }
  }
  return groupVerdict(e, 'cgroup-limit')
}
