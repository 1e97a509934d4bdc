/** @module Reads recorded traces with their truth, which their manifest has beside what a detector is told. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TraceFamily, TraceTruth } from '../../lab/traces/labelled.ts'
import { parseManifestLine } from '../../src/core/leak/manifest.ts'
import type { Trace } from '../../src/core/leak/records.ts'
import { TRACE_COLUMNS } from '../../src/core/leak/trace-csv.ts'
import { readTraceRows } from '../../src/io/traces/read-trace.ts'

const FIELDS = Object.values(TRACE_COLUMNS)

async function readTrace(path: string): Promise<Trace> {
  const columns = FIELDS.map((): number[] => [])
  await readTraceRows(path, (row) => {
    for (const [i, field] of FIELDS.entries()) columns[i]?.push(row[field])
  })
  const entries = FIELDS.map((field, i) => [field, Float64Array.from(columns[i] ?? [])])
  return Object.fromEntries(entries) as Trace
}

interface LabelledLine {
  readonly name: string
  readonly truth: {
    readonly leaking: boolean
    readonly rate_bytes_per_s: number | null
    readonly onset_s: number | null
  }
}

async function readOne(dir: string, line: string): Promise<TraceFamily> {
  const spec = parseManifestLine(line)
  if (!spec.ok) throw new Error(`${dir}: ${spec.error.what}`)
  const { name, truth } = JSON.parse(line) as LabelledLine
  const trace = await readTrace(join(dir, spec.value.file))
  const { leaking } = truth
  const told: TraceTruth = {
    leaking,
    onsetSec: truth.onset_s,
    rateBytesPerSec: truth.rate_bytes_per_s,
  }
  const labelled = { family: name, spec: spec.value, trace, truth: told }
  return { name, leaking, imitates: 'nothing: a recording', make: () => labelled }
}

/** The traces of a directory with a `manifest.jsonl`, each a family of one. */
export async function readRecorded(dir: string): Promise<readonly TraceFamily[]> {
  const lines = readFileSync(join(dir, 'manifest.jsonl'), 'utf8').split('\n')
  return Promise.all(lines.filter((line) => line !== '').map((line) => readOne(dir, line)))
}
