/** @module The conclusion of a page in one sentence, before any picture or figure. */
import { formatBytes, formatDuration, formatRate } from '../../base/format.ts'
import { explainVerdict } from '../../core/leak/explain.ts'
import type { LeakState } from '../../core/leak/records.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import { foldContainers } from '../../core/wire/fold-containers.ts'
import type { SubjectKind, SubjectRow } from '../../core/wire/records.ts'
import { KIND_WORDS, STATE_ORDER, safeName, titleOf } from './subject.ts'

export interface Sentence {
  readonly text: string
  readonly tone: 'bad' | 'warn' | 'good' | 'quiet'
}

/** Worst first: the surer, then the sooner it runs out, then the faster, then the larger. */
export function compareSuspects(a: SubjectRow, b: SubjectRow): number {
  const never = Number.MAX_VALUE
  return (
    STATE_ORDER[a.verdict.state] - STATE_ORDER[b.verdict.state] ||
    (a.verdict.etaSec ?? never) - (b.verdict.etaSec ?? never) ||
    (b.verdict.rateBytesPerSec ?? 0) - (a.verdict.rateBytesPerSec ?? 0) ||
    b.levelBytes - a.levelBytes ||
    (a.id < b.id ? -1 : 1)
  )
}

function countByKind(rows: readonly SubjectRow[]): string {
  const counts = new Map<SubjectKind, number>()
  for (const { kind } of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const parts = [...counts].map(([kind, n]) => `${n} ${KIND_WORDS[kind][n === 1 ? 0 : 1]}`)
  const last = parts.pop() ?? 'nothing'
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}

function worstOf(row: SubjectRow): string {
  const { rateBytesPerSec, etaSec } = row.verdict
  const left = etaSec === null ? 'no end in sight' : `${formatDuration(etaSec)} left`
  return `${titleOf(row)}, ${formatRate(rateBytesPerSec)}, ${left}`
}

function withVerb(rows: readonly SubjectRow[], one: string, many: string): string {
  const [worst] = rows
  if (worst === undefined) return ''
  const verb = rows.length === 1 ? one : many
  const first = rows.length === 1 ? '' : 'the first to run out is '
  return `${countByKind(rows)} ${verb}: ${first}${worstOf(worst)}`
}

/**
 * What the host page says first.
 * @param suspects suspected and confirmed, worst first, without those that are marked
 * @param watchedSec how long the agent has watched; `null`: not known yet
 * @param expected how many are confirmed and marked
 */
export function sayHost(
  suspects: readonly SubjectRow[],
  host: HostRow | null,
  watchedSec: number | null,
  expected = 0,
): Sentence {
  if (host === null) return { text: 'Waiting for the first sample', tone: 'quiet' }
  const told = foldContainers(suspects)
  const confirmed = told.filter((row) => row.verdict.state === 'confirmed')
  const suspected = told.filter((row) => row.verdict.state === 'suspected')
  if (confirmed.length > 0) {
    const more = suspected.length === 0 ? '' : `; ${countByKind(suspected)} may leak as well`
    return { text: `${withVerb(confirmed, 'leaks', 'leak')}${more}`, tone: 'bad' }
  }
  if (suspected.length > 0) {
    return { text: withVerb(suspected, 'may leak', 'may leak'), tone: 'warn' }
  }
  const watched = `${host.processes} ${KIND_WORDS.process[host.processes === 1 ? 0 : 1]} watched`
  const but =
    expected === 0 ? '' : ` that is not expected; ${expected} ${expected === 1 ? 'is' : 'are'}`
  if (watchedSec === null || watchedSec < 10) {
    return { text: `Nothing leaks so far${but}; ${watched}, just started`, tone: 'quiet' }
  }
  return { text: `Nothing leaks${but}; ${watched} for ${formatDuration(watchedSec)}`, tone: 'good' }
}

const TONES: Readonly<Record<LeakState, Sentence['tone']>> = {
  confirmed: 'bad',
  suspected: 'warn',
  growing: 'warn',
  harmless: 'good',
  steady: 'good',
  unknown: 'quiet',
}

/** What the page of one subject says first. */
export function saySubject(row: SubjectRow): Sentence {
  const { kind, name, pid, limit, verdict } = row
  return {
    text: explainVerdict(verdict, { kind, name: safeName(name), pid, limit }),
    tone: TONES[verdict.state],
  }
}

/** Without a session there are no verdicts to tell. */
export function sayPublic(host: HostRow | null): Sentence {
  if (host === null) return { text: 'Waiting for the first sample', tone: 'quiet' }
  const free = formatBytes(host.memAvailableBytes)
  const total = formatBytes(host.memTotalBytes)
  return {
    text: `${free} of ${total} available, ${host.processes} processes; log in to see what leaks`,
    tone: 'quiet',
  }
}

/** The number of the shown and of all, said only where they differ. */
export function sayCount(shown: number, all: number, what: string): string {
  return shown === all ? `${all} ${what}` : `${shown} of ${all} ${what}`
}

/** Whether a row is a suspect: what a person should look at. */
export function isSuspect(row: SubjectRow): boolean {
  return row.verdict.state === 'confirmed' || row.verdict.state === 'suspected'
}
