/** @module Writes observed programs as labelled traces: what `plimsoll detect --manifest` reads. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { TraceRow } from '../../src/core/leak/records.ts'
import { TRACE_COLUMNS } from '../../src/core/leak/trace-csv.ts'
import type { Observation } from './observe.ts'
import { leaksMemory } from './program.ts'

const COLUMNS = Object.entries(TRACE_COLUMNS)

function encodeRow(row: Readonly<TraceRow>): string {
  return COLUMNS.map(([, field]) => {
    const value = row[field]
    if (Number.isNaN(value)) return ''
    return field === 'tSec' ? value.toFixed(3) : String(value)
  }).join(',')
}

/** The trace as CSV with a header. */
export function encodeTrace(rows: readonly Readonly<TraceRow>[]): string {
  const header = COLUMNS.map(([name]) => name).join(',')
  return `${[header, ...rows.map(encodeRow)].join('\n')}\n`
}

/** One line of the manifest. `truth.leaking` says whether memory leaks, which is what is judged. */
export function encodeManifestLine(seen: Observation): string {
  const { program, truth } = seen
  return JSON.stringify({
    file: `${program.name}.csv.gz`,
    headroom_bytes: seen.headroomBytes,
    sample_s: seen.sampleSec,
    starts_s: program.subject === 'service' ? seen.startsSec : null,
    name: program.name,
    pace: seen.pace,
    truth: {
      leaking: leaksMemory(truth),
      kind: truth.kind,
      rate_bytes_per_s: leaksMemory(truth) ? truth.rateBytesPerSec : null,
      onset_s: leaksMemory(truth) ? truth.onsetSec : null,
    },
  })
}

const MANIFEST = 'manifest.jsonl'

/** Begins an empty manifest in a directory. */
export function openRecording(dir: string): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, MANIFEST), '')
}

/** Adds one program's trace to a recording; it is there as soon as the manifest names it. */
export function recordTrace(dir: string, seen: Observation): void {
  writeFileSync(join(dir, `${seen.program.name}.csv.gz`), gzipSync(encodeTrace(seen.rows)))
  appendFileSync(join(dir, MANIFEST), `${encodeManifestLine(seen)}\n`)
}
