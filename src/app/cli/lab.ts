/** @module `plimsoll lab`: what is there to learn with. A lesson is one file in lab/. */
import { Command } from 'commander'
import { leakCommand } from './lab/leak.ts'
import type { SetExitCode } from './program.ts'

export function labCommand(setExitCode: SetExitCode): Command {
  const lab = new Command('lab')
    .summary('learn on programs that leak, on this host')
    .description('Lessons on programs that leak. What they start ends with them.')
  return lab.addCommand(leakCommand(setExitCode).copyInheritedSettings(lab))
}
