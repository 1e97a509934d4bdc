/** @module The freeze as a picture of 80 columns: a bar for each process, and what the consoles print. */
import { formatStall } from '../../../core/console/model/explain.ts'
import type { Outcome, ProcessOutcome } from '../../../core/console/model/outcome.ts'
import type { ReportPart } from '../../../core/console/records.ts'

const WIDTH = 80
const LABEL = 22
const ACROSS = WIDTH - LABEL
const MAX_PROCESSES = 12
/** Of the time that is drawn, what is left beside the first and the last of it. */
const MARGIN = 0.05

const RUNS = '-'
const WAITS = '#'
const KILLED = 'x'

const LETTERS: Readonly<Record<ReportPart, string>> = {
  header: 'H',
  stack: 'S',
  'mem-info': 'M',
  memcg: 'C',
  'slab-table': 'B',
  'task-table': 'T',
  summary: 'U',
  kill: 'K',
}
const LEGEND: readonly (readonly [string, string])[] = [
  ['H', 'header'],
  ['S', 'stack'],
  ['M', 'memory'],
  ['C', 'cgroup'],
  ['T', 'tasks'],
  ['U', 'summary'],
  ['K', 'kill line'],
]

interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** From shortly before the first report to shortly after the last one. */
function windowOf({ reports, processes }: Outcome, endMs: number): Window {
  const times = [
    ...reports.flatMap(({ fromMs, toMs }) => [fromMs, Math.min(toMs, endMs)]),
    ...processes.flatMap(({ stalls }) =>
      stalls.flatMap(({ fromMs, lastedMs }) => [fromMs, fromMs + lastedMs]),
    ),
  ]
  const from = times.reduce((least, time) => Math.min(least, time), Infinity)
  const to = times.reduce((most, time) => Math.max(most, time), -Infinity)
  const margin = Math.max(50, (to - from) * MARGIN)
  return { fromMs: Math.max(0, from - margin), toMs: Math.min(endMs, to + margin) }
}

function columnOf(atMs: number, { fromMs, toMs }: Window): number {
  const column = Math.floor(((atMs - fromMs) / (toMs - fromMs)) * ACROSS)
  return Math.min(ACROSS - 1, Math.max(0, column))
}

function fill(cells: string[], fromMs: number, toMs: number, sign: string, window: Window): void {
  if (toMs < window.fromMs || fromMs > window.toMs) return
  cells.fill(sign, columnOf(fromMs, window), columnOf(toMs, window) + 1)
}

function row(label: string, cells: readonly string[]): string {
  const name = label.length < LABEL ? label : `${label.slice(0, LABEL - 2)}…`
  return `${name.padEnd(LABEL)}${cells.join('')}`.trimEnd()
}

/** Killed for good, it is not there any more; started again, it runs on. */
function processRow(process: ProcessOutcome, window: Window, restarts: boolean): string {
  const cells = Array.from({ length: ACROSS }, () => RUNS)
  for (const { fromMs, lastedMs } of process.stalls) {
    fill(cells, fromMs, fromMs + lastedMs, WAITS, window)
  }
  for (const atMs of process.killedAtMs) {
    const at = columnOf(atMs, window)
    if (!restarts) cells.fill(' ', at)
    cells[at] = KILLED
  }
  return row(process.name, cells)
}

/** Those that wait longest first among those that do not leak, then the leakers. */
function chosen(processes: readonly ProcessOutcome[]): readonly ProcessOutcome[] {
  const isLeak = ({ role }: ProcessOutcome): number => (role === 'leaker' ? 1 : 0)
  return processes
    .toSorted((a, b) => isLeak(a) - isLeak(b) || b.longestStallMs - a.longestStallMs)
    .slice(0, MAX_PROCESSES)
}

function printedRow({ reports, consoles }: Outcome, window: Window): readonly string[] {
  const cells = Array.from({ length: ACROSS }, () => ' ')
  const parts = reports.flatMap((report) => report.parts)
  for (const { part, fromMs, toMs } of parts) fill(cells, fromMs, toMs, LETTERS[part], window)
  const name = consoles.map((console) => console.name).join('+')
  return consoles.length === 0 ? [] : [row(name, cells)]
}

/** Lines of at most 80 columns; none where nothing happens. */
export function drawRun(outcome: Outcome, seconds: number, restarts: boolean): readonly string[] {
  if (outcome.reports.length === 0) return []
  const window = windowOf(outcome, seconds * 1000)
  const processes = chosen(outcome.processes)
  const left = outcome.processes.length - processes.length
  const ends = [formatStall(window.fromMs), formatStall(window.toMs)]
  const gap = ACROSS - (ends[0]?.length ?? 0) - (ends[1]?.length ?? 0)
  const letters = new Set(
    outcome.reports.flatMap(({ parts }) => parts).map(({ part }) => LETTERS[part]),
  )
  const legend = LEGEND.filter(([letter]) => letters.has(letter))
    .map(([letter, word]) => `${letter} ${word}`)
    .join('  ')
  return [
    `${''.padEnd(LABEL)}${ends[0]}${' '.repeat(Math.max(1, gap))}${ends[1]}`,
    ...processes.map((process) => processRow(process, window, restarts)),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...printedRow(outcome, window),
    `${RUNS} runs  ${WAITS} stands still  ${KILLED} killed`,
    ...(legend === '' || outcome.consoles.length === 0 ? [] : [`printed: ${legend}`]),
  ]
}
