/** @module A report explained: its kind, who had the memory, the kernel's choice contested or confirmed. */
import type { Action } from './actions.ts'
import { actionsFor } from './actions.ts'
import { rankByBadness } from './badness.ts'
import type { Balance } from './balance.ts'
import { balanceOf, pageKbOf } from './balance.ts'
import type { Group } from './holders.ts'
import { groupTasks } from './holders.ts'
import { judgeReport } from './judge.ts'
import { judgeKind } from './kind.ts'
import type { OomKind, OomReport, TaskRow } from './records.ts'
import type { Verdict } from './verdict.ts'

export type Confidence = 'high' | 'medium' | 'low'

export interface Explanation {
  readonly report: OomReport
  readonly kind: OomKind
  readonly pageKb: number
  readonly verdict: Verdict
  readonly confidence: Confidence
  readonly balance: Balance | undefined
  /** Largest by resident memory. */
  readonly topRss: TaskRow | null
  readonly groups: readonly Group[]
  /** By the kernel's own ranking of today, the killed left out; empty where the table is not there. */
  readonly nextVictims: readonly TaskRow[]
  /** Whom that ranking puts first, where the kernel killed another. */
  readonly expectedVictim: TaskRow | null
  readonly actions: readonly Action[]
}

const MAX_GROUPS = 5
const MAX_NEXT = 3
/** A ranking of kernels before 4.17 is another one (children, root's bonus): contested only where the table has swap. */
function isModernTable(report: OomReport): boolean {
  return (
    report.tasks.length > 0 &&
    report.tasks.every((row) => row.swapents !== null && row.pageTableBytes !== null)
  )
}

/** Whether what ran out has no figures, or such as contradict each other. */
function lacksFigures(report: OomReport, kind: OomKind, balance?: Balance): boolean {
  const { memcgUsage, memcgStat } = report
  if (kind === 'memcg') {
    return memcgUsage.memory === undefined || (memcgStat.anon ?? memcgStat.rss) === undefined
  }
  // Of a cpuset or a policy it has some zones alone, as it should.
  return kind !== 'cpuset' && kind !== 'mempolicy' && balance?.isSound === false
}

function confidenceOf(
  report: OomReport,
  verdict: Verdict,
  kind: OomKind,
  balance?: Balance,
): Confidence {
  if (verdict.verdict === 'unknown') return 'low'
  return report.isTruncated || lacksFigures(report, kind, balance) ? 'medium' : 'high'
}

export function explainReport(report: OomReport): Explanation {
  const pageKb = pageKbOf(report)
  const verdict = judgeReport(report)
  const kind = judgeKind(report)
  const balance = balanceOf(report)
  const ranked = rankByBadness(report)
  const killedPids = new Set(report.killed.map(({ pid }) => pid))
  const first = ranked[0] ?? null
  const isContested =
    first !== null &&
    isModernTable(report) &&
    report.killed.length > 0 &&
    !report.isAllocatingTask &&
    !killedPids.has(first.pid) &&
    first.pid !== report.selected?.pid
  const byRss = report.tasks.reduce<TaskRow | null>(
    (best, row) => ((row.rss ?? -1) > (best?.rss ?? -1) ? row : best),
    null,
  )
  return {
    report,
    kind,
    pageKb,
    verdict,
    confidence: confidenceOf(report, verdict, kind, balance),
    balance,
    topRss: byRss,
    groups: groupTasks(report).slice(0, MAX_GROUPS),
    nextVictims: ranked.filter(({ pid }) => !killedPids.has(pid)).slice(0, MAX_NEXT),
    expectedVictim: isContested ? first : null,
    actions: actionsFor(report, verdict),
  }
}
