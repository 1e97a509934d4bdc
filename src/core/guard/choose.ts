/**
 * @module Who would have to go: the confirmed leaker that explains most of what is missing; else who grew
 * most while memory went; else whom the kernel would choose. Size alone is the last thing asked, since what is
 * large and stands was there when the memory was enough. Pure, and the same for the same state.
 */
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { WEIGHTY_BYTES } from './host-state.ts'
import type { OwnPids } from './protect.ts'
import { NEVER_ADJ, protectionOf } from './protect.ts'
import type {
  Candidate,
  Choice,
  HostState,
  Pool,
  Ranked,
  RankedBy,
  Shortage,
  Spared,
} from './records.ts'
import { WINDOWS_SEC } from './records.ts'
import type { Rules } from './rules.ts'
import { findRule } from './rules.ts'

/** A window tells who takes the memory if the host lost this share of it there. */
const TELLING_SHARE = 0.02
const TELLING_BYTES = 8 * MIB
/** Who grew by less than this share of what was lost is no explanation. */
const GROWTH_SHARE = 0.1
const GROWTH_BYTES = 2 * MIB
/** A leaker that gives back less than this share of what is needed is not what is wrong now. */
const LEAK_SHARE = 0.25
/** Who gives back less than this share of what is needed dies for nothing. */
const WORTH_SHARE = 0.02
/** A pool is to blame that took this share of what was lost ... */
const POOL_SHARE = 0.5
/** ... or, where nobody saw it go, holds this share of memory, and more than twice what any process does. */
const POOL_OF_TOTAL = 1 / 3
const POOL_TIMES = 2
/** Two figures so far apart are both told. */
const SHOWN_APART = 1.1

/** The shortest window in which memory went; -1: in none. */
function tellingWindow({ lost, memory }: HostState): number {
  const least = Math.max(TELLING_BYTES, memory.totalBytes * TELLING_SHARE)
  return lost.findIndex((bytes) => bytes >= least)
}

function grownIn(grown: readonly number[], window: number): number {
  return window < 0 ? 0 : (grown[window] ?? 0)
}

/** What a confirmed leak has taken since it began; no more than what is there. */
function leakedBytes({ verdict, levelBytes }: Candidate, bootSec: number): number {
  if (verdict.state !== 'confirmed') return 0
  const { rateBytesPerSec, sinceSec } = verdict
  if (rateBytesPerSec === null || sinceSec === null) return 0
  return Math.min(levelBytes, Math.max(0, rateBytesPerSec * (bootSec - sinceSec)))
}

/** Of one process, whoever has its pid later. */
export function identityOf({ pid, startTicks }: Pick<Candidate, 'pid' | 'startTicks'>): string {
  return `${pid}:${startTicks}`
}

/** The kernel's own measure since 4.17 (oom_kill.c, oom_badness), bytes. */
export function badnessOf(candidate: Candidate, totalBytes: number): number {
  return candidate.badnessBytes + ((candidate.oomScoreAdj ?? 0) * totalBytes) / 1000
}

/** Whom the kernel would end: it asks neither growth nor owner. `null`: it may end nobody. */
export function kernelChoice({ candidates, memory }: HostState): Candidate | null {
  const score = (one: Candidate): number => badnessOf(one, memory.totalBytes)
  return candidates
    .filter(({ pid, oomScoreAdj }) => pid > 1 && oomScoreAdj !== NEVER_ADJ)
    .reduce<Candidate | null>(
      (worst, one) => (worst === null || score(one) > score(worst) ? one : worst),
      null,
    )
}

function windowText(window: number): string {
  return formatDuration(WINDOWS_SEC[window] ?? null)
}

/** The kernel ranks by what is resident, files of it too, and those come back all the same. */
function holdsText({ levelBytes, badnessBytes }: Candidate): string {
  const holds = formatBytes(levelBytes)
  return badnessBytes > levelBytes * SHOWN_APART
    ? `${holds}, ${formatBytes(badnessBytes)} with files`
    : holds
}

interface Scored extends Ranked {
  readonly score: number
}

