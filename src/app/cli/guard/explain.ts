/** @module `plimsoll guard --explain`: who would have to go now, why, and why not the others. */
import { EXIT, type ExitCode, PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import { formatBytes, formatDuration } from '../../../base/format.ts'
import { choose, kernelChoice } from '../../../core/guard/choose.ts'
import { narrowToGroup } from '../../../core/guard/group.ts'
import type { Candidate, Choice, HostState, Shortage } from '../../../core/guard/records.ts'
import type { Lint } from '../../../core/guard/rules.ts'
import { lintRules } from '../../../core/guard/rules.ts'
import { judgeShortage } from '../../../core/guard/shortage.ts'
import type { GuardFlags } from './flags.ts'
import type { Observed } from './observe.ts'
import { observe } from './observe.ts'
import { readGuardConfig, rulesOf } from './settings.ts'

const MOST_RIVALS = 8
const MOST_SPARED = 6
const MOST_TOLD = 256

interface Explained {
  readonly observed: Observed
  /** Of the host, or of the group that was named. */
  readonly state: HostState
  readonly shortage: Shortage
  readonly choice: Choice
  readonly lints: readonly Lint[]
}

function nameOf({ name, pid }: Candidate): string {
  return `${name.trim() === '' ? '(no name)' : name} ${pid}`
}

/** The conclusion. Names in it are not escaped yet. */
export function sayChoice({ pool, ranking }: Choice, shortage: Shortage): string {
  const now = shortage.severity === 'calm' ? 'Memory is enough' : 'Memory is short'
  const state = `${now}, ${shortage.why}`
  if (pool !== null) {
    return `${state}: nobody would be ended, since ${formatBytes(pool.bytes)} are ${pool.name}, which no process gives back`
  }
  const [victim] = ranking
  if (victim === undefined) return `${state}: there is nobody who may be ended`
  const when = shortage.severity === 'calm' ? 'if it ran out as things are, ' : ''
  return `${state}: ${when}${nameOf(victim.candidate)} would have to go: ${victim.why}`
}

/** Whom the kernel would end, where that is another. */
function sayKernel(state: HostState, { pool, ranking }: Choice): string | null {
  const kernels = kernelChoice(state)
  if (kernels === null) return null
  const own = pool === null ? ranking[0]?.candidate : undefined
  if (own?.pid === kernels.pid) return 'The kernel would choose the same.'
  return `The kernel would end ${nameOf(kernels)}, by its size and oom_score_adj.`
}

/** @throws PlimsollError PLM_USAGE: there is no such group, or it has no limit */
function narrow({ state, snapshot }: Observed, path: string): HostState {
  const group = snapshot.rows.find((row) => row.kind === 'cgroup' && row.cgroup === path)
  if (group?.limit == null || group.limit.kind !== 'cgroup') {
    const got = group === undefined ? 'there is none that holds memory' : 'it has none'
    throw new PlimsollError(
      'PLM_USAGE',
      `--cgroup: expected a group with a limit that is reached before the host's, got ${path}: ${got}`,
    )
  }
  const { headroomBytes } = group.limit
  const limitBytes = group.levelBytes + headroomBytes
  return narrowToGroup(state, { path, limitBytes, roomBytes: headroomBytes })
}

function row(candidate: Candidate, why: string): string {
  return `  ${nameOf(candidate).padEnd(28)} ${formatBytes(candidate.levelBytes).padStart(9)}  ${why}`
}

function page({ observed, state, shortage, choice, lints }: Explained): string {
  const { snapshot, watchedSec } = observed
  const [victim, ...rivals] = choice.ranking
  const lines = [`${sayChoice(choice, shortage)}.`, '']
  if (victim !== undefined) {
    lines.push(choice.pool === null ? 'First' : 'First, if somebody had to')
    lines.push(row(victim.candidate, victim.why), '')
  }
  const kernels = sayKernel(state, choice)
  if (kernels !== null) lines.push(kernels, '')
  if (rivals.length > 0) {
    lines.push('Then, and why not before')
    for (const { candidate, why } of rivals.slice(0, MOST_RIVALS)) lines.push(row(candidate, why))
    if (rivals.length > MOST_RIVALS) lines.push(`  and ${rivals.length - MOST_RIVALS} more`)
    lines.push('')
  }
  if (choice.spared.length > 0) {
    lines.push('Never')
    for (const { candidate, why } of choice.spared.slice(0, MOST_SPARED)) {
      lines.push(row(candidate, why))
    }
    const more = choice.spared.length - MOST_SPARED
    if (more > 0) lines.push(`  and ${more} more`)
    lines.push('')
  }
  for (const { list, rule, why } of lints) lines.push(`Rule [guard] ${list} ${rule}: ${why}`)
  if (lints.length > 0) lines.push('')
  const source = snapshot.from === 'agent' ? "a running agent's figures" : 'own samples'
  lines.push(`By ${source}, growth over ${formatDuration(watchedSec)}.`)
  if (!snapshot.privileged && snapshot.from === 'own') {
    lines.push("Without root other users' executables are not seen: who is protected goes by name.")
  }
  return lines.map(escapeForTerminal).join('\n')
}

/** `plimsoll.guard-explain/1`; docs/guard.md describes it. */
function makeDocument({ observed, state, shortage, choice, lints }: Explained) {
  const { snapshot, watchedSec } = observed
  return {
    schema: 'plimsoll.guard-explain/1',
    sentence: sayChoice(choice, shortage),
    from: snapshot.from,
    watchedSec,
    shortage: {
      ...shortage,
      // JSON has no Infinity.
      lastsSec: Number.isFinite(shortage.lastsSec) ? shortage.lastsSec : null,
    },
    memory: state.memory,
    victim: choice.pool === null ? (choice.ranking[0] ?? null) : null,
    kernelsChoice: kernelChoice(state),
    pool: choice.pool,
    ranking: choice.ranking.slice(0, MOST_TOLD),
    spared: choice.spared.slice(0, MOST_TOLD),
    rulesWithoutEffect: lints,
  }
}

export async function explain(flags: GuardFlags): Promise<ExitCode> {
  const rules = rulesOf(readGuardConfig(flags.config))
  const observed = await observe(flags)
  const { own, snapshot } = observed
  const state = flags.cgroup === undefined ? observed.state : narrow(observed, flags.cgroup)
  const shortage = judgeShortage(state.memory)
  const explained: Explained = {
    observed,
    state,
    shortage,
    choice: choose(state, shortage, { rules, own, skip: new Set() }),
    lints: lintRules(rules, observed.state.candidates),
  }
  const text = flags.json ? encodeJsonLine(makeDocument(explained)) : page(explained)
  process.stdout.write(`${text}\n`)
  if (!snapshot.connected || observed.state.candidates.length === 0) return EXIT.incomplete
  return shortage.severity === 'calm' ? EXIT.ok : EXIT.finding
}
