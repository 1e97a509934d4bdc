/** @module Writes a report as Markdown that also reads well in a terminal. */
import { formatPercent } from '../../src/base/format.ts'
import { checkMeasures } from './measures.ts'
import type { FamilyRow, Report } from './report.ts'
import type { Summary } from './summary.ts'

type Cells = readonly string[]

/** A table whose columns are padded; the first is text, the others are figures. */
export function table(head: Cells, rows: readonly Cells[]): string {
  const widths = head.map((cell, i) =>
    Math.max(3, ...[cell, ...rows.map((row) => row[i] ?? '')].map((c) => c.length)),
  )
  const line = (cells: Cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

function fixed(value: number | null, digits = 2): string {
  return value === null || !Number.isFinite(value) ? '' : value.toFixed(digits)
}

/** Empty where a rule says nothing of the kind. */
function percent(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '' : formatPercent(value)
}

function detectorCells(name: string, s: Summary): Cells {
  return [
    name,
    fixed(s.precision, 3),
    fixed(s.recall, 3),
    fixed(s.f1, 3),
    `${fixed(s.precisionAtEnd)} / ${fixed(s.recallAtEnd)} / ${fixed(s.f1AtEnd)}`,
    fixed(s.falsePer1000Days, 1),
    `${percent(s.usedMedian)} / ${percent(s.usedP90)}`,
    fixed(s.rateErrorMedian),
    percent(s.rateCovered),
    fixed(s.etaErrorMedian),
    fixed(s.onsetErrorMedian),
  ]
}

const DETECTOR_HEAD: Cells = [
  'detector',
  'precision',
  'recall',
  'F1',
  'P / R / F1 at the end',
  'false /1000 d',
  'used p50 / p90',
  'rate error',
  'interval covers',
  'ETA error',
  'onset error',
]

function familyTable(report: Report, leaking: boolean): string {
  const names = report.detectors.map(({ name }) => name)
  const ofLeaks: Cells = leaking ? ['used', 'rate error'] : []
  const head = ['family', 'traces', ...names, 'at the end', ...ofLeaks]
  const cells = (row: FamilyRow): Cells => [
    row.family,
    String(row.traces),
    ...names.map((name) => String(row.alarmed[name] ?? 0)),
    String(row.atEnd),
    ...(leaking ? [percent(row.used), fixed(row.rateError)] : []),
  ]
  return table(head, report.families.filter((row) => row.leaking === leaking).map(cells))
}

function lengthTable({ lengths }: Report): string {
  return table(
    ['length of the trace', 'traces', 'precision', 'recall', 'false /1000 d', 'used p50'],
    lengths.map((row) => [
      row.length,
      String(row.traces),
      fixed(row.precision, 3),
      fixed(row.recall, 3),
      fixed(row.falsePer1000Days, 1),
      percent(row.usedMedian),
    ]),
  )
}

/** The figures alone, as the command prints them. */
export function renderFigures(report: Report): string {
  const { detectors, families, misses } = report
  const [ours] = detectors
  const measures = ours === undefined ? [] : checkMeasures(ours.summary)
  const traces = families.reduce((total, row) => total + row.traces, 0)
  const days = ours?.summary.harmlessDays ?? 0
  return [
    `${traces} traces of ${families.length} families, ${report.seeds} seeds each, ${report.rows} rows, ${days.toFixed(0)} harmless process-days.`,
    '',
    table(
      DETECTOR_HEAD,
      detectors.map(({ name, summary }) => detectorCells(name, summary)),
    ),
    '',
    ...measures.map(
      ({ what, value, isMet }) =>
        `- ${isMet ? 'met' : '**not met**'}: ${what} (${value.toPrecision(3)})`,
    ),
    '',
    '## Plimsoll’s detector by length of the trace',
    '',
    lengthTable(report),
    '',
    '## Harmless lives: traces with an alarm',
    '',
    familyTable(report, false),
    '',
    '## Leaks: traces in which they were found',
    '',
    familyTable(report, true),
    '',
    '## Misses of Plimsoll’s detector',
    '',
    ...(misses.length === 0 ? ['None.'] : misses.map((miss) => `- ${miss}`)),
    '',
  ].join('\n')
}

const DATA_BEGIN = '<!-- data: '
const DATA_END = ' -->'

/** The document: figures, what they mean, and the data they are made of. */
export function renderDocument(report: Report): string {
  const families = report.families.map((row) => `- \`${row.family}\`: ${row.imitates}`)
  return `# The detector, measured

Written by \`npm run bench:detect -- --write\`; do not edit. \`npm run bench:detect -- --check\` runs it again and
fails where this page says something else.

Each trace is streamed sample by sample. Truth is known by construction. In a harmless life every
confirmed alarm is false, one that is taken back later too; so is one before a leak's onset. A leak is
found by an alarm after its onset. *Used* is the share of what was free at the onset that was gone at that
alarm; errors are medians of |told − true| / true at the alarm that stood; *interval covers* is how often
the told interval of the rate contains the true one; *onset error* is a
share of the time from onset to alarm. The detector’s constants were set on other families
(\`lab/traces/practice\` and \`lab/traces/seen\`), before it ran over these for the first time. The other
rules get a series from its process' start, in at most 240 points.

${renderFigures(report)}
## What the families imitate

${families.join('\n')}

${DATA_BEGIN}${JSON.stringify(report)}${DATA_END}
`
}

/** The data that a document was made of. */
export function readDocument(document: string): Report {
  const from = document.lastIndexOf(DATA_BEGIN) + DATA_BEGIN.length
  return JSON.parse(document.slice(from, document.lastIndexOf(DATA_END)))
}
