/**
 * @module Runs one leaking or harmless program within its bound:
 * `npm run leak -- NAME [--bound 1GiB] [--rate X] [--seconds N]`, or `--list`.
 * One line of JSON on standard output says what is true of it; signals are passed on.
 */
import { parseArgs } from 'node:util'
import { ERRORS, messageOf, PlimsollError } from '../../src/base/errors.ts'
import { CATALOGUE } from './catalogue.ts'
import { parseByteCount, parsePositive } from './options.ts'
import { explainEnd, type RunningLeak, startLeak } from './start.ts'

const USAGE = `usage: npm run leak -- NAME [--bound SIZE] [--rate X] [--seconds N]
       npm run leak -- --list
  --bound SIZE  what it may take at most: bytes, or 64MiB, 1GiB
  --rate X      its own time runs X times as fast
  --seconds N   ends it after N seconds`

/** What is true of a running program, in the spelling of trace manifests. */
function describe(leak: RunningLeak): string {
  const { leaking, kind, rateBytesPerSec, onsetSec } = leak.truth
  return JSON.stringify({
    name: leak.program.name,
    pid: leak.pid,
    bound_bytes: leak.boundBytes,
    truth: { leaking, rate_bytes_per_s: rateBytesPerSec, kind, onset_s: onsetSec },
  })
}

const OPTIONS = {
  bound: { type: 'string' },
  rate: { type: 'string' },
  seconds: { type: 'string' },
  list: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS })
  } catch (error) {
    const why = messageOf(error)
    throw new PlimsollError('PLM_USAGE', why.replace(/\.$/, ''), { cause: error })
  }
}

async function run(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.list) {
    for (const { name, imitates } of CATALOGUE) console.log(`${name.padEnd(24)}${imitates}`)
    return
  }
  const [name, ...rest] = positionals
  if (values.help || name === undefined || rest.length > 0) {
    console.error(USAGE)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const leak = await startLeak(name, {
    ...(values.bound === undefined ? {} : { boundBytes: parseByteCount('--bound', values.bound) }),
    ...(values.rate === undefined ? {} : { pace: parsePositive('--rate', values.rate) }),
  })
  console.log(describe(leak))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => leak.signal(signal))
  }
  if (values.seconds !== undefined) {
    const ms = parsePositive('--seconds', values.seconds) * 1000
    setTimeout(() => void leak.stop(), ms).unref()
  }
  console.error(`${name} (pid ${leak.pid}) ended ${explainEnd(await leak.ended)}`)
}

try {
  await run()
} catch (error) {
  if (!(error instanceof PlimsollError)) throw error
  console.error(`${error.code}: ${error.message}. ${error.hint}`)
  process.exitCode = ERRORS[error.code].exit
}
