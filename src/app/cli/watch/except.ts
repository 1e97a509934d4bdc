/** @module `--except`: leaks that a script expects are shown, and count for nothing. */
import type { LeakState } from '../../../core/leak/records.ts'
import { foldContainers } from '../../../core/wire/fold-containers.ts'
import { membersOf } from '../../../core/wire/members.ts'
import type { SubjectId, SubjectRow } from '../../../core/wire/records.ts'
import { matchesWords } from './arrange.ts'
import type { WatchSnapshot } from './source.ts'

export interface Judged {
  /** Without what is excepted: what the conclusion and the exit code are about. */
  readonly snapshot: WatchSnapshot
  readonly excepted: ReadonlySet<SubjectId>
  /** Ends the conclusion: how many leaks it is not about. */
  readonly addition: string
}

/** What a container may grow by. */
const RISING: readonly LeakState[] = ['confirmed', 'suspected', 'growing']

function isRising({ verdict }: SubjectRow): boolean {
  return RISING.includes(verdict.state)
}

/** @param exceptions words that are all found in a subject that is excepted, as of a filter */
function findExcepted(
  rows: readonly SubjectRow[],
  exceptions: readonly string[],
): ReadonlySet<SubjectId> {
  const named = new Set(
    rows.filter((row) => exceptions.some((words) => matchesWords(row, words))).map(({ id }) => id),
  )
  const isNamed = (row: SubjectRow): boolean =>
    named.has(row.id) || (row.serviceId !== null && named.has(row.serviceId))
  const rising = rows.filter(isRising)
  // A service or cgroup that grows by nothing but what is excepted is no leak of its own.
  const isExplained = (row: SubjectRow): boolean => {
    const members = isRising(row) ? membersOf(rising, row) : []
    return members.length > 0 && members.every(isNamed)
  }
  return new Set(rows.filter((row) => isNamed(row) || isExplained(row)).map(({ id }) => id))
}

function sayExcepted(rows: readonly SubjectRow[], excepted: ReadonlySet<SubjectId>): string {
  const leaks = foldContainers(rows.filter(({ verdict }) => verdict.state === 'confirmed'))
  const count = leaks.filter(({ id }) => excepted.has(id)).length
  if (count === 0) return ''
  return count === 1 ? '; 1 leak is excepted' : `; ${count} leaks are excepted`
}

export function judgeWithout(snapshot: WatchSnapshot, exceptions: readonly string[]): Judged {
  if (exceptions.length === 0) return { snapshot, excepted: new Set(), addition: '' }
  const excepted = findExcepted(snapshot.rows, exceptions)
  const rows = snapshot.rows.filter(({ id }) => !excepted.has(id))
  return {
    snapshot: { ...snapshot, rows },
    excepted,
    addition: sayExcepted(snapshot.rows, excepted),
  }
}
