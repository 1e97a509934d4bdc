/**
 * @module Reads a trace: CSV with a header, fed in pieces of any length. Columns are found by name,
 * in any order, others are ignored; an empty cell was not readable.
 */

import type { TraceRow } from './records.ts'
import { createRow } from './replay.ts'

/** Header name of each column. Only the first two must be there. */
export const TRACE_COLUMNS = {
  t_s: 'tSec',
  rss_anon: 'rssAnonBytes',
  rss_file: 'rssFileBytes',
  rss_shmem: 'rssShmemBytes',
  swap: 'swapBytes',
  vsz: 'vszBytes',
  threads: 'threads',
  fds: 'fds',
} as const satisfies Record<string, keyof TraceRow>

const REQUIRED = ['t_s', 'rss_anon'] as const

/** No row of eight figures is longer; a file without line ends must not fill memory. */
const MAX_LINE = 64 * 1024

/** What is wrong with a trace, and where: line and column count characters from 1. */
export interface TraceIssue {
  readonly line: number
  readonly column: number
  readonly what: string
}

interface Column {
  readonly name: string
  /** `null`: read past. */
  readonly field: keyof TraceRow | null
}

export interface TraceParser {
  readonly onRow: (row: TraceRow) => void
  readonly row: TraceRow
  columns: readonly Column[] | null
  /** Lines that were ended so far. */
  lines: number
  /** Begin of a line whose end has not come yet. */
  rest: string
}

/** @param onRow called for each row, with the same object each time */
export function openTraceParser(onRow: (row: TraceRow) => void): TraceParser {
  return { onRow, row: createRow(), columns: null, lines: 0, rest: '' }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

function unquote(cell: string): string {
  const trimmed = cell.trim()
  return /^".*"$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed
}

function parseHeader(parser: TraceParser, line: string): TraceIssue | null {
  const names = line
    .replace(/^\ufeff/, '')
    .split(',')
    .map(unquote)
  const known: ReadonlyMap<string, keyof TraceRow> = new Map(Object.entries(TRACE_COLUMNS))
  for (const required of REQUIRED) {
    if (!names.includes(required)) {
      const what = `expected a header with the column ${required}, got ${quote(line)}`
      return { line: 1, column: 1, what }
    }
  }
  let column = 1
  for (const [index, name] of names.entries()) {
    if (known.has(name) && names.indexOf(name) < index) {
      return { line: 1, column, what: `the column ${name} is there twice` }
    }
    column += name.length + 1
  }
  parser.columns = names.map((name) => ({ name, field: known.get(name) ?? null }))
  return null
}

const FIGURE = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function parseRow(
  parser: TraceParser,
  columns: readonly Column[],
  text: string,
): TraceIssue | null {
  const cells = text.split(',')
  const line = parser.lines + 1
  if (cells.length !== columns.length) {
    const what = `expected ${columns.length} cells as in the header, got ${cells.length}`
    return { line, column: text.length + 1, what }
  }
  let column = 1
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as string
    const { name, field } = columns[i] as Column
    if (field !== null) {
      const figure = cell.trim()
      const isMissing = figure === '' && field !== 'tSec'
      if (!isMissing && !FIGURE.test(figure)) {
        const wanted = field === 'tSec' ? 'seconds' : 'a figure or an empty cell'
        return { line, column, what: `${name}: expected ${wanted}, got ${quote(cell)}` }
      }
      parser.row[field] = isMissing ? NaN : Number(figure)
    }
    column += cell.length + 1
  }
  parser.onRow(parser.row)
  return null
}

function parseLine(parser: TraceParser, line: string): TraceIssue | null {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line
  let issue: TraceIssue | null = null
  if (parser.columns === null) issue = parseHeader(parser, text)
  else if (text !== '') issue = parseRow(parser, parser.columns, text)
  parser.lines++
  return issue
}

/** Feeds the next piece of the text. @returns what is wrong; the parser is then of no more use */
export function feedTraceText(parser: TraceParser, text: string): TraceIssue | null {
  let from = 0
  for (;;) {
    const end = text.indexOf('\n', from)
    if (end < 0) break
    const issue = parseLine(parser, parser.rest + text.slice(from, end))
    if (issue !== null) return issue
    parser.rest = ''
    from = end + 1
  }
  parser.rest += text.slice(from)
  if (parser.rest.length <= MAX_LINE) return null
  const what = `expected a line of at most ${MAX_LINE} characters`
  return { line: parser.lines + 1, column: MAX_LINE, what }
}

/** Reads what is left when the text has ended. */
export function endTraceText(parser: TraceParser): TraceIssue | null {
  if (parser.rest === '' && parser.columns !== null) return null
  const rest = parser.rest
  parser.rest = ''
  return parseLine(parser, rest)
}
