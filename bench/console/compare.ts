/** @module What was predicted beside what a real kernel printed, as rows of a table. Pure. */
import type { Asked } from '../../src/core/console/stack.ts'
import { table } from '../detect/markdown.ts'

export interface Prediction {
  readonly lines: number
  readonly bytes: number
  readonly freezeMs: number
}

export interface Seen {
  /** Without frames that the unwinder is not sure of. */
  readonly lines: number
  readonly bytes: number
  /** From the report's first byte on the line to its last: for so long oom_lock was held. */
  readonly printedMs: number
  /** Printed by others within the report and after it, which nobody predicts. */
  readonly otherBytes: number
  /** The longest time that a process stood still which only takes memory and gives it back. */
  readonly stallMs: number
}

export interface Row {
  readonly kernel: string
  readonly tasks: number
  readonly baud: number
  readonly setting: string
  /** What nothing was left for, as the report's first line says it; `null`: of no way that is predicted. */
  readonly asked: Asked | null
  readonly predicted: Prediction
  readonly seen: Seen
  /** Times that it was played; the one whose printing took the median time stands here. */
  readonly runs: number
}

/** Asked: bytes within 3 %, the freeze within 10 %, lines exactly. */
export const BYTES_TOLERANCE = 0.03
export const FREEZE_TOLERANCE = 0.1
/** Shorter than this nothing is told apart from reclaim, which a bystander may wait for besides. */
export const SHORT_MS = 300
const BITS_PER_BYTE = 10

export function bytesError({ predicted, seen }: Row): number {
  return seen.bytes === 0 ? predicted.bytes : predicted.bytes / seen.bytes - 1
}

/** `null` where so little is printed that its time says nothing. */
export function freezeError({ predicted, seen }: Row): number | null {
  if (predicted.freezeMs < SHORT_MS) return null
  return predicted.freezeMs / seen.printedMs - 1
}

/** All that a bystander can have waited for: the freeze that was predicted, what others printed, and reclaim. */
function explainedMs({ predicted, seen, baud }: Row): number {
  const otherMs = (seen.otherBytes * BITS_PER_BYTE * 1000) / baud
  return (predicted.freezeMs + otherMs) * (1 + FREEZE_TOLERANCE) + SHORT_MS
}

/** What of a row does not hold; empty where all does. */
export function missesOf(row: Row): readonly string[] {
  const freeze = freezeError(row)
  return [
    row.asked === null ? 'way' : '',
    row.predicted.lines === row.seen.lines ? '' : 'lines',
    Math.abs(bytesError(row)) <= BYTES_TOLERANCE ? '' : 'bytes',
    freeze === null || Math.abs(freeze) <= FREEZE_TOLERANCE ? '' : 'freeze',
    row.seen.stallMs <= explainedMs(row) ? '' : 'bystander',
  ].filter((miss) => miss !== '')
}

export function isMet(row: Row): boolean {
  return missesOf(row).length === 0
}

function percent(value: number | null): string {
  return value === null ? '' : `${value >= 0 ? '+' : '-'}${Math.abs(value * 100).toFixed(1)} %`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

export const HEAD = [
  'kernel',
  'tasks',
  'baud',
  'setting',
  'asked for',
  'lines',
  'seen',
  'bytes',
  'seen',
  'error',
  'freeze s',
  'printed s',
  'error',
  'bystander s',
  'others, B',
  'n',
  '',
] as const

export function cellsOf(row: Row): readonly string[] {
  const misses = missesOf(row)
  return [
    row.kernel,
    String(row.tasks),
    String(row.baud),
    row.setting,
    row.asked ?? 'other',
    String(row.predicted.lines),
    String(row.seen.lines),
    String(row.predicted.bytes),
    String(row.seen.bytes),
    percent(bytesError(row)),
    seconds(row.predicted.freezeMs),
    seconds(row.seen.printedMs),
    percent(freezeError(row)),
    seconds(row.seen.stallMs),
    row.seen.otherBytes === 0 ? '' : String(row.seen.otherBytes),
    String(row.runs),
    misses.length === 0 ? 'met' : `not met: ${misses.join(', ')}`,
  ]
}

/** Cells by which a row is known. */
const KEY_CELLS = 4

function keyOf(cells: readonly string[]): string {
  return cells.slice(0, KEY_CELLS).join('|')
}

/** Cells of a table in Markdown, head and rule left out. */
export function parseTable(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
}

/** The table with the rows that were measured anew in their old places; others stay as they are. */
export function mergeTable(before: string, rows: readonly Row[]): string {
  const fresh = new Map(rows.map((row) => [keyOf(cellsOf(row)), cellsOf(row)]))
  const kept = parseTable(before).map((cells) => {
    const key = keyOf(cells)
    const own = fresh.get(key)
    fresh.delete(key)
    return own ?? cells
  })
  return table(HEAD, [...kept, ...fresh.values()])
}
