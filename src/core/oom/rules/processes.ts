/** @module Processes have the memory: one of them, or many of one name. */
import { footprint } from '../holders.ts'
import type { Evidence, Rule } from './rule.ts'
import { FILLS, NEARLY, SWARM, SWARM_RATIO } from './rule.ts'

/** Together a swarm has at least this part of the memory. */
const SWARM_SHARE = 0.25

export const swarm: Rule = (e) => {
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

export const byProcess: Rule = (e) => {
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

/** What the counters name, where the machine's size is not told: at least so much it has. */
function knownPages({ balance, report: { counters: c } }: Evidence): number | null {
  if (balance !== undefined) return balance.managedPages
  if (c.active_anon === undefined || c.free === undefined) return null
  const names = ['active_anon', 'inactive_anon', 'active_file', 'inactive_file', 'unevictable']
  const more = ['slab_reclaimable', 'slab_unreclaimable', 'pagetables', 'free']
  return [...names, ...more].reduce((sum, name) => sum + (c[name] ?? 0), 0)
}

/** Without a table: the kill line's own figures beside the machine's. */
export const byKillLine: Rule = (e) => {
  const [victim] = e.report.killed
  const pages = knownPages(e)
  if (victim === undefined || pages === null || victim.anonRssKb === null) return undefined
  if (victim.anonRssKb / e.pageKb < FILLS * pages) return undefined
  return {
    verdict: 'guilty',
    cause: 'process-leak',
    isInnocent: false,
    culprit: victim.comm,
    reason: 'it held most of the memory',
  }
}
