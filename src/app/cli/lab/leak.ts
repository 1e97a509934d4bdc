/** @module `plimsoll lab leak`: a program that leaks, what is true of it, and what is said of it. */
import { Command } from 'commander'
import { EXIT, type ExitCode, PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine } from '../../../base/escape.ts'
import { parseSizeBytes } from '../../../base/parse-units.ts'
import type { SetExitCode } from '../program.ts'
import { paintLine } from '../watch/look.ts'
import { parseFor } from '../watch/options.ts'
import type { LeakFlags } from './leak/run.ts'
import { lookAt } from './look-at.ts'

function parsePace(text: string): number {
  const pace = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0
  if (pace > 0) return pace
  throw new PlimsollError(
    'PLM_USAGE',
    `--pace expects a number above 0 and below 10000, got ${JSON.stringify(text)}`,
  )
}

function parseBound(text: string): number {
  const bytes = parseSizeBytes(text)
  if (bytes !== undefined && bytes > 0) return bytes
  throw new PlimsollError(
    'PLM_USAGE',
    `--bound expects a size such as 256MiB or 1GiB, got ${JSON.stringify(text)}`,
  )
}

async function leak(name: string | undefined, flags: LeakFlags): Promise<ExitCode> {
  const { LEAK_KINDS } = await import('../../../../lab/leaks/kinds.ts')
  const { createJsonTeller, createTextTeller } = await import('./leak/tell.ts')
  const { stdout } = process
  const look = lookAt(stdout)
  if (name === undefined) {
    const { makeListDocument } = await import('./leak/document.ts')
    const { listLines } = await import('./leak/text.ts')
    const lines = flags.json
      ? [encodeJsonLine(makeListDocument(LEAK_KINDS))]
      : listLines(LEAK_KINDS).map((line) => paintLine(line, look))
    stdout.write(`${lines.join('\n')}\n`)
    return EXIT.ok
  }
  const kind = LEAK_KINDS.find((candidate) => candidate.kind === name)
  if (kind === undefined) {
    const kinds = LEAK_KINDS.map((known) => known.kind).join(', ')
    throw new PlimsollError(
      'PLM_USAGE',
      `expected a kind of leak, got ${JSON.stringify(name)}; there are ${kinds}`,
    )
  }
  const { runLesson } = await import('./leak/run.ts')
  return await runLesson(
    kind,
    flags,
    flags.json ? createJsonTeller(stdout) : createTextTeller(stdout, look),
  )
}

export function leakCommand(setExitCode: SetExitCode): Command {
  return new Command('leak')
    .summary('run a program that leaks, and see what is said of it')
    .description(
      'Runs a small program with a leak of the kind that is named, or with what only looks like one: says what is true of it, follows its memory, and gives its verdict as it changes, so that `plimsoll watch` in another terminal can be held against it. The program ends at its bound, after --for, or at Ctrl-C, and leaves nothing. With no kind it lists them.',
    )
    .argument('[kind]', 'short-lived, long-lived, cached, threads ...; none: a list of all')
    .option('--json', 'a document when it starts, at each change of the verdict, and at its end')
    .option('--valgrind', 'first have valgrind judge it (C and C++; of short-lived always)')
    .option('--no-valgrind', 'do not, of short-lived either')
    .option('--pace <times>', "how many times as fast the program's own time runs", parsePace)
    .option('--bound <size>', 'memory that it may take at most, as 256MiB', parseBound)
    .option('--for <time>', 'end it then at the latest (default: 5min)', parseFor)
    .addHelpText(
      'after',
      '\nExits with 0 when it did no harm, 10 when a leak is confirmed, 11 when that cannot be said.',
    )
    .action(async (name: string | undefined, flags: LeakFlags) =>
      setExitCode(await leak(name, flags)),
    )
}
