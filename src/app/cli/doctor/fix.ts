/** @module `plimsoll doctor --fix` and `--undo`: shows what would be written, asks, and writes it. */
import type { ExitCode } from '../../../base/errors.ts'
import { EXIT, PlimsollError } from '../../../base/errors.ts'
import type { Facts } from '../../../core/console/facts.ts'
import type { Finding } from '../../../core/console/finding.ts'
import type { DropInKind } from '../../../core/console/fix/drop-in.ts'
import { blockOf, DROP_IN_KINDS } from '../../../core/console/fix/drop-in.ts'
import { laterFiles } from '../../../core/console/fix/later.ts'
import type { FixPlan } from '../../../core/console/fix/plan.ts'
import { isEmptyPlan, planFix } from '../../../core/console/fix/plan.ts'
import type { UndoPlan } from '../../../core/console/fix/undo.ts'
import { planUndo } from '../../../core/console/fix/undo.ts'
import { openUndoStore } from '../../../io/undo/undo-store.ts'
import { readHostIdentity } from '../../../linux/identity.ts'
import { openKernelSettings } from '../../../linux/kernel-setting.ts'
import { readStartTicks } from '../../../linux/start-ticks.ts'
import { agrees } from './agree.ts'
import type { Faults, FixHost } from './carry-out.ts'
import { beforeOf, carryOutFix, carryOutUndo, endSilence } from './carry-out.ts'
import { formatChanges, formatSentences, joinLines, sayNothing } from './fix-text.ts'

/** This host; only root may. */
function openHost(flag: '--fix' | '--undo'): FixHost {
  if (process.getuid?.() !== 0) {
    throw new PlimsollError('PLM_PERMISSION', 'only root may change settings of the kernel', {
      hint: `Run it as root: sudo plimsoll doctor ${flag}`,
    })
  }
  const bootId = readHostIdentity().bootId
  return {
    bootId,
    store: openUndoStore(''),
    settings: openKernelSettings(''),
    isRunning: (pid, startTicks) => readStartTicks('/proc', pid) === startTicks,
  }
}

/** What a run that was killed has left silent; while another one is at it, it is that one's. */
async function endEarlierSilence(host: FixHost): Promise<Faults> {
  return host.store.readJournal().silenced === null
    ? []
    : await host.store.underLock(() => endSilence(host))
}

/** A person who presses Ctrl-C does not want half of it. */
function undisturbed(work: () => Faults): Faults {
  const ignore = (): void => {}
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, ignore)
  try {
    return work()
  } finally {
    for (const signal of signals) process.off(signal, ignore)
  }
}

interface Deed<Plan extends FixPlan | UndoPlan> {
  readonly host: FixHost
  plan(): Plan
  carryOut(plan: Plan): Faults
  /** Whether there is an end to be made of it even where nothing is written. */
  readonly hasEnd: (plan: Plan) => boolean
  /** Told with the plan, before anything is asked. */
  readonly notes: (plan: Plan) => readonly string[]
  /** What was asked for and is not done, whoever agrees. */
  readonly left: (plan: Plan) => readonly string[]
  readonly nothing: string
  readonly done: string
}

/** As it was shown, or not at all. */
async function act<Plan extends FixPlan | UndoPlan>(deed: Deed<Plan>, plan: Plan): Promise<Faults> {
  return await deed.host.store.underLock(() => {
    if (JSON.stringify(deed.plan()) !== JSON.stringify(plan)) {
      throw new PlimsollError('PLM_UNDO', 'somebody changed these settings meanwhile', {
        hint: 'Nothing was written. Run it again.',
      })
    }
    return undisturbed(() => deed.carryOut(plan))
  })
}

