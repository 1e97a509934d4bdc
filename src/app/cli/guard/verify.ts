/** @module `plimsoll guard --verify`: could the guard act here, and do its rules match anything? */
import { EXIT, type ExitCode } from '../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import type { FactsOf } from '../../../core/guard/host-state.ts'
import {
  createFollower,
  followHost,
  NO_FACTS,
  readHostState,
} from '../../../core/guard/host-state.ts'
import type { Candidate } from '../../../core/guard/records.ts'
import { lintRules } from '../../../core/guard/rules.ts'
import type { Config } from '../../../io/config/table.ts'
import { tryAbilities, whyNotRunnable } from '../../../linux/abilities.ts'
import { readBootMs } from '../../../linux/identity.ts'
import { createProcessFacts } from '../../../linux/process-facts.ts'
import { openSampler } from '../../../linux/sampler.ts'
import { MONITOR_DEFAULTS, openMonitor } from '../../monitor/monitor.ts'
import type { GuardFlags } from './flags.ts'
import { readGuardConfig, rulesOf } from './settings.ts'

interface Check {
  readonly id: string
  readonly what: string
  /** `note`: worth knowing, and nothing is wrong. */
  readonly state: 'ok' | 'finding' | 'note'
  readonly detail: string
}

/** Who else ends processes when memory is short; two of them race. */
const OTHER_GUARDS = ['earlyoom', 'nohang', 'oomd', 'systemd-oomd', 'bustd']
/** What the guard does without, where it is missing. */
const OPTIONAL = ['pressure', 'throttle']

function readCandidates(): readonly Candidate[] {
  const sampler = openSampler()
  try {
    const monitor = openMonitor(sampler, MONITOR_DEFAULTS)
    const tick = monitor.tick(readBootMs(), Date.now())
    if (tick === undefined) return []
    const reader = createProcessFacts('/proc')
    const factsOf: FactsOf = (pid, startTicks) => reader.read(pid, startTicks) ?? NO_FACTS
    const follower = createFollower()
    const rows = monitor.allRows()
    followHost(follower, tick.host, rows, factsOf)
    return readHostState(follower, tick.host, rows, { factsOf, fallBytesPerSec: 0 }).candidates
  } finally {
    sampler.close()
  }
}

function abilityChecks(candidates: readonly Candidate[]): Check[] {
  const groups = [...new Set(candidates.map(({ cgroup }) => cgroup ?? '/'))]
  return tryAbilities('/proc', '/sys', groups).map(({ id, what, isThere, detail }) => ({
    id,
    what,
    state: isThere ? 'ok' : OPTIONAL.includes(id) ? 'note' : 'finding',
    detail,
  }))
}

function commandCheck({ notify }: Config): Check {
  const program = notify.command?.[0]
  const what = '[notify] command'
  if (program === undefined) return { id: 'command', what, state: 'note', detail: 'none is set' }
  const why = whyNotRunnable(program)
  if (why !== null) return { id: 'command', what, state: 'finding', detail: `${program}: ${why}` }
  return { id: 'command', what, state: 'ok', detail: `${program} may be run; it was not` }
}

function otherGuards(candidates: readonly Candidate[]): Check[] {
  return OTHER_GUARDS.filter((name) => candidates.some((one) => one.name === name)).map((name) => ({
    id: 'other-guard',
    what: 'other guards',
    state: 'note',
    detail: `${name} runs too, and may act first, by its own choice`,
  }))
}

function ruleChecks(config: Config, candidates: readonly Candidate[]): Check[] {
  const rules = rulesOf(config)
  const count = rules.protect.length + rules.prefer.length + rules.avoid.length
  const lints = lintRules(rules, candidates)
  if (lints.length === 0) {
    const detail = count === 0 ? 'none are set' : `each of ${count} matches a process now`
    return [{ id: 'rules', what: "the owner's rules", state: 'ok', detail }]
  }
  return lints.map(({ list, rule, why }) => ({
    id: 'rules',
    what: `[guard] ${list}`,
    state: 'finding',
    detail: `${rule}: ${why}`,
  }))
}

const MARKS: Readonly<Record<Check['state'], string>> = {
  ok: 'ok      ',
  finding: 'finding ',
  note: 'note    ',
}

export function verify(flags: GuardFlags): ExitCode {
  const config = readGuardConfig(flags.config)
  const candidates = readCandidates()
  const checks = [
    ...abilityChecks(candidates),
    commandCheck(config),
    ...ruleChecks(config, candidates),
    ...otherGuards(candidates),
  ]
  const findings = checks.filter(({ state }) => state === 'finding')
  const sentence =
    findings.length === 0
      ? `A guard run by this user could act here; [guard] mode is "${config.guard.mode}"`
      : `A guard run by this user could not do all here: ${findings.map(({ what }) => what).join(', ')}`
  if (flags.json) {
    const document = {
      schema: 'plimsoll.guard-verify/1',
      sentence,
      mode: config.guard.mode,
      checks,
    }
    process.stdout.write(`${encodeJsonLine(document)}\n`)
  } else {
    const lines = checks.map(({ state, what, detail }) => `  ${MARKS[state]}${what}: ${detail}`)
    process.stdout.write(`${[`${sentence}.`, '', ...lines].map(escapeForTerminal).join('\n')}\n`)
  }
  if (candidates.length === 0) return EXIT.incomplete
  return findings.length === 0 ? EXIT.ok : EXIT.finding
}
