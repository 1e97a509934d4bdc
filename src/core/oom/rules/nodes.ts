/** @module Some nodes alone may be used (cpuset, memory policy), and those are full. */
import type { Evidence, Rule } from './rule.ts'
import { MUCH_FREE, notAProcess } from './rule.ts'

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

export const onSomeNodes: Rule = (e) => {
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
