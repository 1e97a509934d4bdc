/** @module `plimsoll detect`: the detector over recorded traces, each streamed as if live. */
import { once } from 'node:events'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { EXIT, type ExitCode, PlimsollError } from '../../base/errors.ts'
import { GIB, KIB, MIB } from '../../base/units.ts'
import type { Detection, LeakState, TraceSpec } from '../../core/leak/records.ts'
import { feedReplay, openReplay, readReplay, summarizeReplay } from '../../core/leak/replay.ts'
import { readManifest } from '../../io/traces/read-manifest.ts'
import { readTraceRows } from '../../io/traces/read-trace.ts'
import { drawTrace } from './draw-trace.ts'
import { addToPicture, createPicture } from './trace-picture.ts'

interface DetectOptions {
  readonly manifest?: string
  readonly headroom?: number
  readonly sample?: number
  readonly starts?: readonly number[]
  readonly json?: true
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KiB: KIB,
  MiB: MIB,
  GiB: GIB,
  TiB: 1024 * GIB,
}

function usage(message: string): PlimsollError {
  return new PlimsollError('PLM_USAGE', message)
}

function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(|[KMGT]iB)$/.exec(text)
  const size = Number(match?.[1]) * (SIZE_UNITS[match?.[2] ?? ''] ?? NaN)
  if (size > 0 && Number.isFinite(size)) return size
  throw usage(`--headroom: expected a size as 64MiB or 2GiB, got ${text}`)
}

function parseSeconds(option: string, text: string): number {
  const seconds = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(seconds) && seconds >= 0) return seconds
  throw usage(`${option}: expected seconds, got ${JSON.stringify(text)}`)
}

function parseInterval(text: string): number {
  const seconds = parseSeconds('--sample', text)
  if (seconds > 0) return seconds
  throw usage('--sample: expected seconds above 0, got 0')
}

function parseStarts(text: string): number[] {
  return text.split(',').map((part) => parseSeconds('--starts', part))
}

/** One JSON line, as the files of `detect` are spelt. */
function detectionLine(file: string, detection: Detection): string {
  return JSON.stringify({
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
  return JSON.stringify({
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

async function detectManifest(manifest: string, directory: string): Promise<ExitCode> {
  const exits = new Set<ExitCode>()
  for (const spec of await readManifest(manifest)) exits.add(await detectListed(directory, spec))
  if (exits.has(EXIT.incomplete)) return EXIT.incomplete
  return exits.has(EXIT.finding) ? EXIT.finding : EXIT.ok
}

/** Judges one trace and draws it, or prints its line. */
async function detectFile(file: string, options: DetectOptions): Promise<ExitCode> {
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

async function detect(path: string, options: DetectOptions): Promise<void> {
  const { manifest, headroom, sample, starts, json } = options
  if (manifest === undefined) {
    process.exitCode = await detectFile(path, options)
    return
  }
  const given = { headroom, sample, starts, json }
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) throw usage(`--${name} is for a single trace, not for a manifest`)
  }
  process.exitCode = await detectManifest(manifest, path)
}

/** The command, to be added to the program. */
export function detectCommand(): Command {
  return new Command('detect')
    .summary('run the leak detector over recorded traces')
    .description(
      [
        'Runs the leak detector over recorded traces, sample by sample as if live.',
        'With a manifest, JSON lines of {file, headroom_bytes, sample_s, starts_s}, it prints one JSON line for each trace, which it finds below the directory. Without one, it draws the trace with its verdict.',
        "A trace is CSV, plain or gzip: a header that names t_s and rss_anon and, if they are known, rss_file, rss_shmem, swap, vsz, threads and fds, in any order; seconds from the trace's start, and bytes. An empty cell was not readable. A row that is not later than the one before is skipped.",
        'Exits with 0 when nothing leaks, 10 when something does, 11 when a trace could not be judged.',
      ].join('\n\n'),
    )
    .argument('<path>', 'the trace or, with --manifest, the directory of the traces')
    .option('--manifest <file>', 'the traces to judge and what is known of each')
    .option(
      '--headroom <size>',
      'free above the first sample, as 64MiB (default: as much again as the first sample, at least 1GiB)',
      parseSize,
    )
    .option(
      '--sample <seconds>',
      'distance of the samples; five missing are drawn as a gap (default: as the first two show)',
      parseInterval,
    )
    .option('--starts <seconds,...>', 'when the process was replaced by a new one', parseStarts)
    .option('--json', 'print one JSON line, as with a manifest')
    .action(detect)
}
