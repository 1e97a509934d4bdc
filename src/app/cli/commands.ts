/** @module The commands. Each is one file here and one line below; what it needs to run, it imports then. */
import { agentCommand } from './agent.ts'
import { detectCommand } from './detect.ts'
import { doctorCommand } from './doctor.ts'
import { explainCommand } from './explain.ts'
import { guardCommand } from './guard.ts'
import { labCommand } from './lab.ts'
import type { CreateCommand } from './program.ts'
import { recordCommand } from './record.ts'
import { simulateCommand } from './simulate.ts'
import { watchCommand } from './watch.ts'

/**
 * By name, in the order in which a person meets them. scripts/build.ts makes a bundle of each, NAMECommand of
 * NAME.ts.
 */
export const COMMANDS: Readonly<Record<string, CreateCommand>> = {
  watch: watchCommand,
  agent: agentCommand,
  guard: guardCommand,
  doctor: doctorCommand,
  explain: explainCommand,
  record: recordCommand,
  simulate: simulateCommand,
  detect: detectCommand,
  lab: labCommand,
}
