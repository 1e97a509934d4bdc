/** @module The table of subjects as lines. */
import type { SubjectId, SubjectRow } from '../../../core/wire/records.ts'
import type { SortKey } from './arrange.ts'
import type { PlacedColumn } from './columns.ts'
import { placeColumns } from './columns.ts'
import type { Line, Look, Span } from './look.ts'
import { glyphsOf } from './look.ts'
import { cutEnd, padEnd, padStart } from './text.ts'
import type { Trails } from './trails.ts'

export interface TableOptions {
  readonly width: number
  readonly look: Look
  readonly sort: SortKey
  readonly trails: Trails
  /** Whether there is a column for them. */
  readonly hasTrend: boolean
  readonly selectedId: SubjectId | null
}

/** A mark in front of each row: the selected one is seen without colours too. */
const MARK_WIDTH = 1

function place(text: string, { column, width }: PlacedColumn, look: Look): string {
  const cut = cutEnd(text, width, glyphsOf(look).ellipsis)
  return column.isRight ? padStart(cut, width) : padEnd(cut, width)
}

function headLine(placed: readonly PlacedColumn[], { look, sort }: TableOptions): Line {
  const titles = placed.map((at) => {
    const isSorted = at.column.sort === sort
    return place(isSorted ? at.column.title + glyphsOf(look).sorted : at.column.title, at, look)
  })
  return [{ text: ' '.repeat(MARK_WIDTH) + titles.join(' '), style: { isBold: true } }]
}

function rowLine(row: SubjectRow, placed: readonly PlacedColumn[], options: TableOptions): Line {
  const { look, trails, selectedId } = options
  const isSelected = row.id === selectedId
  const spans: Span[] = [{ text: isSelected ? '>' : ' ' }]
  placed.forEach((at, index) => {
    const cell = at.column.cell(row, { width: at.width, look, trail: trails.get(row.id) })
    const text = (index === 0 ? '' : ' ') + place(cell.text, at, look)
    spans.push(cell.style === undefined ? { text } : { text, style: cell.style })
  })
  if (!isSelected) return spans
  const text = spans.map((span) => span.text).join('')
  return [{ text: padEnd(text, options.width), style: { isReverse: true } }]
}

/** The head, then one line a row. */
export function tableLines(rows: readonly SubjectRow[], options: TableOptions): Line[] {
  const placed = placeColumns(options.width - MARK_WIDTH, options.hasTrend)
  return [headLine(placed, options), ...rows.map((row) => rowLine(row, placed, options))]
}
