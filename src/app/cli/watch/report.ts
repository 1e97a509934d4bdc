/** @module The same figures as a text that stays: for `--once`, pipes and terminals without a cursor. */
import { explainReason } from '../../../core/leak/explain.ts'
import type { LeakState } from '../../../core/leak/records.ts'
import type { SubjectRow } from '../../../core/wire/records.ts'
import type { Arrangement } from './arrange.ts'
import { judgeWithout } from './except.ts'
import { hostBar, hostParts, legend } from './host-bar.ts'
import type { Line, Look } from './look.ts'
import { fitLine, paintLine } from './look.ts'
import type { Model } from './model.ts'
import { nextCommand } from './next-command.ts'
import { tableLines } from './table.ts'
import { safeText, wrapText } from './text.ts'
import { hasTrend } from './trails.ts'
import { conclude, sayFrom } from './view.ts'

/** Their reason stands below them. */
const EXPLAINED: readonly LeakState[] = ['confirmed', 'suspected', 'growing']
const SUSPECT: readonly LeakState[] = ['confirmed', 'suspected']

const REASON_INDENT = '   '

export interface ReportOptions {
  readonly width: number
  readonly look: Look
  readonly sort: Arrangement['sort']
  /** Rows at most. */
  readonly limit: number
  /** Filters: what matches one is shown, but not in the conclusion. */
  readonly except: readonly string[]
}

function wrapped(text: string, { width, look }: ReportOptions): Line[] {
  return wrapText(safeText(text, look.isUnicode), width).map((part) => [{ text: part }])
}

/** The command that looks further into the worst, where it is a leak or may be one. */
function sayNext(list: readonly SubjectRow[], options: ReportOptions): Line[] {
  const worst = list.find(({ verdict }) => SUSPECT.includes(verdict.state))
  const command = worst === undefined ? null : nextCommand(worst)
  return command === null ? [] : [[], ...wrapped(`next: ${command}`, options)]
}

/** Every line fits into `width`; untrusted names are harmless. */
export function reportLines(
  model: Model,
  list: readonly SubjectRow[],
  options: ReportOptions,
): Line[] {
  const { width, look, sort, limit } = options
  const { snapshot, trails } = model
  const judged = snapshot === null ? null : judgeWithout(snapshot, options.except)
  const host = snapshot?.host ?? null
  const shown = list.slice(0, limit)
  const [head = [], ...rows] = tableLines(shown, {
    width,
    look,
    sort,
    trails,
    hasTrend: hasTrend(trails),
    selectedId: null,
  })
  const explained = rows.flatMap((line, index) => {
    const row = shown[index]
    if (row === undefined || !EXPLAINED.includes(row.verdict.state)) return [line]
    const isExcepted = judged?.excepted.has(row.id) === true
    const reason = `${isExcepted ? 'excepted: ' : ''}${explainReason(row.verdict.reason, row.limit)}`
    const why = wrapText(reason, Math.max(1, width - REASON_INDENT.length)).map(
      (text): Line => [{ text: REASON_INDENT + text, style: { isDim: true } }],
    )
    return [line, ...why]
  })
  const omitted = list.length - shown.length
  const lines: Line[] = [
    ...wrapped(conclude(judged?.snapshot ?? null, look).text + (judged?.addition ?? ''), options),
    ...(host === null ? [] : [hostBar(host, width, look), legend(hostParts(host), width, look)]),
    ...(snapshot === null ? [] : wrapped(sayFrom(snapshot, false), options)),
    [],
    head,
    ...explained,
    ...(omitted > 0 ? wrapped(`and ${omitted} more; --limit shows them`, options) : []),
    ...sayNext(
      list.filter(({ id }) => judged?.excepted.has(id) !== true),
      options,
    ),
  ]
  return lines.map((line) => fitLine(line, width, look))
}

/** Ends with a blank line, so that the next one of a stream stands apart. */
export function formatReport(
  model: Model,
  list: readonly SubjectRow[],
  options: ReportOptions,
): string {
  return reportLines(model, list, options)
    .map((line) => paintLine(line, options.look).trimEnd())
    .join('\n')
}
