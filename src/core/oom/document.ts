/** @module The explanation as JSON: `plimsoll.explain/1`, one document a file. */
import { sayAction } from './actions.ts'
import type { BalanceLine } from './balance.ts'
import type { Explanation } from './explain.ts'
import type { OtherKill } from './other-kills.ts'
import type { OomKind, OomReport, TaskRow } from './records.ts'
import type { Story, Tally } from './story.ts'
import { mostOf, spanOf } from './story.ts'
import type { Cause, VerdictClass } from './verdict.ts'

interface Named {
  readonly comm: string
  readonly pid: number | null
}

export interface ReportDocument {
  readonly killLineOnly: boolean
  readonly lines: { readonly first: number; readonly last: number }
  readonly uptimeSec: number | null
  /** When, as the log says it (no year or zone that it does not have), and seconds since boot. */
  readonly at: { readonly text: string | null; readonly uptimeSec: number | null }
  readonly trigger: Named | null
  readonly order: number | null
  readonly gfpMask: string | null
  readonly gfpFlags: string | null
  /** Whom the kernel selected, where a child of it died instead. */
  readonly selected: Named | null
  readonly killed: readonly {
    readonly comm: string
    readonly pid: number
    readonly line: number
    readonly anonRssBytes: number | null
    readonly fileRssBytes: number | null
    readonly shmemRssBytes: number | null
    readonly totalVmBytes: number | null
    readonly oomScoreAdj: number | null
    readonly uid: number | null
  }[]
  readonly groupKill: boolean
  readonly kind: OomKind
  readonly constraint: string | null
  /** cgroup of the task, and the one that was at its limit. */
  readonly memcg: string | null
  readonly oomMemcg: string | null
  readonly limitBytes: number | null
  readonly topRss: { readonly comm: string; readonly pid: number; readonly rssBytes: number } | null
  readonly groups: readonly {
    readonly comm: string
    readonly processes: number
    readonly bytes: number
  }[]
  readonly verdict: VerdictClass
  readonly innocent: boolean | null
  readonly culprit: string | null
  readonly cause: Cause
  readonly reason: string
  readonly confidence: 'high' | 'medium' | 'low'
  readonly balanceBytes: Readonly<Record<BalanceLine, number>> | null
  readonly managedBytes: number | null
  readonly unaccountedBytes: number | null
  readonly pageBytes: number
  readonly expectedVictim: Named | null
  readonly nextVictims: readonly Named[]
  readonly actions: readonly string[]
  readonly panic: string | null
  readonly truncated: boolean
  readonly missing: readonly string[]
}

/** Reports that follow each other for one shortage: `reports` counts them. */
export interface StormDocument {
  readonly reports: number
  readonly kills: number
  readonly innocent: number
  readonly lines: { readonly first: number; readonly last: number }
  readonly spanSec: number | null
  readonly kind: OomKind
  readonly oomMemcg: string | null
  readonly causes: readonly Tally[]
  readonly culprits: readonly Tally[]
  readonly killed: readonly Tally[]
}

export interface ExplainDocument {
  readonly schema: 'plimsoll.explain/1'
  readonly file: string
  readonly reports: readonly ReportDocument[]
  /** Of two reports or more, and two kills or more. */
  readonly storms: readonly StormDocument[]
  /** By others than the kernel: programs that kill for memory, by their own messages. */
  readonly otherKills: readonly OtherKill[]
  /** Whether it has lines at all; where it does not, it is no log. */
  readonly isText: boolean
  /** Why the file could not be read to its end; `null` where it was. */
  readonly error: string | null
}

/** One report as soon as it is over, in a stream. */
export interface EventDocument extends ReportDocument {
  readonly schema: 'plimsoll.explain-event/1'
  readonly file: string
}

function bytes(kb: number | null): number | null {
  return kb === null ? null : kb * 1024
}

function nameOf(row: TaskRow): Named {
  return { comm: row.comm, pid: row.pid }
}

/** A child was sacrificed for the one that was selected (until 5.0). */
function selectedOther(report: OomReport): Named | null {
  const { selected, killed } = report
  return selected === null || killed.some(({ pid }) => pid === selected.pid) ? null : selected
}

export function reportDocument(explanation: Explanation): ReportDocument {
  const { report, verdict, pageKb, balance, topRss } = explanation
  const pageBytes = pageKb * 1024
  const inBytes = (pages: number): number => Math.round(pages * pageBytes)
  const lines = balance === undefined ? null : Object.entries(balance.pages)
  return {
    killLineOnly: report.isKillLineOnly,
    lines: { first: report.firstLine, last: report.lastLine },
    uptimeSec: report.uptimeSec,
    at: { text: report.clockText, uptimeSec: report.uptimeSec },
    trigger: report.trigger,
    order: report.order,
    gfpMask: report.gfpMask === null ? null : `0x${report.gfpMask.toString(16)}`,
    gfpFlags: report.gfpText,
    selected: selectedOther(report),
    killed: report.killed.map((killed) => ({
      comm: killed.comm,
      pid: killed.pid,
      line: killed.line,
      anonRssBytes: bytes(killed.anonRssKb),
      fileRssBytes: bytes(killed.fileRssKb),
      shmemRssBytes: bytes(killed.shmemRssKb),
      totalVmBytes: bytes(killed.totalVmKb),
      oomScoreAdj: killed.oomScoreAdj,
      uid: killed.uid,
    })),
    groupKill: report.isGroupKill,
    kind: explanation.kind,
    constraint: report.constraint,
    memcg: report.taskMemcg,
    oomMemcg: report.oomMemcg,
    limitBytes: bytes(report.memcgUsage.memory?.limitKb ?? null),
    topRss:
      topRss === null || topRss.rss === null
        ? null
        : { comm: topRss.comm, pid: topRss.pid, rssBytes: inBytes(topRss.rss) },
    groups: explanation.groups.map(({ comm, processes, pages }) => ({
      comm,
      processes,
      bytes: inBytes(pages),
    })),
    verdict: verdict.verdict,
    innocent: verdict.isInnocent,
    culprit: verdict.culprit,
    cause: verdict.cause,
    reason: verdict.reason,
    confidence: explanation.confidence,
    balanceBytes:
      lines === null
        ? null
        : (Object.fromEntries(lines.map(([name, pages]) => [name, inBytes(pages)])) as Record<
            BalanceLine,
            number
          >),
    managedBytes: balance === undefined ? null : inBytes(balance.managedPages),
    unaccountedBytes: balance === undefined ? null : inBytes(balance.pages.unaccounted),
    pageBytes,
    expectedVictim: explanation.expectedVictim === null ? null : nameOf(explanation.expectedVictim),
    nextVictims: explanation.nextVictims.map(nameOf),
    actions: explanation.actions.map(sayAction),
    panic: report.panic,
    truncated: report.isTruncated,
    missing: report.missing,
  }
}

export function stormDocument(story: Story): StormDocument {
  return {
    reports: story.reports,
    kills: story.kills,
    innocent: story.innocent,
    lines: { first: story.firstLine, last: story.lastLine },
    spanSec: spanOf(story),
    kind: story.kind,
    oomMemcg: story.oomMemcg,
    causes: mostOf(story.causes),
    culprits: mostOf(story.culprits),
    killed: mostOf(story.killed),
  }
}
