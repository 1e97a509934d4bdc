/** @module `plimsoll lab`: what is there to learn with, on this host and on kernels that may die. */
import { Command } from 'commander'
import { leakCommand } from './lab/leak.ts'
import type { SceneFlags } from './lab/scene/flags.ts'
import type { SetExitCode } from './program.ts'

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

export function labCommand(setExitCode: SetExitCode): Command {
  const lab = new Command('lab')
    .summary('see a machine run out of memory, and learn on programs that leak')
    .description(
      'Plays a scenario on a real kernel in an emulated machine: shows the console as fast as its line carries it, how long others stood still, and what would have changed that. Nothing on this host is changed, and Ctrl-C leaves nothing. With no scenario it lists them.',
    )
    .argument('[scenario]', 'incident ...; none: a list of all')
    .option('--list', 'the scenarios, a sentence each')
    .option('--json', 'one document at the end; progress on stderr')
    .option('--compare', 'once with nothing changed and once with each known workaround')
    .option('--kernel <name>', '5.10, 6.1, 6.12 or the path of an image (default: 6.1)')
    .option('--tasks <number>', 'idle processes, rows of the task table (default: 200)')
    .option('--baud <rate>', 'of the serial console (default: 19200)')
    .option('--memory <MiB>', 'of the emulated machine (default: 512)')
    .option('--sysctl <name=value>', 'set in it before the scene; may be repeated', collect)
    .option('--keep <directory>', 'leave console, kernel log, events and document there')
    .addHelpText(
      'after',
      '\nExits with 0 when nobody stood still for a second, 10 when others did, 11 when the scene did not end.',
    )
    .action(async (name: string | undefined, flags: SceneFlags) => {
      const { runScene } = await import('./lab/scene/run.ts')
      setExitCode(await runScene(name, flags))
    })
  return lab.addCommand(leakCommand(setExitCode))
}
