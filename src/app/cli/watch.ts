/** @module `plimsoll watch`: who leaks, how fast, which kind of memory, when it runs out. */
import { Command } from 'commander'
import type { ExitCode } from '../../base/errors.ts'
import { arrangeRows } from './watch/arrange.ts'
import { encodeDocument, makeDocument } from './watch/document.ts'
import type { SourceWish } from './watch/open-source.ts'
import type { WatchFlags } from './watch/options.ts'
import { parseFor, parseInterval, parseLimit, parseSort } from './watch/options.ts'
import { runScript } from './watch/run-script.ts'

const LIVE_EVERY_MS = 1_000
/** A verdict wants samples, and `--once` is waited for. */
const ONCE_EVERY_MS = 500

function wishOf(flags: WatchFlags): SourceWish {
  return {
    own: flags.own === true,
    socketPath: flags.socket ?? null,
    intervalMs: flags.interval ?? (flags.once ? ONCE_EVERY_MS : LIVE_EVERY_MS),
    owner: { uid: process.getuid?.() ?? 0, runtimeDir: process.env.XDG_RUNTIME_DIR },
  }
}

async function watch(flags: WatchFlags): Promise<ExitCode> {
  const utcOffsetMin = -new Date().getTimezoneOffset()
  const wish = wishOf(flags)
  return await runScript({
    wish,
    once: flags.once === true,
    forMs: flags.for ?? null,
    everyMs: flags.interval ?? 0,
    format: (snapshot, events) => {
      const rows = arrangeRows(snapshot.rows, { ...flags, show: 'all' })
      const limit = flags.limit ?? Number.POSITIVE_INFINITY
      return encodeDocument(makeDocument(snapshot, rows, limit, events, utcOffsetMin))
    },
    output: process.stdout,
    say: (text) => process.stderr.write(`plimsoll watch ${text}\n`),
  })
}

export function watchCommand(): Command {
  return new Command('watch')
    .description('live table: who leaks, how fast, what kind of memory, when it runs out')
    .option('--once', 'one table and an end')
    .option('--json', 'one JSON document a tick, or one with --once')
    .option('--own', 'sample by itself, even where an agent runs')
    .option('--socket <path>', "the agent's socket, instead of looking for one")
    .option('--interval <time>', 'between two samples or outputs: 500ms, 2s', parseInterval)
    .option('--for <time>', 'how long to watch; --once without an agent: 10s', parseFor)
    .option('--limit <rows>', 'rows at most', parseLimit)
    .option('--sort <key>', 'worst, size, rate, left, name or kind', parseSort, 'worst' as const)
    .option('--filter <words>', 'only subjects in which each word is found', '')
    .addHelpText(
      'after',
      '\nExit codes: 0 no leak, 10 a leak is confirmed, 11 no verdict, 69 no source.',
    )
    .action(async (flags: WatchFlags) => {
      process.exitCode = await watch(flags)
    })
}
