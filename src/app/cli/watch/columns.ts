/** @module The table's columns: what each says, how wide it is, which give way on a narrow screen. */
import { formatBytes, formatDuration, formatRate } from '../../../base/format.ts'
import type { MemoryKind } from '../../../base/palette.ts'
import { MEMORY_COLOURS, STATE_COLOURS } from '../../../base/palette.ts'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { memoryKindOf, STATE_WORDS } from '../../../core/wire/subject-words.ts'
import type { SortKey } from './arrange.ts'
import type { Look, Style } from './look.ts'
import { glyphsOf } from './look.ts'
import { safeText } from './text.ts'
import type { Trail } from './trails.ts'
import { drawSparkline } from './trails.ts'
import { formatWho } from './who.ts'

export interface Cell {
  readonly text: string
  readonly style?: Style
}

export interface CellContext {
  readonly width: number
  readonly look: Look
  readonly trail: Trail | undefined
}

export interface Column {
  readonly title: string
  readonly sort?: SortKey
  /** Columns of the terminal; the one that is flexible takes what is left and this at least. */
  readonly width: number
  readonly maxWidth?: number
  readonly isRight?: boolean
  /** 1 stays longest. */
  readonly priority: number
  readonly cell: (row: SubjectRow, context: CellContext) => Cell
}

const NOTHING = '-'
const TREND = 'TREND'
const QUIET: Style = { isDim: true }

/** Short names of the kinds, six columns at most; a kernel pool's own name says which it is. */
const KIND_NAMES: Readonly<Record<MemoryKind, string>> = {
  anon: 'anon',
  shmem: 'shmem',
  swap: 'swap',
  slab: 'slab',
  pageTables: 'kernel',
  kernelStack: 'kernel',
  vmalloc: 'kernel',
  percpu: 'kernel',
  hugepages: 'huge',
  socket: 'socket',
  dmabuf: 'dmabuf',
  bpf: 'bpf',
  unaccounted: 'other',
  file: 'file',
  free: 'free',
}

/** A cgroup's usage is of all kinds, where its kernel does not tell them apart. */
export function isKindTold(row: SubjectRow): boolean {
  return row.kind !== 'cgroup' || row.anonBytes !== null
}

function stateStyle(row: SubjectRow): Style {
  const { state } = row.verdict
  return { colour: STATE_COLOURS[state], isBold: state === 'confirmed' }
}

/** Sorted by where they stand in the table, from the left. */
export const COLUMNS: readonly Column[] = [
  {
    title: '',
    width: 1,
    priority: 1,
    cell: (row, { look }) => ({
      text: glyphsOf(look).shapes[row.verdict.state],
      style: stateStyle(row),
    }),
  },
  {
    title: 'VERDICT',
    sort: 'worst',
    width: 9,
    priority: 5,
    cell: (row) => ({ text: STATE_WORDS[row.verdict.state].word, style: stateStyle(row) }),
  },
  {
    title: 'WHO',
    sort: 'name',
    width: 12,
    maxWidth: 44,
    priority: 1,
    cell: (row, { width, look }) => ({ text: formatWho(row, width, look) }),
  },
  {
    title: 'KIND',
    sort: 'kind',
    width: 6,
    priority: 6,
    cell: (row) => {
      if (!isKindTold(row)) return { text: 'mixed', style: QUIET }
      const kind = memoryKindOf(row)
      return { text: KIND_NAMES[kind], style: { colour: MEMORY_COLOURS[kind] } }
    },
  },
  {
    title: 'SIZE',
    sort: 'size',
    width: 8,
    isRight: true,
    priority: 2,
    cell: (row) => ({ text: formatBytes(row.levelBytes) }),
  },
  {
    title: 'RATE',
    sort: 'rate',
    width: 12,
    isRight: true,
    priority: 4,
    cell: ({ verdict }) =>
      verdict.rateBytesPerSec === null
        ? { text: NOTHING, style: QUIET }
        : { text: formatRate(verdict.rateBytesPerSec).replace(/^\+/, '') },
  },
  {
    title: 'LEFT',
    sort: 'left',
    width: 10,
    isRight: true,
    priority: 3,
    cell: ({ verdict }) =>
      verdict.etaSec === null
        ? { text: NOTHING, style: QUIET }
        : { text: formatDuration(verdict.etaSec) },
  },
  {
    title: TREND,
    width: 8,
    maxWidth: 32,
    isRight: true,
    priority: 7,
    cell: (row, { width, look, trail }) => ({
      text: drawSparkline(trail, width, glyphsOf(look).levels),
      style: { colour: MEMORY_COLOURS[memoryKindOf(row)] },
    }),
  },
  {
    title: 'WHY',
    width: 23,
    priority: 8,
    cell: ({ verdict }) => ({ text: verdict.reason.replaceAll('-', ' '), style: QUIET }),
  },
  {
    title: 'LIMIT',
    width: 11,
    priority: 9,
    cell: (row) => ({ text: row.limit?.kind ?? 'unknown', style: QUIET }),
  },
  {
    title: 'THR',
    width: 5,
    isRight: true,
    priority: 10,
    cell: (row) => ({ text: row.threads === null ? NOTHING : String(row.threads), style: QUIET }),
  },
  {
    title: 'FDS',
    width: 6,
    isRight: true,
    priority: 11,
    cell: (row) => ({ text: row.fds === null ? NOTHING : String(row.fds), style: QUIET }),
  },
  {
    title: 'UNIT',
    width: 20,
    priority: 12,
    cell: (row, { look }) => ({
      text: safeText(row.container ?? row.unit ?? NOTHING, look.isUnicode),
      style: QUIET,
    }),
  },
]

export interface PlacedColumn {
  readonly column: Column
  readonly width: number
}

/** Names get this much more before columns above this priority come in. */
const NAME_COMFORT = 6
const COMFORT_FROM = 5

/**
 * The columns that fit into `width` with one blank between them; what is left widens some.
 * @param hasTrend whether any trail has more than its first point
 */
export function placeColumns(width: number, hasTrend = true): PlacedColumn[] {
  const chosen = new Set<Column>()
  let left = width + 1
  for (const column of [...COLUMNS].sort((a, b) => a.priority - b.priority)) {
    if (column.title === TREND && !hasTrend) continue
    const comfort = column.priority >= COMFORT_FROM ? NAME_COMFORT : 0
    if (column.width + 1 + comfort > left) break
    chosen.add(column)
    left -= column.width + 1
  }
  return COLUMNS.filter((column) => chosen.has(column)).map((column) => {
    const wider = Math.min(left, (column.maxWidth ?? column.width) - column.width)
    left -= wider
    return { column, width: column.width + wider }
  })
}
