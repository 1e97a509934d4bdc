/** @module All remedies as a table of 80 columns. */
import { formatStall } from '../../../core/console/model/explain.ts'
import type { RemedyRow } from '../../../core/console/model/remedies.ts'
import type { ReportPart } from '../../../core/console/records.ts'

/** In few words, for a column: what a person looks for first. */
export function keptWords(keeps: readonly ReportPart[]): string {
  const has = (part: ReportPart): boolean => keeps.includes(part)
  if (keeps.length === 0) return 'nothing'
  if (has('task-table') && has('stack')) return 'all'
  if (has('stack')) return 'all but the table'
  return has('header') ? 'header, kill line' : 'kill line'
}

const HEAD = ['remedy', 'longest', 'on the console', 'what is lost'] as const

export function remedyTable(rows: readonly RemedyRow[]): readonly string[] {
  const cells = rows.map((row) => [
    row.name,
    formatStall(row.longestStallMs),
    keptWords(row.keeps),
    row.loses,
  ])
  const widths = HEAD.map((head, i) =>
    Math.max(head.length, ...cells.map((line) => line[i]?.length ?? 0)),
  )
  const isFigure = (i: number): boolean => i === 1
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (isFigure(i) ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(HEAD), ...cells.map(line)]
}
