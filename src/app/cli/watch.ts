/** @module `plimsoll watch`: who leaks, how fast, which kind of memory, when it runs out. */
import { Command } from 'commander'
import { EXIT, type ExitCode, PlimsollError } from '../../base/errors.ts'
import { encodeJsonLine } from '../../base/escape.ts'
import type { SetExitCode } from './program.ts'
import type { Arrangement } from './watch/arrange.ts'
import { arrangeRows, foldSingles } from './watch/arrange.ts'
import { makeDocument } from './watch/document.ts'
import { judgeWithout } from './watch/except.ts'
import type { Look } from './watch/look.ts'
import { chooseLook } from './watch/look.ts'
import { createModel, takeSnapshot } from './watch/model.ts'
import type { SourceWish } from './watch/open-source.ts'
import type { WatchFlags } from './watch/options.ts'
import { parseExcept, parseFor, parseInterval, parseLimit, parseSort } from './watch/options.ts'
import { formatReport } from './watch/report.ts'
import { runLive } from './watch/run-live.ts'
import type { ScriptRun } from './watch/run-script.ts'
import { runScript } from './watch/run-script.ts'
import { createScreen } from './watch/screen.ts'

const LIVE_EVERY_MS = 1_000
/** A verdict wants samples, and `--once` is waited for. */
const ONCE_EVERY_MS = 500
const REPORT_WIDTH = 80
const REPORT_ROWS = 20

function wishOf(flags: WatchFlags): SourceWish {
  return {
    own: flags.own === true,
    socketPath: flags.socket ?? null,
    intervalMs: flags.interval ?? (flags.once ? ONCE_EVERY_MS : LIVE_EVERY_MS),
    owner: { uid: process.getuid?.() ?? 0, runtimeDir: process.env.XDG_RUNTIME_DIR },
  }
}

function lookHere(): Look {
  const { env, stdout } = process
  return chooseLook({
    env,
    isTty: stdout.isTTY === true,
    colourDepth: stdout.isTTY ? stdout.getColorDepth() : 1,
    utcOffsetMin: -new Date().getTimezoneOffset(),
  })
}

/** Of a report: as wide as the terminal, or as COLUMNS says. */
function reportWidth(): number {
  const told = process.stdout.columns || Number(process.env.COLUMNS)
  return told >= 20 && told <= 1000 ? told : REPORT_WIDTH
}

function scriptOutput(flags: WatchFlags, look: Look): Pick<ScriptRun, 'observe' | 'format'> {
  const { except } = flags
  const model = createModel()
  const arrangement: Arrangement = { ...flags, show: 'all' }
  return {
    observe: (snapshot) => takeSnapshot(model, snapshot),
    format(snapshot, events) {
      const rows = arrangeRows(snapshot.rows, arrangement)
      if (flags.json) {
        const limit = flags.limit ?? Number.POSITIVE_INFINITY
        return encodeJsonLine(
          makeDocument(
            snapshot,
            judgeWithout(snapshot, except),
            rows,
            limit,
            events,
            look.utcOffsetMin,
          ),
        )
      }
      return formatReport(model, foldSingles(rows, arrangement), {
        width: reportWidth(),
        look,
        sort: flags.sort,
        limit: flags.limit ?? REPORT_ROWS,
        except,
      })
    },
  }
}

async function watch(flags: WatchFlags): Promise<ExitCode> {
  const wish = wishOf(flags)
  const look = lookHere()
  const isScript = flags.once || flags.json || !process.stdin.isTTY || !look.hasAttributes
  if (!isScript && flags.except.length > 0) {
    throw new PlimsollError('PLM_USAGE', '--except is for scripts: it wants --once or --json')
  }
  if (!isScript) {
    const signal = await runLive({
      wish,
      look,
      screen: createScreen(flags.sort, flags.filter),
      input: process.stdin,
      output: process.stdout,
      forMs: flags.for ?? null,
    })
    if (signal !== null) process.kill(process.pid, signal)
    return EXIT.ok
  }
  return await runScript({
    wish,
    once: flags.once === true,
    filter: flags.filter,
    except: flags.except,
    forMs: flags.for ?? null,
    everyMs: flags.interval ?? 0,
    ...scriptOutput(flags, look),
    output: process.stdout,
    say: (text) => process.stderr.write(`plimsoll watch ${text}\n`),
  })
}

export function watchCommand(setExitCode: SetExitCode): Command {
  return new Command('watch')
    .summary('show who leaks, how fast, which kind of memory, when it runs out')
    .description(
      'Shows who leaks on this host, worst first: how fast, which kind of memory, when it runs out, and why. A live table in a terminal (? lists the keys), one JSON document a tick with --json, and an end with --once. The figures are those of a running agent where this user may read them, else own samples; it says which.',
    )
    .option('--once', 'one table and an end')
    .option('--json', 'one JSON document a tick, or one with --once')
    .option('--own', 'sample by itself, even where an agent runs')
    .option('--socket <path>', "the agent's socket, instead of looking for one")
    .option('--interval <time>', 'between two samples or outputs: 500ms, 2s', parseInterval)
    .option('--for <time>', 'how long to watch; --once without an agent: 10s', parseFor)
    .option('--limit <rows>', 'rows at most', parseLimit)
    .option('--sort <key>', 'worst, size, rate, left, name or kind', parseSort, 'worst' as const)
    .option('--filter <words>', 'only subjects in which each word is found', '')
    .option(
      '--except <words>',
      'what matches is shown and counts for nothing, in scripts; may be repeated',
      parseExcept,
      [],
    )
    .addHelpText(
      'after',
      '\nExits with 0 when nothing leaks, 10 when a leak is confirmed, 11 when there is no verdict.',
    )
    .action(async (flags: WatchFlags) => setExitCode(await watch(flags)))
}
