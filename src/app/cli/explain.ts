/** @module `plimsoll explain`: what an OOM report says, who was killed, and who had the memory. */
import { Command, Option } from 'commander'
import { PlimsollError } from '../../base/errors.ts'
import { VERDICT_CLASSES, type VerdictClass } from '../../core/oom/verdict.ts'
import type { ExplainOptions } from './explain/run.ts'
import type { SetExitCode } from './program.ts'

function parseVerdicts(text: string): readonly VerdictClass[] {
  return text.split(',').map((word) => {
    const found = VERDICT_CLASSES.find((verdict) => verdict === word.trim())
    if (found !== undefined) return found
    const allowed = VERDICT_CLASSES.join(', ')
    throw new PlimsollError('PLM_USAGE', `--fail-on: expected some of ${allowed}, got ${word}`)
  })
}

export function explainCommand(setExitCode: SetExitCode): Command {
  return new Command('explain')
    .summary('explain OOM reports in kernel logs')
    .description(
      [
        'Reads kernel logs of any origin and says of each OOM who asked, who was killed, who really had the memory, and whether the killed was innocent.',
        'A log may come from dmesg, journalctl, a console, netconsole, syslog or a mail, whole or damaged, plain or as gzip, xz or zstd; - is standard input, a directory is all its files, rotated ones oldest first.',
        'Exits with 0 when there is no OOM, 10 when there is one or a program killed for memory, 11 when one of several logs could not be read or none is text.',
      ].join('\n\n'),
    )
    .argument('[log...]', 'files or directories; - for standard input')
    .option('--dmesg', "read the kernel's own log as it is in memory now")
    .option('--journal [boot]', 'read the journal of this boot, or of the one before: --journal=-1')
    .option('--all', 'print every report of a storm in full')
    .option('--lines', 'print the lines of the log that the page rests on')
    .option('--markdown', 'print Markdown, for a ticket')
    .addOption(
      new Option('--json', 'print one JSON line for each log').conflicts([
        'jsonEvents',
        'markdown',
      ]),
    )
    .addOption(
      new Option('--json-events', 'print one JSON line for each report, once it is over').conflicts(
        'markdown',
      ),
    )
    .addOption(
      new Option(
        '--fail-on <verdicts>',
        `exit with 10 only for reports with these verdicts (${VERDICT_CLASSES.join(', ')})`,
      ).argParser(parseVerdicts),
    )
    .addOption(
      new Option(
        '--vanished <who>',
        'say who ended a process or unit (name, pid or unit), by the logs that are named, or else by this host',
      ).conflicts(['dmesg', 'journal', 'all', 'lines', 'markdown', 'jsonEvents', 'failOn']),
    )
    .action(async (logs: string[], options: ExplainOptions) => {
      if (options.vanished !== undefined) {
        const { explainVanished } = await import('./explain/vanished.ts')
        setExitCode(await explainVanished(options.vanished, logs, options.json === true))
        return
      }
      const { explainLogs } = await import('./explain/run.ts')
      setExitCode(await explainLogs(logs, options))
    })
}
