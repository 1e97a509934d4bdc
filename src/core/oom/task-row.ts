/** @module A row of the task table, by the names of its columns: their number and order changed ten times. */
import type { TaskRow } from './records.ts'

/** Where in a row each figure stands, counted behind the pid; -1 where the table has none. */
export interface TaskColumns {
  readonly uid: number
  readonly totalVm: number
  readonly rss: number
  readonly rssAnon: number
  readonly rssFile: number
  readonly rssShmem: number
  readonly pgtablesBytes: number
  readonly nrPtes: number
  readonly nrPmds: number
  readonly swapents: number
  readonly oomScoreAdj: number
  /** Figures in a row; what follows is the name, blanks and all. `null`: the head was lost. */
  readonly figures: number | null
}

/** uid, tgid, total_vm and rss stand first in all of them. */
export const HEADLESS_COLUMNS: TaskColumns = {
  uid: 0,
  totalVm: 2,
  rss: 3,
  rssAnon: -1,
  rssFile: -1,
  rssShmem: -1,
  pgtablesBytes: -1,
  nrPtes: -1,
  nrPmds: -1,
  swapents: -1,
  oomScoreAdj: -1,
  figures: null,
}

const KNOWN: ReadonlySet<string> = new Set([
  'uid',
  'tgid',
  'total_vm',
  'rss',
  'rss_anon',
  'rss_file',
  'rss_shmem',
  'pgtables_bytes',
  'nr_ptes',
  'nr_pmds',
  'swapents',
  'oom_score_adj',
])

/** A terminal may have broken the head inside a name: `oom_score_ad`, `j`. */
function mended(names: readonly string[]): readonly string[] {
  const whole: string[] = []
  for (const name of names) {
    const joined = `${whole.at(-1)}${name}`
    const isPart = !KNOWN.has(name) && !KNOWN.has(whole.at(-1) ?? '') && KNOWN.has(joined)
    if (isPart) whole[whole.length - 1] = joined
    else whole.push(name)
  }
  return whole
}

/** @param names as the table's head has them, `pid` first and `name` last */
export function readColumns(names: readonly string[]): TaskColumns {
  const figures = mended(names.slice(1)).filter((name) => name !== 'name')
  const at = (name: string): number => figures.indexOf(name)
  return {
    uid: at('uid'),
    totalVm: at('total_vm'),
    rss: at('rss'),
    rssAnon: at('rss_anon'),
    rssFile: at('rss_file'),
    rssShmem: at('rss_shmem'),
    pgtablesBytes: at('pgtables_bytes'),
    nrPtes: at('nr_ptes'),
    nrPmds: at('nr_pmds'),
    swapents: at('swapents'),
    oomScoreAdj: at('oom_score_adj'),
    figures: figures.length,
  }
}

const FIGURE = /^-?\d+$/

/** The figure at a place; `null` where there is none, or something else stands there. */
function figureAt(words: readonly string[], index: number): number | null {
  const word = words[index]
  if (word === undefined) return null
  const value = Number(word)
  return Number.isInteger(value) ? value : null
}

/** Page tables were counted in pages until 4.14. */
function tableBytes(words: readonly string[], columns: TaskColumns): number | null {
  if (columns.pgtablesBytes >= 0) return figureAt(words, columns.pgtablesBytes)
  const ptes = figureAt(words, columns.nrPtes)
  return ptes === null ? null : (ptes + (figureAt(words, columns.nrPmds) ?? 0)) * 4096
}

/** @param words what stands behind the pid's brackets */
export function parseTaskRow(
  line: number,
  pid: number,
  words: readonly string[],
  columns: TaskColumns,
): TaskRow {
  const count = columns.figures ?? words.findLastIndex((word) => FIGURE.test(word)) + 1
  const adjAt = columns.figures === null ? count - 1 : columns.oomScoreAdj
  return {
    line,
    pid,
    comm: words.slice(count).join(' '),
    uid: figureAt(words, columns.uid),
    totalVm: figureAt(words, columns.totalVm),
    rss: figureAt(words, columns.rss),
    rssAnon: figureAt(words, columns.rssAnon),
    rssFile: figureAt(words, columns.rssFile),
    rssShmem: figureAt(words, columns.rssShmem),
    pageTableBytes: tableBytes(words, columns),
    swapents: figureAt(words, columns.swapents),
    oomScoreAdj: figureAt(words, adjAt),
  }
}

const BLANK = 0x20
const BEYOND_ASCII = 0x80

/** What stands between blanks, as split(/\s+/) gives it, in less time: a long table has a hundred thousand rows. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isBlank =
      code === BLANK ||
      (code >= 0x09 && code <= 0x0d) ||
      (code >= BEYOND_ASCII && /\s/.test(text.charAt(at)))
    if (!isBlank) continue
    if (at > from) words.push(text.slice(from, at))
    from = at + 1
  }
  if (from < text.length) words.push(text.slice(from))
  return words
}
