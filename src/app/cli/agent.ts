/** @module `plimsoll agent`: watches this host for good, and serves what it sees. */
import { Command } from 'commander'
import type { Override } from '../../io/config/parse.ts'
import type { SetExitCode } from './program.ts'

interface AgentFlags {
  readonly config?: string
  readonly checkConfig?: true
  readonly interval?: string
  readonly listen?: string
  readonly port?: string
  readonly consoleGuard?: true
  readonly web: boolean
  readonly json?: true
}

const AFTER_HELP = `
Ctrl-C ends it. docs/configuration.md lists every key of the configuration.
\`plimsoll watch\` shows what it sees in a terminal.`

/** A number where it is one: what it is instead is for the configuration's check to say. */
function readNumber(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

/** Flags overrule the file and are checked with it. */
function overridesOf({ interval, listen, port, consoleGuard }: AgentFlags): Override[] {
  const given = [
    { section: 'agent', key: 'interval', value: interval, flag: '--interval' },
    { section: 'web', key: 'listen', value: listen, flag: '--listen' },
    { section: 'web', key: 'port', value: port && readNumber(port), flag: '--port' },
    { section: 'console', key: 'guard', value: consoleGuard, flag: '--console-guard' },
  ]
  return given.filter(({ value }) => value !== undefined)
}

async function runFlags(flags: AgentFlags): Promise<void> {
  const { runAgent } = await import('./agent/run-agent.ts')
  const { sayForPeople, sayForScripts } = await import('./agent/say.ts')
  const output = {
    out: (line: string) => process.stdout.write(`${line}\n`),
    err: (line: string) => process.stderr.write(`${line}\n`),
  }
  const say = (flags.json ? sayForScripts : sayForPeople)(output, Date.now)
  const wish = {
    configFile: flags.config,
    overrides: overridesOf(flags),
    web: flags.web,
    checkOnly: flags.checkConfig === true,
  }
  await runAgent(wish, { uid: process.getuid?.() ?? 0, env: process.env }, say)
}

export function agentCommand(_setExitCode: SetExitCode): Command {
  return new Command('agent')
    .summary('watch for good; serve dashboard, API and metrics')
    .description(
      'Watches this host for good, remembers, and serves dashboard, JSON API and Prometheus metrics. It prints the address of the dashboard with a one-time token, and each leak as it is found.',
    )
    .option('--config <file>', 'configuration, TOML')
    .option('--check-config', 'check the configuration and start nothing')
    .option('--interval <duration>', 'time between two looks at the host, as 500ms or 2s')
    .option('--listen <address>', 'address of the dashboard')
    .option('--port <port>', 'port of the dashboard; 0 takes any free one')
    .option('--console-guard', 'quiet slow consoles while an OOM is near; needs root')
    .option('--no-web', 'without dashboard: watch and tell only')
    .option('--json', 'print one JSON document a line')
    .addHelpText('after', AFTER_HELP)
    .action(runFlags)
}
