/**
 * @module Writes scored traces with their manifest and truth, for other detectors to be run on:
 * `npm run traces -- DIR [--families a,b] [--seeds N]`.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { ERRORS, PlimsollError } from '../../src/base/errors.ts'
import type { TraceRow } from '../../src/core/leak/records.ts'
import { createRow } from '../../src/core/leak/replay.ts'
import { TRACE_COLUMNS } from '../../src/core/leak/trace-csv.ts'
import { encodeTrace } from '../leaks/record.ts'
import type { LabelledTrace, TraceFamily } from './labelled.ts'
import { chooseFamilies, parseSeeds } from './scored/choose.ts'

function rowsOf({ trace }: LabelledTrace): TraceRow[] {
  return Array.from(trace.tSec, (_, i) => {
    const row = createRow()
    for (const field of Object.values(TRACE_COLUMNS)) row[field] = trace[field][i] as number
    return row
  })
}

/** One line of a manifest; `truth` is for whoever scores, a detector does not read it. */
export function manifestLine({ family, spec, truth }: LabelledTrace): string {
  return JSON.stringify({
    file: spec.file,
    headroom_bytes: spec.headroomBytes,
    sample_s: spec.sampleSec,
    starts_s: spec.startsSec,
    name: family,
    truth: {
      leaking: truth.leaking,
      rate_bytes_per_s: truth.rateBytesPerSec,
      onset_s: truth.onsetSec,
    },
  })
}

/** Writes traces `1` to `seeds` of each family, and `manifest.jsonl`. */
export function writeTraces(dir: string, families: readonly TraceFamily[], seeds: number): void {
  mkdirSync(dir, { recursive: true })
  const manifest = join(dir, 'manifest.jsonl')
  writeFileSync(manifest, '')
  for (const family of families) {
    for (let seed = 1; seed <= seeds; seed++) {
      const labelled = family.make(seed)
      writeFileSync(join(dir, labelled.spec.file), gzipSync(encodeTrace(rowsOf(labelled))))
      appendFileSync(manifest, `${manifestLine(labelled)}\n`)
    }
  }
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { families: { type: 'string' }, seeds: { type: 'string', default: '1' } },
  })
  const [dir] = positionals
  if (dir === undefined) throw new PlimsollError('PLM_USAGE', 'say the directory to write to')
  writeTraces(dir, chooseFamilies(values.families), parseSeeds(values.seeds))
}

if (import.meta.main) {
  try {
    main()
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    console.error(error.message)
    process.exitCode = ERRORS[error.code].exit
  }
}
