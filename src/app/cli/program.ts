/** @module All commands in one tree. */
import { Command } from 'commander'
import type { ExitCode } from '../../base/errors.ts'
import { VERSION } from '../../base/version.ts'
import { COMMANDS } from './commands.ts'

/** How a command says what it found; left alone, it ended well. */
export type SetExitCode = (code: ExitCode) => void

export type CreateCommand = (setExitCode: SetExitCode) => Command

const AFTER_HELP = `
Begin with \`plimsoll watch\`: what leaks on this host, as it happens.
Exit codes: 0 nothing found, 10 finding, 11 incomplete, 2 usage, 69 unavailable, 70 internal,
77 permission.`

/** Exit codes, the width of help and what is said after an error hold for commands of commands too. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const child of command.commands) inherit(child, command)
  return command
}

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
  for (const create of Object.values(COMMANDS)) {
    program.addCommand(inherit(create(setExitCode), program))
  }
  return program
}
