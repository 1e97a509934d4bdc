/** @module The order in which subjects deserve a look: what leaks, soonest exhausted; then the largest. */
import type { LeakState } from '../leak/records.ts'
import type { SubjectRow } from './records.ts'

const RANK: Readonly<Record<LeakState, number>> = {
  confirmed: 0,
  suspected: 1,
  growing: 2,
  harmless: 3,
  steady: 3,
  unknown: 3,
}

/** Order of two states, the worse first; those that call for nothing are equal. */
export function compareStates(a: LeakState, b: LeakState): number {
  return RANK[a] - RANK[b]
}

/** For sort(): the worse row first. */
export function compareWorst(a: SubjectRow, b: SubjectRow): number {
  const byState = compareStates(a.verdict.state, b.verdict.state)
  if (byState !== 0) return byState
  const etaA = a.verdict.etaSec ?? Number.MAX_VALUE
  const etaB = b.verdict.etaSec ?? Number.MAX_VALUE
  return etaA - etaB || b.levelBytes - a.levelBytes
}
