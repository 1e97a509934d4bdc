/** @module All commands in one tree. A command is one file here and one line in COMMANDS. */
import { Command } from 'commander'
import type { ExitCode } from '../../base/errors.ts'
import { VERSION } from '../../base/version.ts'
import { agentCommand } from './agent.ts'
import { detectCommand } from './detect.ts'
import { doctorCommand } from './doctor.ts'
import { explainCommand } from './explain.ts'
import { labCommand } from './lab.ts'
import { simulateCommand } from './simulate.ts'
import { watchCommand } from './watch.ts'

/** How a command says what it found; left alone, it ended well. */
export type SetExitCode = (code: ExitCode) => void

/** In the order in which a person meets them. What a command needs to run, it imports then. */
const COMMANDS: readonly ((setExitCode: SetExitCode) => Command)[] = [
  watchCommand,
  agentCommand,
  doctorCommand,
  explainCommand,
  simulateCommand,
  detectCommand,
  labCommand,
]

const AFTER_HELP = `
Begin with \`plimsoll watch\`: what leaks on this host, as it happens.
Exit codes: 0 nothing found, 10 finding, 11 incomplete, 2 usage, 69 unavailable, 70 internal,
77 permission.`

/** The program; it throws instead of ending the process. */
export function createProgram(setExitCode: SetExitCode): Command {
  const program = new Command('plimsoll')
    .description('Finds the process that leaks memory while there is still time.')
    .version(VERSION, '-V, --version', 'say the version')
    .helpOption('-h, --help', 'say what there is')
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    // An option after a command's name is that command's own: `lab` and `lab leak` both have --json.
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: false, helpWidth: 100 })
    .showHelpAfterError('Run it with --help to see what there is.')
  for (const create of COMMANDS) {
    program.addCommand(create(setExitCode).copyInheritedSettings(program))
  }
  return program
}
