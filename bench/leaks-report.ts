/** @module What the detector said of an observed program beside what is true of it. */

import { measureRate, type Observation, type ObservedRow } from '../lab/leaks/observe.ts'
import { leaksMemory } from '../lab/leaks/program.ts'
import { levelOf } from '../lab/leaks/sample.ts'
import { formatBytes, formatPercent, formatRate } from '../src/base/format.ts'
import type { Detect, Trace, TraceSpec } from '../src/core/leak/records.ts'
import { TRACE_COLUMNS } from '../src/core/leak/trace-csv.ts'

export interface Judgement {
  readonly name: string
  readonly leaks: boolean
  readonly alarmed: boolean
  /** Of what was free at the onset, when the alarm was raised. */
  readonly usedFraction: number | null
  /** Told over true, less one. */
  readonly rateError: number | null
  /** Measured over what the catalogue says, less one. */
  readonly truthError: number | null
  readonly cells: readonly string[]
}

export const TITLES = [
  'program',
  'truth',
  'verdict',
  'right',
  'after',
  'used',
  'rate told',
  'rate true',
  'measured',
  'level',
  'reason',
] as const

const WIDTHS = [22, 9, 9, 6, 8, 6, 13, 13, 13, 9] as const

export function renderRow(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(WIDTHS[i] ?? 0)).join(' ')
}

function toTrace(rows: readonly ObservedRow[]): Trace {
  const column = (field: keyof Trace) => Float64Array.from(rows, (row) => row[field])
  const entries = Object.values(TRACE_COLUMNS).map((field) => [field, column(field)])
  return Object.fromEntries(entries) as Trace
}

function specOf({ program, headroomBytes, sampleSec, startsSec }: Observation): TraceSpec {
  return { file: program.name, headroomBytes, sampleSec, startsSec }
}

/** Share of what was free at the onset that was gone at the alarm. */
function usedAt(seen: Observation, alarmSec: number): number {
  const onsetSec = Math.max(seen.truth.onsetSec ?? 0, 0)
  const first = seen.rows[0]
  const onset = seen.rows.find((row) => row.tSec >= onsetSec)
  const alarm = seen.rows.find((row) => row.tSec >= alarmSec)
  if (first === undefined || onset === undefined || alarm === undefined) return NaN
  const limit = levelOf(first) + seen.headroomBytes
  return (levelOf(alarm) - levelOf(onset)) / (limit - levelOf(onset))
}

/** Streams what was seen through a detector, as if live, and holds its verdict against the truth. */
export function judge(seen: Observation, detect: Detect): Judgement {
  const { program, truth } = seen
  const said = detect(toTrace(seen.rows), specOf(seen))
  const leaks = leaksMemory(truth)
  const isLeak = leaks && said.leaking
  const usedFraction =
    isLeak && said.detectedAtSec !== null ? usedAt(seen, said.detectedAtSec) : null
  const rateError =
    isLeak && said.rateBytesPerSec !== null
      ? said.rateBytesPerSec / truth.rateBytesPerSec - 1
      : null
  const measured = leaks ? (measureRate(seen) ?? null) : null
  // A harmless program is right only where it was never called a leak, not even for a while.
  const alarmed = leaks ? said.leaking : said.alarmsSec.length > 0
  const sinceOnset = (said.detectedAtSec ?? said.alarmsSec[0] ?? NaN) - (truth.onsetSec ?? 0)
  const last = seen.rows.at(-1)
  return {
    name: program.name,
    leaks,
    alarmed,
    usedFraction,
    rateError,
    truthError: measured === null ? null : measured / truth.rateBytesPerSec - 1,
    cells: [
      program.name,
      leaks ? 'leak' : (truth.kind ?? 'harmless'),
      said.leaking ? 'confirmed' : alarmed ? 'withdrawn' : 'no alarm',
      alarmed === leaks ? 'yes' : 'NO',
      Number.isNaN(sinceOnset) ? '' : `${sinceOnset.toFixed(1)} s`,
      usedFraction === null ? '' : formatPercent(usedFraction),
      said.rateBytesPerSec === null ? '' : formatRate(said.rateBytesPerSec),
      leaks ? formatRate(truth.rateBytesPerSec) : '',
      measured === null ? '' : formatRate(measured),
      formatBytes(last === undefined ? null : levelOf(last)),
      seen.end === null ? said.reason : `${said.reason}; it ended`,
    ],
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

function present(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null)
}

/** @param detector who judged */
export function renderSummary(detector: string, judgements: readonly Judgement[]): string {
  const leaks = judgements.filter((judgement) => judgement.leaks)
  const found = leaks.filter((judgement) => judgement.alarmed).length
  const harmless = judgements.filter((judgement) => !judgement.leaks)
  const accused = harmless.filter((judgement) => judgement.alarmed).length
  const used = median(present(leaks.map((judgement) => judgement.usedFraction)))
  const error = median(present(leaks.map(({ rateError }) => rateError && Math.abs(rateError))))
  return `${detector}: ${found} of ${leaks.length} leaks found, ${accused} of ${harmless.length} harmless programs accused; median: ${formatPercent(used)} of what was free used at the alarm, rate wrong by ${formatPercent(error)}`
}

/** A rate of the catalogue may be off by this much. */
const TRUTH_TOLERANCE = 0.1

/** Programs of which the catalogue does not say the truth, each with a sentence. */
export function findWrongTruths(judgements: readonly Judgement[]): readonly string[] {
  return judgements
    .filter(({ truthError }) => Math.abs(truthError ?? 0) > TRUTH_TOLERANCE)
    .map(({ name, truthError }) => {
      const percent = formatPercent(Math.abs(truthError ?? 0))
      return `${name} leaks ${percent} ${(truthError ?? 0) > 0 ? 'faster' : 'slower'} than the catalogue says`
    })
}
