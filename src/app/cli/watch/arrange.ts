/** @module Which subjects are shown, in which order. */
import type { SubjectId, SubjectKind, SubjectRow } from '../../../core/wire/records.ts'
import { memoryKindOf, STATE_WORDS } from '../../../core/wire/subject-words.ts'
import { compareStates, compareWorst } from '../../../core/wire/worst-first.ts'

/** In the order of the keys 1 to 6. */
export const SORT_KEYS = ['worst', 'size', 'rate', 'left', 'name', 'kind'] as const
export type SortKey = (typeof SORT_KEYS)[number]

export const SHOW_GROUPS = ['all', 'processes', 'services', 'pools'] as const
export type ShowGroup = (typeof SHOW_GROUPS)[number]

export interface Arrangement {
  readonly sort: SortKey
  readonly show: ShowGroup
  /** Words that must all be found, in a name, pid, unit, cgroup, container, kind or state. */
  readonly filter: string
}

const never = Number.MAX_VALUE

/** Where two are equal by a key, the worse stands first. */
const COMPARE: Readonly<Record<SortKey, (a: SubjectRow, b: SubjectRow) => number>> = {
  worst: () => 0,
  size: (a, b) => b.levelBytes - a.levelBytes,
  rate: (a, b) => (b.verdict.rateBytesPerSec ?? -never) - (a.verdict.rateBytesPerSec ?? -never),
  left: (a, b) => (a.verdict.etaSec ?? never) - (b.verdict.etaSec ?? never),
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  kind: (a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0),
}

const GROUP: Readonly<Record<SubjectKind, ShowGroup>> = {
  process: 'processes',
  service: 'services',
  cgroup: 'pools',
  tmpfs: 'pools',
  shm: 'pools',
  slab: 'pools',
  kernel: 'pools',
}

/** Whether each word is found in what is known of a subject. */
export function matchesWords(row: SubjectRow, text: string): boolean {
  return matches(row, splitWords(text))
}

function splitWords(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

function matches(row: SubjectRow, words: readonly string[]): boolean {
  const about = [
    row.name,
    row.pid,
    row.unit,
    row.cgroup,
    row.container,
    row.kind,
    memoryKindOf(row),
    STATE_WORDS[row.verdict.state].word,
    row.verdict.state,
    row.verdict.reason,
  ]
  const text = about.join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** What a healthy host has nothing of is no slip of the pen. */
const STATE_TEXT = Object.entries(STATE_WORDS)
  .flatMap(([state, { word }]) => [state, word])
  .join('\n')

/** Whether a filter is about anything that is there, whatever the state that it asks for. */
export function isAboutAny(rows: readonly SubjectRow[], filter: string): boolean {
  const words = splitWords(filter).filter((word) => !STATE_TEXT.includes(word))
  return words.length === 0 || rows.some((row) => matches(row, words))
}

export function arrangeRows(rows: readonly SubjectRow[], arrangement: Arrangement): SubjectRow[] {
  const { sort, show, filter } = arrangement
  const words = splitWords(filter)
  const compare = COMPARE[sort]
  return rows
    .filter((row) => show === 'all' || GROUP[row.kind] === show)
    .filter((row) => words.length === 0 || matches(row, words))
    .sort((a, b) => compare(a, b) || compareWorst(a, b))
}

/**
 * For a reader's eye: without the services of one process that say no more than the process itself.
 * Who asks for services, or by a word, gets them.
 */
export function foldSingles(rows: readonly SubjectRow[], arrangement: Arrangement): SubjectRow[] {
  if (arrangement.show !== 'all' || arrangement.filter !== '') return [...rows]
  const members = new Map<SubjectId | null, SubjectRow>()
  for (const row of rows) if (row.kind === 'process') members.set(row.serviceId, row)
  return rows.filter((row) => {
    const member = row.kind === 'service' && row.processes === 1 ? members.get(row.id) : undefined
    return member === undefined || compareStates(row.verdict.state, member.verdict.state) < 0
  })
}
