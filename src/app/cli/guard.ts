/** @module `plimsoll guard`: who would have to go now and why, and whether the guard can act here. */
import { Command, Option } from 'commander'
import type { ExitCode } from '../../base/errors.ts'
import { PlimsollError } from '../../base/errors.ts'
import type { GuardFlags } from './guard/flags.ts'
import type { SetExitCode } from './program.ts'
import { parseFor } from './watch/options.ts'

async function guard(flags: GuardFlags): Promise<ExitCode> {
  if (flags.verify) {
    const { verify } = await import('./guard/verify.ts')
    return verify(flags)
  }
  if (flags.explain) {
    const { explain } = await import('./guard/explain.ts')
    return await explain(flags)
  }
  throw new PlimsollError('PLM_USAGE', 'expected --explain or --verify')
}

export function guardCommand(setExitCode: SetExitCode): Command {
  return new Command('guard')
    .summary('say who would have to go now and why, and whether it can act')
    .description(
      'Says what the guard would do on this host. `plimsoll agent` runs it; nothing is changed or ended here, and root is not needed, though without it less can be seen.',
    )
    .addOption(
      new Option(
        '--explain',
        'who would have to go if memory ran out now, why, and why not the others',
      ).conflicts('verify'),
    )
    .option('--verify', 'whether it could act here: signals, oom_score_adj, pressure, its command')
    .option('--json', 'print one JSON document')
    .option('--config <file>', "configuration with the owner's rules, TOML")
    .option('--cgroup <path>', 'of a group at its limit, as if it were the host; with --explain')
    .option('--own', 'sample by itself, even where an agent runs')
    .option('--socket <path>', "the agent's socket, instead of looking for one")
    .option('--for <time>', 'how long to watch; without an agent: 10s', parseFor)
    .addHelpText(
      'after',
      '\n--explain exits with 0 while there is memory enough and 10 while it is short; --verify with 0 when all is well and 10 when something is not. Both exit with 11 where that cannot be told.',
    )
    .action(async (flags: GuardFlags) => setExitCode(await guard(flags)))
}
