/** @module What is told of a host's leaks as they come and go: each once, and once when it is over. */
import { explainVerdict } from '../../../core/leak/explain.ts'
import type { LeakState } from '../../../core/leak/records.ts'
import { foldContainers } from '../../../core/wire/fold-containers.ts'
import type { SubjectId, SubjectRow } from '../../../core/wire/records.ts'
import { compareWorst } from '../../../core/wire/worst-first.ts'
import { titleOf } from '../watch/sentence.ts'

export interface Finding {
  readonly subjectId: SubjectId
  /** `null`: it is gone. */
  readonly state: LeakState | null
  /** One sentence. The name in it is untrusted. */
  readonly text: string
}

/** What was told of a subject. */
interface Tale {
  readonly state: 'suspected' | 'confirmed'
  readonly name: string
}

/** By subject; owned by the one who tells. */
export type Told = Map<SubjectId, Tale>

function isSuspect({ verdict }: SubjectRow): boolean {
  return verdict.state === 'confirmed' || verdict.state === 'suspected'
}

/** Worst first. */
function findSuspects(rows: Iterable<SubjectRow>): SubjectRow[] {
  return foldContainers([...rows].filter(isSuspect)).sort(compareWorst)
}

/** What is over: nothing of a mere suspicion. */
function sayOver(id: SubjectId, tale: Tale, row: SubjectRow | undefined): Finding[] {
  if (tale.state === 'suspected') return []
  if (row !== undefined) {
    return [{ subjectId: id, state: row.verdict.state, text: explainVerdict(row.verdict, row) }]
  }
  return [{ subjectId: id, state: null, text: `${tale.name} ended, and its memory came back` }]
}

/**
 * What is new since it was last called; `told` is brought up to date. A suspicion that comes and goes
 * is told once.
 */
export function findNews(rows: ReadonlyMap<SubjectId, SubjectRow>, told: Told): Finding[] {
  const news: Finding[] = []
  for (const row of findSuspects(rows.values())) {
    const { state } = row.verdict
    const before = told.get(row.id)?.state
    if (before === 'confirmed' || before === state) continue
    told.set(row.id, { state: state === 'confirmed' ? state : 'suspected', name: titleOf(row) })
    news.push({ subjectId: row.id, state, text: explainVerdict(row.verdict, row) })
  }
  for (const [id, tale] of told) {
    const row = rows.get(id)
    if (row !== undefined && (isSuspect(row) || tale.state === 'suspected')) continue
    told.delete(id)
    news.push(...sayOver(id, tale, row))
  }
  return news
}
