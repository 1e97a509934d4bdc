/** @module Figures of the incident's stalls as Markdown. Pure. */
import { table } from '../detect/markdown.ts'

/** One run of the incident. */
export interface StallRun {
  /** Of the report itself on the wire. */
  readonly bytes: number
  /** What else came meanwhile: notices of stalls, and the traces that they draw. */
  readonly foreignBytes: number
  readonly foreignLines: number
  /** Of a bystander that needs memory. */
  readonly stallMs: number
}

export interface Cell {
  readonly tasks: number
  readonly baud: number
  readonly runs: readonly StallRun[]
}

/** What was measured of what: `kernel 6.1..., QEMU ..., date`. */
export interface Setup {
  readonly kernel: string
  readonly emulator: string
  readonly accelerator: 'kvm' | 'tcg'
  readonly machine: string
  readonly date: string
}

/** A stall may differ so much from the time of its bytes on the line. */
export const TOLERANCE = 0.1

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

/** Milliseconds that the bytes of a run need on the line: ten bits each. */
export function lineMs({ bytes, foreignBytes }: StallRun, baud: number): number {
  return ((bytes + foreignBytes) * 10_000) / baud
}

/** The median stall, as a share of the time of the bytes really seen. */
export function cellRatio({ runs, baud }: Cell): number {
  return median(runs.map((run) => run.stallMs / lineMs(run, baud)))
}

export function isWithin(cell: Cell): boolean {
  return Math.abs(cellRatio(cell) - 1) <= TOLERANCE
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

function groupThousands(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ' ')
}

export function stallTable(cells: readonly Cell[]): string {
  const head = [
    'idle tasks',
    'baud',
    'bytes on the wire',
    "of them not the report's",
    'bytes / (baud / 10), s',
    'longest stall, s',
    'ratio',
    'n',
  ]
  const rows = cells.map((cell) => {
    const medianOf = (figure: (run: StallRun) => number): number => median(cell.runs.map(figure))
    return [
      String(cell.tasks),
      groupThousands(cell.baud),
      groupThousands(medianOf((run) => run.bytes + run.foreignBytes)),
      groupThousands(medianOf((run) => run.foreignBytes)),
      seconds(medianOf((run) => lineMs(run, cell.baud))),
      seconds(medianOf((run) => run.stallMs)),
      cellRatio(cell).toFixed(3),
      String(cell.runs.length),
    ]
  })
  return table(head, rows)
}

export function describeSetup({ kernel, emulator, accelerator, machine, date }: Setup): string {
  const how = accelerator === 'kvm' ? 'with' : 'without'
  return `Linux ${kernel} in ${emulator} ${how} KVM, 2 processors and 512 MiB; on ${machine}; ${date}.`
}

/** One run of many in a row. */
export interface SoakRun {
  readonly ending: string
  readonly tookMs: number
  /** What all bytes that its console carried need on the line. */
  readonly lineMs: number
  /** Processes and files that were left. */
  readonly left: readonly string[]
}

/** Beyond the time of its bytes, a run takes no longer than this. */
export const BESIDE_MS = 45_000

export function isClean({ ending, tookMs, lineMs: line, left }: SoakRun): boolean {
  return ending === 'played' && left.length === 0 && tookMs - line < BESIDE_MS
}

export function soakSentence(runs: readonly SoakRun[]): string {
  const beside = runs.map((run) => run.tookMs - run.lineMs)
  const clean = runs.filter(isClean).length
  return [
    `${runs.length} runs in a row: ${clean} ended by themselves and left no process and no file.`,
    `A run took ${seconds(median(runs.map((run) => run.tookMs)))} s (median;`,
    `${seconds(Math.max(...runs.map((run) => run.tookMs)))} s at most), of which its bytes need`,
    `${seconds(median(runs.map((run) => run.lineMs)))} s: ${seconds(median(beside))} s beside them`,
    `(${seconds(Math.max(...beside))} s at most, the target is below ${BESIDE_MS / 1000} s).`,
  ].join(' ')
}
