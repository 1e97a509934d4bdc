/** @module Judges recorded traces, each streamed as if live, and prints what was found. */
import { once } from 'node:events'
import { basename, join } from 'node:path'
import { EXIT, type ExitCode, PlimsollError } from '../../base/errors.ts'
import { encodeJsonLine } from '../../base/escape.ts'
import type { Detection, LeakState, TraceSpec } from '../../core/leak/records.ts'
import { feedReplay, openReplay, readReplay, summarizeReplay } from '../../core/leak/replay.ts'
import { readManifest } from '../../io/traces/read-manifest.ts'
import { readTraceRows } from '../../io/traces/read-trace.ts'
import { drawTrace } from './draw-trace.ts'
import { addToPicture, createPicture } from './trace-picture.ts'

/** What is known of a single trace. */
export interface TraceOptions {
  readonly headroom?: number
  readonly sample?: number
  readonly starts?: readonly number[]
  readonly json?: true
}

/** One JSON line, as the files of `detect` are spelt. */
function detectionLine(file: string, detection: Detection): string {
  return encodeJsonLine({
    file,
    leaking: detection.leaking,
    detected_at_s: detection.detectedAtSec,
    alarms_s: detection.alarmsSec,
    onset_s: detection.onsetSec,
    rate_bytes_per_s: detection.rateBytesPerSec,
    rate_low: detection.rateLow,
    rate_high: detection.rateHigh,
    eta_s: detection.etaSec,
    reason: detection.reason,
  })
}

/** The line of a trace that could not be judged: all is unknown, and why. */
function errorLine(file: string, error: string): string {
  return encodeJsonLine({
    file,
    leaking: null,
    detected_at_s: null,
    alarms_s: [],
    onset_s: null,
    rate_bytes_per_s: null,
    rate_low: null,
    rate_high: null,
    eta_s: null,
    reason: null,
    error,
  })
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}

function exitOf(state: LeakState): ExitCode {
  if (state === 'confirmed') return EXIT.finding
  return state === 'unknown' ? EXIT.incomplete : EXIT.ok
}

/** Judges one trace of a manifest. A bad one does not stop the others. */
async function detectListed(directory: string, spec: TraceSpec): Promise<ExitCode> {
  const replay = openReplay(spec.headroomBytes, spec.startsSec)
  try {
    await readTraceRows(join(directory, spec.file), (row) => feedReplay(replay, row))
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    await print(errorLine(spec.file, error.message))
    return EXIT.incomplete
  }
  await print(detectionLine(spec.file, summarizeReplay(replay)))
  return exitOf(readReplay(replay).state)
}

/** Judges each trace of a manifest: one JSON line each. */
export async function detectManifest(manifest: string, directory: string): Promise<ExitCode> {
  const exits = new Set<ExitCode>()
  for (const spec of await readManifest(manifest)) exits.add(await detectListed(directory, spec))
  if (exits.has(EXIT.incomplete)) return EXIT.incomplete
  return exits.has(EXIT.finding) ? EXIT.finding : EXIT.ok
}

/** Judges one trace and draws it, or prints its line. */
export async function detectFile(file: string, options: TraceOptions): Promise<ExitCode> {
  const replay = openReplay(options.headroom ?? null, options.starts ?? null)
  const picture = createPicture(options.sample ?? null)
  await readTraceRows(file, (row) => {
    const level = feedReplay(replay, row)
    if (!Number.isNaN(level)) addToPicture(picture, row.tSec, level)
  })
  const verdict = readReplay(replay)
  const detection = summarizeReplay(replay)
  if (options.json) {
    await print(detectionLine(file, detection))
  } else {
    const { headroomBytes } = replay
    const startsSec = options.starts ?? []
    const isHeadroomGiven = options.headroom !== undefined
    const name = basename(file)
    const drawn = { name, picture, verdict, detection, startsSec, headroomBytes, isHeadroomGiven }
    const hasColours = process.stdout.isTTY && process.stdout.hasColors()
    await print(drawTrace(drawn, hasColours).join('\n'))
  }
  return exitOf(verdict.state)
}
