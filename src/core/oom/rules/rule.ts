/**
 * @module What a rule looks at, what it answers, and what several rules share. Shares are of the memory that the
 * kernel manages.
 */
import type { Balance, BalanceLine } from '../balance.ts'
import type { Group } from '../holders.ts'
import type { OomKind, OomReport, TaskRow } from '../records.ts'
import type { Cause, Verdict } from '../verdict.ts'

/** What the rules look at, computed once. */
export interface Evidence {
  readonly report: OomReport
  readonly kind: OomKind
  readonly pageKb: number
  readonly balance: Balance | undefined
  readonly ranked: readonly TaskRow[]
  readonly groups: readonly Group[]
  /** The row of who was killed, or of who was selected where a child died. */
  readonly victimRow: TaskRow | undefined
  readonly isKilled: boolean
}

/** `undefined`: it says nothing of this report. */
export type Rule = (evidence: Evidence) => Verdict | undefined

/** More than this free is no shortage of pages, whatever else it is. */
export const MUCH_FREE = 0.2
/** Memory of a kind that fills so much is what happened, unless a process is larger. */
export const FILLS = 0.4
/** Processes of one name are a swarm from here on... */
export const SWARM = 5
/** ... where together they have so many times as much as the largest alone. */
export const SWARM_RATIO = 2
/** What takes this part is more than all else. */
export const HALF = 0.5
/** A victim this close to the largest is as much at fault. */
export const NEARLY = 0.9

export function share({ balance }: Evidence, ...lines: readonly BalanceLine[]): number {
  if (balance === undefined) return 0
  return lines.reduce((sum, line) => sum + balance.pages[line], 0) / balance.managedPages
}

/** What is not a process had the memory: whoever was killed is innocent. */
export function notAProcess(e: Evidence, cause: Cause, culprit: string, reason: string): Verdict {
  return e.isKilled
    ? { verdict: 'innocent', cause, isInnocent: true, culprit, reason }
    : { verdict: 'not-a-process', cause, isInnocent: null, culprit, reason }
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}
