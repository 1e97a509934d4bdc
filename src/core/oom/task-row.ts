/** @module A row of the task table, by the names of its columns: their number and order changed ten times. */
import type { TaskRow } from './records.ts'

/** Columns of which each is a number; what follows them is the name, blanks and all. */
const NAME = 'name'

/**
 * @param words what stands after the pid's brackets
 * @param columns of the table's head, `pid` first; empty where the head was lost
 */
export function parseTaskRow(
  line: number,
  pid: number,
  words: readonly string[],
  columns: readonly string[],
): TaskRow {
  const numeric = columns.slice(1).filter((column) => column !== NAME)
  const count =
    columns.length > 0 ? numeric.length : words.findLastIndex((word) => /^-?\d+$/.test(word)) + 1
  const value = (name: string): number | null => {
    const word = words[numeric.indexOf(name)]
    return numeric.includes(name) && word !== undefined && /^-?\d+$/.test(word)
      ? Number(word)
      : null
  }
  // Without the head: uid, tgid, total_vm and rss stand first in all of them.
  const byPlace = (index: number): number | null => {
    const word = words[index]
    return columns.length === 0 && word !== undefined && /^-?\d+$/.test(word) ? Number(word) : null
  }
  return {
    line,
    pid,
    comm: words.slice(count).join(' '),
    uid: value('uid') ?? byPlace(0),
    totalVm: value('total_vm') ?? byPlace(2),
    rss: value('rss') ?? byPlace(3),
    rssAnon: value('rss_anon'),
    rssFile: value('rss_file'),
    rssShmem: value('rss_shmem'),
    pageTableBytes: value('pgtables_bytes') ?? pagesToBytes(value('nr_ptes'), value('nr_pmds')),
    swapents: value('swapents'),
    oomScoreAdj: value('oom_score_adj') ?? byPlace(count - 1),
  }
}

/** Page tables were counted in pages until 4.14. */
function pagesToBytes(ptes: number | null, pmds: number | null): number | null {
  return ptes === null ? null : (ptes + (pmds ?? 0)) * 4096
}
