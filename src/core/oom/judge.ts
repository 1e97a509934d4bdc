/** @module The verdict on a report: rules in their order, the first that applies decides. */
import { balanceOf, pageKbOf } from './balance.ts'
import { groupTasks, rankTasks } from './holders.ts'
import { judgeKind } from './kind.ts'
import type { OomReport } from './records.ts'
import { byCounters, filled } from './rules/filled.ts'
import { inGroup } from './rules/group.ts'
import { onSomeNodes } from './rules/nodes.ts'
import { manual, noShortage } from './rules/not-short.ts'
import { byKillLine, byProcess, swarm } from './rules/processes.ts'
import type { Evidence, Rule } from './rules/rule.ts'
import { fragmentation, lowMemory } from './rules/zones.ts'
import type { Verdict } from './verdict.ts'

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
