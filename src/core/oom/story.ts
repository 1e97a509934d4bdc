/**
 * @module Reports that belong together: while memory stays short, an OOM follows the other, and what a person
 * wants to know is one thing: how many died in what time, and of what.
 */
import type { Explanation } from './explain.ts'
import type { OomKind } from './records.ts'
import type { Cause, VerdictClass } from './verdict.ts'

/** Reports with less between them are one storm. */
const STORM_GAP_SEC = 300
/** The same where no line has a time. */
const STORM_GAP_LINES = 10_000
/** Stamps of several CPUs are not quite in order; more than this backwards is another boot. */
const BACKWARDS_SEC = 10
/** Names that are counted apart. */
const MAX_NAMES = 1000

export interface Tally {
  readonly name: string
  readonly count: number
}

/** What a storm came to; a single report is one, too. */
export interface Story {
  readonly kind: OomKind
  /** The group that was at its limit. */
  readonly oomMemcg: string | null
  readonly reports: number
  readonly kills: number
  /** Reports whose killed were not at fault. */
  readonly innocent: number
  readonly firstLine: number
  readonly lastLine: number
  readonly firstSec: number | null
  readonly lastSec: number | null
  readonly verdicts: ReadonlyMap<VerdictClass, number>
  readonly causes: ReadonlyMap<Cause, number>
  readonly culprits: ReadonlyMap<string, number>
  /** By name. */
  readonly killed: ReadonlyMap<string, number>
}

function counted<K>(before: ReadonlyMap<K, number>, name: K): ReadonlyMap<K, number> {
  // A storm may have a hundred thousand reports: a copy for each would cost their square.
  const map = before as Map<K, number>
  const count = map.get(name)
  if (count !== undefined || map.size < MAX_NAMES) map.set(name, (count ?? 0) + 1)
  return map
}

export function beginStory(explanation: Explanation): Story {
  const { report, kind } = explanation
  return extend(
    {
      kind,
      oomMemcg: report.oomMemcg,
      reports: 0,
      kills: 0,
      innocent: 0,
      firstLine: report.firstLine,
      lastLine: report.lastLine,
      firstSec: report.uptimeSec,
      lastSec: report.uptimeSec,
      verdicts: new Map(),
      causes: new Map(),
      culprits: new Map(),
      killed: new Map(),
    },
    explanation,
  )
}

/** The story with one report more; `story` is not to be used any more. */
function extend(story: Story, { report, kind, verdict }: Explanation): Story {
  for (const { comm } of report.killed) counted(story.killed, comm)
  if (verdict.culprit !== null) counted(story.culprits, verdict.culprit)
  return {
    ...story,
    kind: story.kind === 'unknown' ? kind : story.kind,
    oomMemcg: story.oomMemcg ?? report.oomMemcg,
    reports: story.reports + 1,
    kills: story.kills + report.killed.length,
    innocent: story.innocent + (verdict.isInnocent === true ? 1 : 0),
    lastLine: Math.max(story.lastLine, report.lastLine),
    lastSec: report.uptimeSec ?? story.lastSec,
    verdicts: counted(story.verdicts, verdict.verdict),
    causes: counted(story.causes, verdict.cause),
  }
}

function isOfStory(story: Story, { report, kind }: Explanation): boolean {
  if (report.oomMemcg !== null && story.oomMemcg !== null && report.oomMemcg !== story.oomMemcg) {
    return false
  }
  // The line of a kill alone, or a damaged report, does not say what ran out.
  if (kind !== story.kind && kind !== 'unknown' && story.kind !== 'unknown') return false
  if (report.uptimeSec === null || story.lastSec === null) {
    return report.firstLine - story.lastLine < STORM_GAP_LINES
  }
  const gap = report.uptimeSec - story.lastSec
  return gap < STORM_GAP_SEC && gap > -BACKWARDS_SEC
}

/**
 * The story that this report continues, with it in; `undefined` where it begins another.
 * Reports come in the order of the log; `story` is not to be used any more.
 */
export function continueStory(story: Story, explanation: Explanation): Story | undefined {
  return isOfStory(story, explanation) ? extend(story, explanation) : undefined
}

/** Reports that follow each other are one where several died of it. */
export function isStorm({ reports, kills }: Pick<Story, 'reports' | 'kills'>): boolean {
  return reports > 1 && kills > 1
}

/** Seconds from the first report to the last; `null` where the log has no times. */
export function spanOf({ firstSec, lastSec }: Story): number | null {
  return firstSec === null || lastSec === null ? null : Math.max(0, lastSec - firstSec)
}

/** Most frequent first. */
export function mostOf(counts: ReadonlyMap<string, number>): readonly Tally[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}
