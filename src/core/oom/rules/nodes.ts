/** @module Some nodes alone may be used (cpuset, memory policy), and those are full. */
import { footprint } from '../holders.ts'
import type { Evidence, Rule } from './rule.ts'
import { HALF, MUCH_FREE, NEARLY, notAProcess } from './rule.ts'

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

/**
 * Whether the killed filled these nodes. The table has only those that may use one of them (oom_cpuset_eligible), but
 * not where their pages are: a victim as large as the one who asked may be of another node.
 */
function isAtFault(e: Evidence): boolean | null {
  const { report, victimRow, ranked, pageKb } = e
  const [victim] = report.killed
  const { trigger } = report
  if (victim === undefined) return null
  if (trigger !== null && victim.comm === trigger.comm) return true
  if (isFreeThere(e)) return false
  const [largest] = ranked
  if (victimRow === undefined || largest === undefined) return trigger === null ? null : false
  const own = footprint(victimRow, pageKb)
  if (own < NEARLY * footprint(largest, pageKb)) return trigger === null ? null : false
  const asker = report.tasks.find(({ comm, pid }) => pid === trigger?.pid || comm === trigger?.comm)
  return asker === undefined || footprint(asker, pageKb) < HALF * own
}

export const onSomeNodes: Rule = (e) => {
  if (e.kind !== 'cpuset' && e.kind !== 'mempolicy') return undefined
  const [victim] = e.report.killed
  if (victim === undefined) {
    return notAProcess(e, 'constraint', 'some nodes alone', whyNodes(e))
  }
  const isGuilty = isAtFault(e)
  return {
    verdict: isGuilty === null ? 'unknown' : isGuilty ? 'guilty' : 'innocent',
    cause: 'constraint',
    isInnocent: isGuilty === null ? null : !isGuilty,
    culprit: isGuilty === true ? victim.comm : (e.report.trigger?.comm ?? null),
    reason: whyNodes(e),
  }
}