async function show<Plan extends FixPlan | UndoPlan>(
  deed: Deed<Plan>,
  isAgreed: boolean,
): Promise<ExitCode> {
  const { stdout } = process
  const plan = deed.plan()
  const notes = deed.notes(plan)
  const changes = formatChanges(plan)
  const hasWork = !isEmptyPlan(plan)
  stdout.write(joinLines([...(hasWork ? changes : [deed.nothing]), ...notes]))
  if (!hasWork) {
    const faults = deed.hasEnd(plan) ? await act(deed, plan) : []
    if (faults.length > 0) stdout.write(joinLines(formatSentences('Not done', faults)))
    return deed.left(plan).length + faults.length === 0 ? EXIT.ok : EXIT.incomplete
  }
  if (!isAgreed && !(await agrees('Write this?'))) {
    stdout.write('Nothing was written; --yes writes it.\n')
    return EXIT.finding
  }
  const faults = await act(deed, plan)
  if (faults.length === 0) {
    stdout.write(`${deed.done}\n`)
    return deed.left(plan).length === 0 ? EXIT.ok : EXIT.incomplete
  }
  stdout.write(joinLines(formatSentences('Not done', faults)))
  return EXIT.incomplete
}

function chosen(findings: readonly Finding[], ids: readonly string[]): readonly Finding[] {
  return ids.length === 0
    ? findings.filter(({ severity }) => severity !== 'note')
    : findings.filter(({ id }) => ids.includes(id))
}

function fixNotes(facts: Facts, findings: readonly Finding[], plan: FixPlan): readonly string[] {
  const later = DROP_IN_KINDS.flatMap((kind) =>
    findings.flatMap(({ id, fix }) => {
      const block = blockOf(id, fix.persistent, kind)
      return block === null ? [] : laterFiles(facts, kind, block)
    }),
  )
  const doing = new Set([...plan.settings.map(({ id }) => id)])
  const costs = findings.filter(({ id, givesUp }) => doing.has(id) && givesUp !== '')
  return [
    ...formatSentences(
      'What it gives up',
      costs.map(({ id, givesUp }) => `${id}: ${givesUp}`),
    ),
    ...formatSentences('In the way', [...plan.skipped, ...later]),
    ...formatSentences(
      'Left to you',
      findings.filter(({ fix }) => fix.advice !== '').map(({ id, fix }) => `${id}: ${fix.advice}`),
    ),
  ]
}

/** @param ids that are known; those of which nothing was found are told */
export async function runFix(
  facts: Facts,
  findings: readonly Finding[],
  ids: readonly string[],
  isAgreed: boolean,
): Promise<ExitCode> {
  const host = openHost('--fix')
  const faults = await endEarlierSilence(host)
  const wanted = chosen(findings, ids)
  const healthy = ids.filter((id) => !wanted.some((finding) => finding.id === id))
  return await show<FixPlan>(
    {
      host,
      plan: () => planFix(wanted, beforeOf(host)),
      carryOut: (plan) => carryOutFix(plan, host),
      hasEnd: () => false,
      notes: (plan) => [
        ...formatSentences('Not done', faults),
        ...formatSentences(
          'Nothing to fix',
          healthy.map((id) => `${id} finds nothing.`),
        ),
        ...fixNotes(facts, wanted, plan),
      ],
      left: ({ skipped }) => [...faults, ...skipped],
      nothing: sayNothing(ids.length === 0 ? findings : []),
      done: 'Done. `plimsoll doctor --undo` takes it back.',
    },
    isAgreed,
  )
}

/** Who reads a file at its start alone, and is to be told that it changed. */
const RESTARTS: Readonly<Partial<Record<DropInKind, string>>> = {
  journald: 'Then: systemctl restart systemd-journald.',
  systemd: 'Then: systemctl daemon-reexec.',
}

export async function runUndo(ids: readonly string[], isAgreed: boolean): Promise<ExitCode> {
  const host = openHost('--undo')
  const faults = await endEarlierSilence(host)
  return await show<UndoPlan>(
    {
      host,
      plan: () => planUndo(ids, beforeOf(host)),
      carryOut: (plan) => carryOutUndo(plan, host),
      hasEnd: ({ ids: ended, endsGuard }) => ended.length > 0 || endsGuard,
      notes: (plan) => [
        ...formatSentences('Not done', faults),
        ...formatSentences('Left as it is', plan.left),
        ...formatSentences(
          'Left to you',
          plan.files.map(({ kind }) => RESTARTS[kind] ?? ''),
        ),
      ],
      left: ({ left }) => [...faults, ...left],
      nothing: 'There is nothing to take back.',
      done: 'Done: all of this is as it was.',
    },
    isAgreed,
  )
}
