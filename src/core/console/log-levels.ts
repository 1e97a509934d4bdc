/** @module Which levels a log must keep for an OOM report to be whole in it, now and after the freeze is remedied. */
import type { Facts } from './facts.ts'
import { journaldKeepsDebug, rsyslogKeepsDebug } from './log-filter.ts'
import { filesLike } from './reading.ts'
import { bestRemedy, isWorthIt, remediesOf } from './remedies.ts'

/** The table of tasks (mm/oom_kill.c). */
const INFO = 6
const DEBUG = 7

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

const textsOf = (facts: Facts, pattern: RegExp): readonly string[] =>
  filesLike(facts, pattern).map(([, text]) => text)

/** Whether the journal, where it is kept, has every line whatever its level. */
export function journalKeepsAll(facts: Facts): boolean {
  return (
    facts.running.has('systemd-journal') &&
    journaldKeepsDebug(textsOf(facts, /\/systemd\/journald\.conf/))
  )
}

export function rsyslogKeepsAll(facts: Facts): boolean {
  return facts.running.has('rsyslogd') && rsyslogKeepsDebug(textsOf(facts, /^\/etc\/rsyslog/))
}
