/** @module Which rows a table shows and in what order, from the address alone. */
import { explainReason } from '../../core/leak/explain.ts'
import type { LeakState } from '../../core/leak/records.ts'
import { LEAK_STATES } from '../../core/leak/records.ts'
import type { SubjectKind, SubjectRow } from '../../core/wire/records.ts'
import { SUBJECT_KINDS } from '../../core/wire/records.ts'
import { compareSuspects } from '../say/sentence.ts'
import { memoryKindOf, STATE_WORDS } from '../say/subject.ts'

export const SORT_KEYS = ['worst', 'name', 'memory', 'size', 'rate', 'left'] as const
export type SortKey = (typeof SORT_KEYS)[number]

export interface Choice {
  /** In lower case, trimmed. */
  readonly search: string
  readonly kind: SubjectKind | null
  readonly state: LeakState | null
  readonly sort: SortKey
  readonly isReversed: boolean
}

/** From `?q=nginx&kind=service&state=growing&sort=size&reverse=1`; what is none of ours is left out. */
export function parseChoice(query: URLSearchParams, sortUnlessSaid: SortKey): Choice {
  const find = <Word extends string>(words: readonly Word[], key: string): Word | undefined =>
    words.find((word) => word === query.get(key))
  return {
    search: (query.get('q') ?? '').trim().toLowerCase(),
    kind: find(SUBJECT_KINDS, 'kind') ?? null,
    state: find(LEAK_STATES, 'state') ?? null,
    sort: find(SORT_KEYS, 'sort') ?? sortUnlessSaid,
    isReversed: query.get('reverse') === '1',
  }
}

/** Every word must be in one of the row's names: who it is, where it runs, how it stands. */
export function matchesSearch(row: SubjectRow, search: string): boolean {
  if (search === '') return true
  const { state, reason } = row.verdict
  const text = [row.name, row.pid, row.unit, row.container, row.cgroup, STATE_WORDS[state].word]
    .join('\n')
    .toLowerCase()
  return search
    .split(/\s+/)
    .every((word) => text.includes(word) || explainReason(reason, row.limit).includes(word))
}

type Compare = (a: SubjectRow, b: SubjectRow) => number

function descending(figure: (row: SubjectRow) => number | null): Compare {
  return (a, b) => (figure(b) ?? -1) - (figure(a) ?? -1)
}

/** The order that a first click gives: for figures the one that asks for a look first. */
const COMPARE: Readonly<Record<SortKey, Compare>> = {
  worst: () => 0,
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  memory: (a, b) => memoryKindOf(a).localeCompare(memoryKindOf(b)),
  size: descending((row) => row.levelBytes),
  rate: descending((row) => row.verdict.rateBytesPerSec),
  left: (a, b) => (a.verdict.etaSec ?? Number.MAX_VALUE) - (b.verdict.etaSec ?? Number.MAX_VALUE),
}

/**
 * The chosen rows in order. Those that their owner judged come after the others of a worst-first
 * order, since they call for nothing.
 * @param isMarked whether the owner marked a row as expected or muted it
 */
export function chooseRows(
  rows: Iterable<SubjectRow>,
  choice: Choice,
  isMarked: (row: SubjectRow) => boolean,
): SubjectRow[] {
  const chosen: SubjectRow[] = []
  for (const row of rows) {
    if (choice.kind !== null && row.kind !== choice.kind) continue
    if (choice.state !== null && row.verdict.state !== choice.state) continue
    if (matchesSearch(row, choice.search)) chosen.push(row)
  }
  const compare = COMPARE[choice.sort]
  const markedLast = (a: SubjectRow, b: SubjectRow): number =>
    choice.sort === 'worst' ? Number(isMarked(a)) - Number(isMarked(b)) : 0
  chosen.sort((a, b) => compare(a, b) || markedLast(a, b) || compareSuspects(a, b))
  return choice.isReversed ? chosen.reverse() : chosen
}
