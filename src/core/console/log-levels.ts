/** @module Which levels a log must keep for an OOM report to be whole in it, now and after the freeze is remedied. */
import type { Facts } from './facts.ts'
import { DEBUG, journalFilter, keepsUpTo, rsyslogLevels } from './log-filter.ts'
import { bestRemedy, isWorthIt, remediesOf } from './remedies.ts'

/** The table of tasks (mm/oom_kill.c). */
const INFO = 6

export interface NeededLevels {
  readonly now: number
  /** With the remedy that the doctor proposes, which may make the bulk debug lines. */
  readonly later: number
}

export function neededLevels(facts: Facts): NeededLevels {
  const now = Math.max(INFO, facts.printk?.defaultLevel ?? INFO)
  const remedies = remediesOf(facts) ?? []
  const isMoved = isWorthIt(remedies) && bestRemedy(facts, remedies)?.id === 'default-level'
  return { now, later: isMoved ? DEBUG : now }
}

/** Whether the journal, where it is kept, has every line whatever its level. */
export function journalKeepsAll(facts: Facts): boolean {
  return facts.running.has('systemd-journal') && journalFilter(facts).by === null
}

export function rsyslogKeepsAll(facts: Facts): boolean {
  return facts.running.has('rsyslogd') && keepsUpTo(rsyslogLevels(facts), DEBUG)
}
