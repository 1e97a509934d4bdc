/** @module The conclusion in one sentence, before any table. Names in it are not escaped yet. */
import { formatDuration, formatRate } from '../../../base/format.ts'
import { HOUR_SEC } from '../../../base/units.ts'
import type { HostRow } from '../../../core/procfs/records.ts'
import { foldContainers } from '../../../core/wire/fold-containers.ts'
import type { SubjectKind, SubjectRow } from '../../../core/wire/records.ts'
import { KIND_WORDS } from '../../../core/wire/subject-words.ts'
import { compareWorst } from '../../../core/wire/worst-first.ts'
import { formatSince } from './clock.ts'
import type { WatchSnapshot } from './source.ts'

/** Who has watched for less has seen fast leaks only. */
const YOUNG_MS = 60_000

/** What fills up within an hour, even as late as it may, cannot be let pass unconfirmed. */
const PRESSING_SEC = HOUR_SEC

/** Whether growth that is neither confirmed nor cleared may end too soon to say that nothing leaks. */
export function isPressing({ verdict }: SubjectRow): boolean {
  const { state, etaHighSec } = verdict
  return state === 'growing' && etaHighSec !== null && etaHighSec < PRESSING_SEC
}

export interface Sentence {
  readonly text: string
  /** The gravest state in it; `null`: nothing was judged yet. */
  readonly state: 'confirmed' | 'suspected' | 'growing' | 'steady' | null
}

/** What its reader calls a subject: `nginx 4121`, `nginx.service`, `tmpfs /run`. */
export function titleOf(row: Pick<SubjectRow, 'kind' | 'name' | 'pid'>): string {
  const name = row.name.trim() === '' ? '(no name)' : row.name
  if (row.kind === 'process') return row.pid === null ? name : `${name} ${row.pid}`
  return row.kind === 'service' ? name : `${row.kind} ${name}`
}

function count(rows: number, kind: SubjectKind): string {
  return `${rows} ${KIND_WORDS[kind][rows === 1 ? 0 : 1]}`
}

/** `+9.0 MiB/s since 07:10, 2 min left`. */
export function sayGrowth(
  { verdict }: SubjectRow,
  host: HostRow | null,
  utcOffsetMin: number,
): string {
  const since =
    verdict.sinceSec === null || host === null
      ? ''
      : ` since ${formatSince(verdict.sinceSec, host, utcOffsetMin)}`
  const left =
    verdict.etaSec === null ? 'no end in sight' : `${formatDuration(verdict.etaSec)} left`
  return `${formatRate(verdict.rateBytesPerSec)}${since}, ${left}`
}

function sayLeaks(
  rows: readonly SubjectRow[],
  verb: readonly [one: string, many: string],
  growth: (row: SubjectRow) => string,
): string {
  const [worst] = rows
  if (worst === undefined) return ''
  const one = `${titleOf(worst)}${rows.length === 1 ? ` ${verb[0]}` : ''} ${growth(worst)}`
  return rows.length === 1 ? one : `${rows.length} ${verb[1]}; first to run out is ${one}`
}

/** How long the source has watched. */
export function sayWatched({ host, sinceWallMs }: WatchSnapshot): string {
  return formatDuration(host === null ? 0 : (host.wallMs - sinceWallMs) / 1000)
}

/** @param utcOffsetMin of the reader's time zone */
export function sayHost(snapshot: WatchSnapshot, utcOffsetMin: number): Sentence {
  const { host, rows } = snapshot
  if (host === null) return { text: 'Waiting for the first sample', state: null }
  const growth = (row: SubjectRow): string => sayGrowth(row, host, utcOffsetMin)
  const pick = (state: SubjectRow['verdict']['state']): SubjectRow[] =>
    foldContainers(rows.filter((row) => row.verdict.state === state)).sort(compareWorst)
  const confirmed = pick('confirmed')
  const suspected = pick('suspected')
  if (confirmed.length > 0) {
    const leaks = sayLeaks(confirmed, ['leaks', 'leak'], growth)
    const more = suspected.length === 0 ? '' : `; ${suspected.length} more may leak`
    return { text: leaks + more, state: 'confirmed' }
  }
  if (suspected.length > 0) {
    return { text: sayLeaks(suspected, ['may leak', 'may leak'], growth), state: 'suspected' }
  }
  const watched = `${count(host.processes, 'process')} watched for ${sayWatched(snapshot)}`
  if (rows.length === 0)
    return { text: 'Nothing can be judged: no process could be read', state: null }
  if (!rows.some((row) => row.verdict.state !== 'unknown')) {
    return { text: `Too early to say; ${watched}`, state: null }
  }
  const growing = pick('growing')
  const [first] = growing
  if (first === undefined) {
    const isYoung = host.wallMs - snapshot.sinceWallMs < YOUNG_MS
    return { text: `Nothing leaks${isYoung ? ' so far' : ''}; ${watched}`, state: 'steady' }
  }
  const pressing = growing.filter(isPressing)
  if (pressing.length > 0) {
    const grows = sayLeaks(pressing, ['grows', 'grow'], growth)
    const text = `Nothing is confirmed after ${sayWatched(snapshot)}, but ${grows}: watch longer`
    return { text, state: 'growing' }
  }
  const rate = formatRate(first.verdict.rateBytesPerSec)
  const grows =
    growing.length === 1
      ? `${titleOf(first)} grows ${rate}`
      : `${growing.length} grow, first ${titleOf(first)} ${rate}`
  return { text: `Nothing leaks so far; ${grows}; ${watched}`, state: 'growing' }
}
