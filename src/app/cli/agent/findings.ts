/** @module What is told of a host's leaks as they come and go: each once, and once when it is over. */
import { formatBytes } from '../../../base/format.ts'
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
  /** As of the last look, so that its end can say what came back. */
  levelBytes: number
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
  const size = formatBytes(tale.levelBytes)
  const text = `${tale.name} ended at ${size} while it leaked; its memory came back`
  return [{ subjectId: id, state: null, text }]
}

/**
 * What is new since it was last called; `told` is brought up to date. A suspicion that comes and goes
 * is told once.
 */
export function findNews(rows: ReadonlyMap<SubjectId, SubjectRow>, told: Told): Finding[] {
  const news: Finding[] = []
  for (const row of findSuspects(rows.values())) {
    const { state } = row.verdict
    const tale = told.get(row.id)
    if (tale !== undefined) tale.levelBytes = row.levelBytes
    const before = tale?.state
    if (before === 'confirmed' || before === state) continue
    const { levelBytes } = row
    const weight = state === 'confirmed' ? state : 'suspected'
    told.set(row.id, { state: weight, name: titleOf(row), levelBytes })
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