function scoreOne(
  candidate: Candidate,
  host: HostState,
  shortage: Shortage,
  window: number,
  rules: Rules,
): Scored {
  const lost = grownIn(host.lost, window)
  const grown = grownIn(candidate.grown, window)
  const share = window < 0 ? null : Math.min(1, Math.max(0, grown / lost))
  const avoidRule = findRule(rules.avoid, candidate)
  const preferRule = avoidRule === undefined ? findRule(rules.prefer, candidate) : undefined
  const rank = (by: RankedBy, score: number, why: string, explains = share): Scored => ({
    candidate,
    by,
    score,
    share: explains,
    isAvoided: avoidRule !== undefined,
    why: avoidRule === undefined ? why : `${why}; its owner would rather spare ${avoidRule.text}`,
  })

  const leaked = leakedBytes(candidate, host.bootSec)
  if (leaked > 0 && leaked >= shortage.neededBytes * LEAK_SHARE) {
    const { verdict } = candidate
    const since = formatDuration(host.bootSec - (verdict.sinceSec ?? host.bootSec))
    const leaks = `it leaks ${formatRate(verdict.rateBytesPerSec)} and took ${formatBytes(leaked)} in ${since}`
    const needs = shortage.neededBytes
    return rank('leak', leaked, leaks, needs > 0 ? Math.min(1, leaked / needs) : null)
  }
  if (preferRule !== undefined) {
    return rank('owner', candidate.levelBytes, `its owner would rather lose ${preferRule.text}`)
  }
  const isHarmless = candidate.verdict.state === 'harmless'
  if (window >= 0 && grown >= Math.max(GROWTH_BYTES, lost * GROWTH_SHARE) && !isHarmless) {
    const why = `it grew by ${formatBytes(grown)} in the last ${windowText(window)}, ${formatPercent(share)} of what memory lost`
    return rank('growth', grown, why)
  }
  const { oomScoreAdj } = candidate
  const adj = oomScoreAdj === null || oomScoreAdj === 0 ? '' : ` with oom_score_adj ${oomScoreAdj}`
  const still = window < 0 ? '' : `; it explains ${formatPercent(share)} of what memory lost`
  const stands = isHarmless && grown > 0 ? '; its growth is harmless' : still
  const score = badnessOf(candidate, host.memory.totalBytes)
  return rank('badness', score, `it holds ${holdsText(candidate)}${adj}${stands}`)
}

const ORDER: Readonly<Record<RankedBy, number>> = { leak: 0, owner: 1, growth: 2, badness: 3 }

function compare(a: Scored, b: Scored): number {
  return (
    Number(a.isAvoided) - Number(b.isAvoided) ||
    ORDER[a.by] - ORDER[b.by] ||
    b.score - a.score ||
    a.candidate.pid - b.candidate.pid
  )
}

/** What has the memory where that is no process: killing gives none of it back. */
function findPool(host: HostState, window: number, ranking: readonly Ranked[]): Pool | null {
  if (ranking.some(({ by }) => by === 'leak')) return null
  const { lost, pools, memory } = host
  if (window >= 0) {
    const most = grownIn(lost, window) * POOL_SHARE
    const growth = (pool: Pool): number => Math.max(0, grownIn(pool.grown, window))
    const grower = pools.toSorted((a, b) => growth(b) - growth(a))[0]
    if (grower === undefined) return null
    const isExplained = ranking.some(({ by }) => by === 'growth')
    // Where no process took any of it, what several took together is no process's either.
    const taken = isExplained ? growth(grower) : pools.reduce((sum, pool) => sum + growth(pool), 0)
    return taken >= most ? grower : null
  }
  const largest = Math.max(0, ...ranking.map(({ candidate }) => candidate.levelBytes))
  const holder = pools.toSorted((a, b) => b.bytes - a.bytes)[0]
  if (holder === undefined || holder.bytes < memory.totalBytes * POOL_OF_TOTAL) return null
  return holder.bytes > largest * POOL_TIMES ? holder : null
}

/** @param skip who does not end, by `identityOf`, and is not asked again */
export function choose(
  host: HostState,
  shortage: Shortage,
  { rules, own, skip }: { rules: Rules; own: OwnPids; skip: ReadonlySet<string> },
): Choice {
  const window = tellingWindow(host)
  const spared: Spared[] = []
  const ranking: Scored[] = []
  const worthBytes = Math.max(WEIGHTY_BYTES, shortage.neededBytes * WORTH_SHARE)
  for (const candidate of host.candidates) {
    const protection = protectionOf(candidate, own, rules)
    if (protection !== null) spared.push({ candidate, why: protection })
    else if (skip.has(identityOf(candidate))) spared.push({ candidate, why: 'it does not end' })
    else if (candidate.levelBytes >= worthBytes) {
      ranking.push(scoreOne(candidate, host, shortage, window, rules))
    }
  }
  ranking.sort(compare)
  spared.sort(
    (a, b) => b.candidate.levelBytes - a.candidate.levelBytes || a.candidate.pid - b.candidate.pid,
  )
  return { ranking, spared, pool: findPool(host, window, ranking) }
}
