/** @module What was predicted beside what a real kernel printed, as rows of a table. Pure. */
import { table } from '../detect/markdown.ts'

export interface Prediction {
  readonly lines: number
  readonly bytes: number
  readonly freezeMs: number
}

export interface Seen {
  readonly lines: number
  readonly bytes: number
  /** Notices of stalls and their traces, which nobody predicts: they are no part of a report. */
  readonly foreignBytes: number
  readonly stallMs: number
}

export interface Row {
  readonly kernel: string
  readonly tasks: number
  readonly baud: number
  readonly setting: string
  readonly predicted: Prediction
  readonly seen: Seen
  /** Times that it was played; the stall is the median. */
  readonly runs: number
}

/** Asked: bytes within 3 %, the freeze within 10 %, lines exactly. */
export const BYTES_TOLERANCE = 0.03
export const FREEZE_TOLERANCE = 0.1
/** A beat of the bystander: below this a stall is not told apart from reclaim. */
export const SHORT_MS = 300

export function bytesError({ predicted, seen }: Row): number {
  return seen.bytes === 0 ? predicted.bytes : predicted.bytes / seen.bytes - 1
}

/** `null` where so little is printed that a stall has other reasons. */
export function freezeError({ predicted, seen }: Row): number | null {
  if (predicted.freezeMs < SHORT_MS) return null
  return predicted.freezeMs / seen.stallMs - 1
}

export function isMet(row: Row): boolean {
  const freeze = freezeError(row)
  return (
    row.predicted.lines === row.seen.lines &&
    Math.abs(bytesError(row)) <= BYTES_TOLERANCE &&
    (freeze === null || Math.abs(freeze) <= FREEZE_TOLERANCE)
  )
}

function percent(value: number | null): string {
  return value === null ? '' : `${value >= 0 ? '+' : '-'}${Math.abs(value * 100).toFixed(1)} %`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

const HEAD = [
  'kernel',
  'tasks',
  'baud',
  'setting',
  'lines',
  'seen',
  'bytes',
  'seen',
  'error',
  'freeze s',
  'seen s',
  'error',
  'notices, B',
  'n',
  '',
]

export function predictionTable(rows: readonly Row[]): string {
  return table(
    HEAD,
    rows.map((row) => [
      row.kernel,
      String(row.tasks),
      String(row.baud),
      row.setting,
      String(row.predicted.lines),
      String(row.seen.lines),
      String(row.predicted.bytes),
      String(row.seen.bytes),
      percent(bytesError(row)),
      seconds(row.predicted.freezeMs),
      seconds(row.seen.stallMs),
      percent(freezeError(row)),
      row.seen.foreignBytes === 0 ? '' : String(row.seen.foreignBytes),
      String(row.runs),
      isMet(row) ? 'met' : 'not met',
    ]),
  )
}
