/** @module `plimsoll explain`: what an OOM report says, who was killed, and who had the memory. */
import { Command } from 'commander'
import type { ExplainOptions } from './explain/run.ts'
import type { SetExitCode } from './program.ts'

export function explainCommand(setExitCode: SetExitCode): Command {
  return new Command('explain')
    .summary('explain OOM reports in kernel logs')
    .description(
      [
        'Reads kernel logs of any origin and says of each OOM who asked, who was killed, who really had the memory, and whether the killed was innocent.',
        'A log may come from dmesg, journalctl, a console, netconsole, syslog or a mail, whole or damaged, plain or as gzip, xz or zstd; - is standard input, a directory is all its files.',
        'Exits with 0 when there is no OOM, 10 when there is one, 11 when a file could not be read.',
      ].join('\n\n'),
    )
    .argument('<log...>', 'files or directories; - for standard input')
    .option('--json', 'print one JSON line for each file')
    .action(async (logs: string[], options: ExplainOptions) => {
      const { explainFiles } = await import('./explain/run.ts')
      setExitCode(await explainFiles(logs, options))
    })
}
