/**
 * @module Whom the kernel is to choose, should it have to: oom_score_adj of confirmed leakers is raised, long
 * before anything is critical, and given back where the leak is taken back. It holds even if the guard is dead
 * by then.
 */
import type { OwnPids } from './protect.ts'
import { protectionOf } from './protect.ts'
import type { Candidate } from './records.ts'
import type { Rules } from './rules.ts'

/**
 * High enough that any process with it comes before any without, and a value that others seldom set: children
 * inherit it, and are known by it.
 */
export const STEERED_ADJ = 997

/** A process that was steered: what it had before. */
export interface Steered {
  readonly pid: number
  readonly startTicks: number
  readonly foundAdj: number
}

export interface Steering {
  readonly raise: readonly Candidate[]
  readonly restore: readonly Steered[]
}

function isSame(a: Candidate | Steered, b: Candidate | Steered): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks
}

/** What is to be changed now. Who is gone needs nothing, and is in neither list. */
export function planSteering(
  candidates: readonly Candidate[],
  steered: readonly Steered[],
  { rules, own }: { rules: Rules; own: OwnPids },
): Steering {
  const raise = candidates.filter(
    (candidate) =>
      candidate.verdict.state === 'confirmed' &&
      candidate.oomScoreAdj !== null &&
      candidate.oomScoreAdj < STEERED_ADJ &&
      !steered.some((one) => isSame(one, candidate)) &&
      protectionOf(candidate, own, rules) === null,
  )
  const restore = steered.filter((one) => {
    const now = candidates.find((candidate) => isSame(one, candidate))
    return now !== undefined && now.verdict.state !== 'confirmed'
  })
  return { raise, restore }
}
