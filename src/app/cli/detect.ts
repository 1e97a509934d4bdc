/** @module `plimsoll detect`: the detector over recorded traces, each streamed as if live. */
import { Command } from 'commander'
import { type ExitCode, PlimsollError } from '../../base/errors.ts'
import { parseSizeBytes } from '../../base/parse-units.ts'
import type { TraceOptions } from './detect-traces.ts'
import type { SetExitCode } from './program.ts'

interface DetectOptions extends TraceOptions {
  readonly manifest?: string
}

function usage(message: string): PlimsollError {
  return new PlimsollError('PLM_USAGE', message)
}

function parseSize(text: string): number {
  const size = parseSizeBytes(/^\d+$/.test(text) ? `${text}B` : text)
  if (size !== undefined && size > 0) return size
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

/** Options of a single trace, refused beside a manifest, which has them in its lines. */
const OF_ONE_TRACE = ['headroom', 'sample', 'starts', 'json'] as const

async function detect(path: string, options: DetectOptions): Promise<ExitCode> {
  const { detectFile, detectManifest } = await import('./detect-traces.ts')
  const { manifest } = options
  if (manifest === undefined) return detectFile(path, options)
  for (const name of OF_ONE_TRACE) {
    if (options[name] !== undefined) {
      throw usage(`--${name} is for a single trace, not for a manifest`)
    }
  }
  return detectManifest(manifest, path)
}

export function detectCommand(setExitCode: SetExitCode): Command {
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
    .action(async (path: string, options: DetectOptions) =>
      setExitCode(await detect(path, options)),
    )
}
