/** @module What a report says, in words: used by the page, the ticket and the lines of a storm. */
import { formatBytes, formatDuration } from '../../base/format.ts'
import type { Explanation } from './explain.ts'
import { footprint } from './holders.ts'
import type { KilledProcess, OomReport, TaskRow } from './records.ts'
import type { Story } from './story.ts'
import { mostOf, spanOf } from './story.ts'
import type { Cause, VerdictClass } from './verdict.ts'

export interface VerdictWord {
  readonly word: string
  readonly shape: string
  /** For terminals with letters only. */
  readonly letter: string
}

const WORDS: Readonly<Record<VerdictClass, VerdictWord>> = {
  guilty: { word: 'GUILTY', shape: '▲', letter: '!' },
  innocent: { word: 'INNOCENT', shape: '◇', letter: 'o' },
  'no-single-culprit': { word: 'MANY', shape: '◆', letter: '*' },
  'not-a-process': { word: 'NO PROCESS', shape: '■', letter: '#' },
  unknown: { word: 'UNKNOWN', shape: '?', letter: '?' },
}

/** "No limit" of a cgroup: some kernels print LONG_MAX in pages, others 2^63 bytes. */
export const NO_LIMIT_KB = 2 ** 42

export function verdictWord(verdict: VerdictClass): VerdictWord {
  return WORDS[verdict]
}

export function nameOf(comm: string, pid: number | null): string {
  return pid === null ? comm : `${comm} (${pid})`
}

/** `[line 12]`: where in the log it stands. */
export function at(line: number): string {
  return `[line ${line}]`
}

function withoutKill({ panic, selected, missing }: OomReport): string {
  if (panic !== null) return 'the machine panicked'
  // Until 5.0 a child of it may have died instead.
  if (selected !== null) {
    return `the kernel chose ${nameOf(selected.comm, selected.pid)}, and whom it killed the log does not show`
  }
  if (missing.includes('kill line')) return 'the log breaks off before the kill'
  return 'nobody was killed as far as the log shows'
}

/** Who died, and why: what a reader has to know if they read one line. */
export function sentence({ report, verdict }: Explanation): string {
  const [first] = report.killed
  if (first === undefined) return `${withoutKill(report)}: ${verdict.reason}`
  const more = report.killed.length - 1
  const victim = `${nameOf(first.comm, first.pid)}${more === 0 ? ' was' : ` and ${more} more were`} killed`
  if (verdict.isInnocent === true) return `${victim}, wrongly: ${verdict.reason}`
  if (verdict.isInnocent === false) return `${victim}, rightly: ${verdict.reason}`
  return `${victim}; whether rightly cannot be told: ${verdict.reason}`
}

/** When, as the log says it; `null` where it does not. */
export function whenWords({ clockText, uptimeSec }: OomReport): string | null {
  if (clockText !== null) return clockText
  return uptimeSec === null ? null : `${formatDuration(uptimeSec)} after boot`
}

/** The same in a few words, for the line of a storm, whose causes are told above. */
export function brief({ report }: Explanation): string {
  const [first] = report.killed
  if (first === undefined) return report.panic === null ? 'nobody was killed' : 'panic'
  const size = first.anonRssKb === null ? '' : `, anon ${formatBytes(first.anonRssKb * 1024)}`
  const more = report.killed.length === 1 ? '' : ` and ${report.killed.length - 1} more`
  return `${nameOf(first.comm, first.pid)}${more}${size}`
}

export function describeKilled(killed: KilledProcess): string {
  const parts = [
    ['anon', killed.anonRssKb],
    ['file', killed.fileRssKb],
    ['shmem', killed.shmemRssKb],
  ] as const
  const sizes = parts.flatMap(([name, kb]) =>
    kb === null || kb === 0 ? [] : [`${name} ${formatBytes(kb * 1024)}`],
  )
  const adj =
    killed.oomScoreAdj === null || killed.oomScoreAdj === 0
      ? []
      : [`oom_score_adj ${killed.oomScoreAdj}`]
  const figures = [...sizes, ...adj].join(', ')
  return `${nameOf(killed.comm, killed.pid)}${figures === '' ? '' : `: ${figures}`} ${at(killed.line)}`
}

export function describeRow(row: TaskRow, pageKb: number): string {
  const size = formatBytes(footprint(row, pageKb) * pageKb * 1024)
  const swap =
    row.swapents === null || row.swapents === 0
      ? ''
      : `, ${formatBytes(row.swapents * pageKb * 1024)} of it in swap`
  return `${nameOf(row.comm, row.pid)} ${size}${swap} ${at(row.line)}`
}

/** Of the names with most memory those that several processes have; empty where there is none. */
export function describeGroups({ groups, pageKb }: Explanation): readonly string[] {
  return groups
    .filter(({ processes }) => processes > 1)
    .slice(0, 2)
    .map(
      ({ comm, processes, pages }) =>
        `${processes} x ${comm} ${formatBytes(pages * pageKb * 1024)}`,
    )
}

