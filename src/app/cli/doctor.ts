/** @module `plimsoll doctor`: would an OOM freeze this host, for how long, and what helps at what price. */
import { Command } from 'commander'
import type { ExitCode } from '../../base/errors.ts'
import type { DoctorFlags } from './doctor/run-doctor.ts'
import type { SetExitCode } from './program.ts'

async function doctor(flags: DoctorFlags): Promise<ExitCode> {
  const { runDoctor } = await import('./doctor/run-doctor.ts')
  return runDoctor(flags)
}

export function doctorCommand(setExitCode: SetExitCode): Command {
  return new Command('doctor')
    .summary('say whether an OOM would freeze this host, and what helps')
    .description(
      [
        'Says whether an out-of-memory report would freeze this host and for how many seconds, what helps and what that gives up, and what else would be lost when memory runs out. It reads a few hundred small files, and changes nothing unless --fix or --undo is given.',
        'A saved tree is a directory with the same files below it: --save-tree writes one, without arguments or environments of processes, and --root audits it on another machine.',
      ].join('\n\n'),
    )
    .option('--json', 'print one JSON document')
    .option('--root <dir>', 'audit a saved tree instead of this host')
    .option('--save-tree <dir>', 'write what was read into a new directory')
    .option('--fix [check...]', 'show what would help, and write it once you agree (root)')
    .option(
      '--undo [check...]',
      'take back what --fix wrote or a killed console guard left, unless it was changed since (root)',
    )
    .option('--yes', 'agree to --fix or --undo')
    .option('--measure', 'time three lines of 900 bytes on the consoles (root)')
    .addHelpText(
      'after',
      '\nExits with 0 when there is nothing but notes, 10 when something was found, 11 when nothing was found and not all could be seen.',
    )
    .action(async (flags: DoctorFlags) => setExitCode(await doctor(flags)))
}
