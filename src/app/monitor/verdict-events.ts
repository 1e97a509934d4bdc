/** @module Which changes of a verdict are told, and in what words. */
import { explainEnded, explainVerdict } from '../../core/leak/explain.ts'
import type { LeakState, Verdict } from '../../core/leak/records.ts'
import { subjectOf } from '../../core/wire/event-subject.ts'
import type { EventKind, EventSubject, SubjectRow } from '../../core/wire/records.ts'

/** An event before the host's and the boot's identity are put to it. */
export interface Happening {
  readonly kind: EventKind
  readonly subject: EventSubject | null
  readonly reason: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A suspicion or an alarm that begins or is over is told; mere growth and its end are not. */
export function isTold(from: LeakState, to: LeakState): boolean {
  const weighty = (state: LeakState): boolean => state === 'confirmed' || state === 'suspected'
  return from !== to && (weighty(from) || weighty(to))
}

export function verdictHappening(row: SubjectRow, from: LeakState): Happening {
  const { verdict } = row
  return {
    kind: 'verdict',
    subject: subjectOf(row),
    reason: explainVerdict(verdict, row),
    data: { from, to: verdict.state, verdict },
  }
}

/** A suspect that ended: the kernel has its memory back. */
export function endedHappening(row: SubjectRow, from: 'suspected' | 'confirmed'): Happening {
  const verdict: Verdict = {
    ...row.verdict,
    state: 'harmless',
    reason: 'ended',
    confirmedAtSec: null,
  }
  return {
    kind: 'verdict',
    subject: subjectOf(row),
    reason: explainEnded(verdict.levelBytes, row, from),
    data: { from, to: 'harmless', verdict },
  }
}