/** `node 1`, `nodes 0-1`: those that the request was allowed. */
export function describeNodes({ memsAllowed, nodemask }: OomReport): string {
  const nodes = memsAllowed ?? nodemask
  if (nodes === null) return 'a set of nodes'
  return `${/^\d+$/.test(nodes) ? 'node' : 'nodes'} ${nodes}`
}

/** What ran out. */
export function whatRanOut({ report, kind }: Explanation): string {
  const limitKb = report.memcgUsage.memory?.limitKb
  const limit =
    limitKb === undefined
      ? ''
      : limitKb >= NO_LIMIT_KB
        ? ', which has none'
        : `: ${formatBytes(limitKb * 1024)}`
  switch (kind) {
    case 'memcg':
      // No limit at all: a BPF program ended it early.
      if (report.constraint?.startsWith('CONSTRAINT_BPF') === true) {
        return `nothing: a BPF policy decided for ${report.oomMemcg ?? 'a cgroup'}`
      }
      return `the limit of ${report.oomMemcg ?? 'a cgroup'}${limit}`
    case 'global':
      return 'the memory of the whole machine'
    case 'cpuset':
    case 'mempolicy':
      return `the memory of ${describeNodes(report)}`
    case 'sysrq':
      return 'nothing: it was asked for by SysRq-f'
    case 'panic':
      return `the memory of the machine; it panicked: ${report.panic ?? ''}`
    case 'unknown':
      return 'the log does not say'
  }
}

function requestOf({ order, gfpText, gfpMask }: OomReport): string {
  if (order === null) return ''
  if (order < 0) return ', by SysRq-f'
  const flags = gfpText?.split('|')[0] ?? ''
  const why = gfpMask === 0 ? 'in a page fault' : flags
  return `, for ${2 ** order} page${order === 0 ? '' : 's'}${why === '' ? '' : ` (${why})`}`
}

/** Who wanted memory that was not there. */
export function whoAsked({ report }: Explanation): string {
  const { trigger } = report
  if (trigger === null) return 'the log does not say'
  return `${nameOf(trigger.comm, trigger.pid)}${requestOf(report)} ${at(report.firstLine)}`
}

function listed(story: ReadonlyMap<string, number>, most: number): string {
  const all = mostOf(story)
  const shown = all
    .slice(0, most)
    .map(({ name, count }) => (count === 1 ? name : `${count} x ${name}`))
  return `${shown.join(', ')}${all.length > most ? `, and ${all.length - most} more` : ''}`
}

function inTime(seconds: number): string {
  if (seconds < 180) return `${Math.round(seconds)} s`
  return seconds < 10_800 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  'process-leak': 'a large process',
  'many-processes': 'many processes together',
  shmem: 'shared memory and tmpfs',
  'kernel-memory': "the kernel's own memory",
  hugetlb: 'huge pages set aside',
  'cgroup-limit': 'a group at its limit',
  'page-cache': 'page cache that could not be given back',
  fragmentation: 'no free block that is large enough',
  constraint: 'only some nodes were allowed',
  manual: 'SysRq-f',
  'not-a-shortage': 'no shortage',
  unaccounted: 'memory that no counter names',
  unknown: 'not told by the log',
}

export function causeWords(cause: Cause): string {
  return CAUSE_WORDS[cause]
}

/** Parts of a report by the names that `missing` has, and what they would have told. */
const MISSING_WORDS: Readonly<Record<string, string>> = {
  header: 'the first line (who asked)',
  'memory summary': 'the counters of memory',
  'usage of the cgroup': "the group's usage",
  'task table': 'the table of tasks',
  'kill line': 'the line of the kill (who died)',
}

export function missingWords({ missing, tasks }: OomReport): readonly string[] {
  return missing.map((part) => {
    const words = MISSING_WORDS[part] ?? part
    return part === 'task table' && tasks.length > 0 ? `part of ${words}` : words
  })
}

/** Those that are known, where any is. */
function namedCauses({ causes }: Story): ReadonlyMap<string, number> {
  const all = [...causes]
  const known = all.filter(([cause]) => cause !== 'unknown')
  return new Map(
    (known.length > 0 ? known : all).map(([cause, count]) => [causeWords(cause), count]),
  )
}

/** What a storm came to, in sentences. */
export function storyline(story: Story): readonly string[] {
  const span = spanOf(story)
  const named = namedCauses(story)
  const causes = mostOf(named)
  const [cause] = causes
  const culprits = mostOf(story.culprits)
  const culprit = culprits.length === 1 ? culprits[0]?.name : undefined
  const of = culprit === undefined || culprit === cause?.name ? '' : ` (${culprit})`
  return [
    `${story.kills} ${story.kills === 1 ? 'kill' : 'kills'}${span === null ? '' : ` in ${inTime(span)}`}, ${story.reports} reports, ${
      causes.length === 1 ? `one cause: ${cause?.name ?? ''}${of}` : `causes: ${listed(named, 3)}`
    }.`,
    ...(story.killed.size === 0 ? [] : [`Killed: ${listed(story.killed, 6)}.`]),
    ...(story.innocent === 0
      ? []
      : [`In ${story.innocent} of the ${story.reports} reports an innocent was killed.`]),
  ]
}
