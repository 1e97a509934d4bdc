/** @module Which rows of a report's task table are shown, in which order. Plain functions of rows. */
import { footprint } from '../../core/oom/holders.ts'
import type { OomReport, TaskRow } from '../../core/oom/records.ts'

export type Column =
  | 'name'
  | 'pid'
  | 'memory'
  | 'anon'
  | 'file'
  | 'shmem'
  | 'swap'
  | 'tables'
  | 'adj'

export interface Choice {
  readonly sort: Column
  readonly isReversed: boolean
  readonly search: string
}

type Figures = Pick<TaskRow, 'rssAnon' | 'rss'>

/** Tables before 6.8 have one column for all of the resident memory. */
export function isSplit({ tasks }: Pick<OomReport, 'tasks'>): boolean {
  return tasks.some(({ rssAnon }: Figures) => rssAnon !== null)
}

/** A figure in the column's own unit; pages but for `tables`, which is bytes. */
export function figureOf(
  row: TaskRow,
  column: Exclude<Column, 'name'>,
  pageKb: number,
): number | null {
  switch (column) {
    case 'pid':
      return row.pid
    case 'memory':
      return footprint(row, pageKb)
    case 'anon':
      return row.rssAnon ?? row.rss
    case 'file':
      return row.rssFile
    case 'shmem':
      return row.rssShmem
    case 'swap':
      return row.swapents
    case 'tables':
      return row.pageTableBytes
    case 'adj':
      return row.oomScoreAdj
  }
}

/** Rising for names and pids, else the most first; what the table does not say comes last either way. */
function compare(a: TaskRow, b: TaskRow, { sort, isReversed }: Choice, pageKb: number): number {
  const sign = isReversed ? -1 : 1
  if (sort === 'name') return sign * (a.comm < b.comm ? -1 : a.comm > b.comm ? 1 : 0)
  const [x, y] = [figureOf(a, sort, pageKb), figureOf(b, sort, pageKb)]
  if (x === null || y === null) return Number(x === null) - Number(y === null)
  return sign * (sort === 'pid' ? x - y : y - x)
}

/** Rows whose name or pid holds what is searched for; equal ones in the order of the table. */
export function chooseTasks(
  { tasks }: Pick<OomReport, 'tasks'>,
  choice: Choice,
  pageKb: number,
): readonly TaskRow[] {
  const search = choice.search.trim().toLowerCase()
  return tasks
    .filter(({ comm, pid }) => `${comm} ${pid}`.toLowerCase().includes(search))
    .sort((a, b) => compare(a, b, choice, pageKb) || a.line - b.line)
}

export const COLUMNS: readonly Column[] = [
  'name',
  'pid',
  'memory',
  'anon',
  'file',
  'shmem',
  'swap',
  'tables',
  'adj',
]

/** What the address says; what it does not know is the most memory first. */
export function parseTaskChoice(params: URLSearchParams): Choice {
  return {
    sort: COLUMNS.find((column) => column === params.get('sort')) ?? 'memory',
    isReversed: params.get('reverse') === '1',
    search: params.get('q') ?? '',
  }
}
