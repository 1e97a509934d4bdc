/** @module What can be done about the freeze, side by side: seconds, and what each gives up. */
import type { Facts, PrintingChange, PrintingCost } from './facts.ts'
import { costOfPrinting } from './facts.ts'
import type { Fix } from './finding.ts'
import { sysctlFix, sysfsFix } from './finding.ts'
import type { SeenConsole } from './host-consoles.ts'
import { debugInLogs } from './log-filter.ts'
import { formatPrintk, isShown } from './printk.ts'
import type { QuietingHost } from './quieting.ts'
import { isCarriedWithout, leastLoss, planQuieting } from './quieting.ts'
import type { PrintkSetting } from './records.ts'

export const REMEDY_IDS = [
  'as-is',
  'default-level',
  'level-4',
  'detach',
  'no-table',
  'level-3',
  'adaptive',
] as const
export type RemedyId = (typeof REMEDY_IDS)[number]

export interface Remedy {
  readonly id: RemedyId
  /** What is set: `kernel.printk = 5 7 1 7`. */
  readonly name: string
  readonly printing: PrintingCost
  readonly keeps: string
  readonly loses: string
  readonly fix: Fix
}

/** A line that printk's caller waits for, or would wait for. */
export function serialConsoles({ consoles }: Facts): readonly SeenConsole[] {
  return consoles?.consoles.filter((one) => one.kind === 'uart' && one.isSynchronous) ?? []
}

export function networkConsoles({ consoles }: Facts): readonly SeenConsole[] {
  return consoles?.consoles.filter(({ kind }) => kind === 'network') ?? []
}

function keepsOf(printk: PrintkSetting, withTasks: boolean): string {
  const parts = [
    isShown(4, printk) ? 'header' : '',
    isShown('default', printk) ? 'stack and memory' : '',
    withTasks && isShown(6, printk) ? 'task table' : '',
    isShown(3, printk) ? 'kill line' : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

/** How a level of the console is lost on the network too. */
function alsoNetwork(facts: Facts): string {
  return networkConsoles(facts).length === 0 ? '' : '; netconsole loses the same'
}

interface Draft {
  readonly id: RemedyId
  readonly name: string
  readonly change: PrintingChange
  readonly keeps?: string
  readonly loses: string
  readonly fix: Fix
}

function printkDraft(
  id: RemedyId,
  facts: Facts,
  printk: PrintkSetting,
  levels: readonly [console: number, default_: number],
  loses: string,
): Draft {
  const wanted = { ...printk, consoleLevel: levels[0], defaultLevel: levels[1] }
  const text = formatPrintk(wanted)
  return {
    id,
    name: `kernel.printk = ${text}`,
    change: { printk: wanted },
    loses: `${loses}${alsoNetwork(facts)}`,
    fix: sysctlFix('kernel.printk', text),
  }
}

function detachDraft(facts: Facts, names: readonly string[]): Draft & { readonly keeps: string } {
  const fixes = names.map((name) => sysfsFix(`/sys/class/tty/${name}/console`, 0))
  const others = facts.consoles?.consoles.filter(({ name }) => !names.includes(name)) ?? []
  return {
    id: 'detach',
    name: `detach ${names.join(', ')}`,
    change: { without: names },
    keeps:
      others.length === 0 ? 'nothing' : `all of it on ${others.map(({ name }) => name).join(', ')}`,
    loses: `every kernel message on ${names.join(', ')}, panics too${isCarriedWithout(names, facts.consoles?.consoles ?? []) ? '' : '; /dev/console is then no device at all'}`,
    fix: {
      now: fixes.flatMap(({ now }) => now),
      persistent: fixes.flatMap(({ persistent }) => persistent),
      advice: '',
    },
  }
}

/** What the console guard would do here while an OOM is near: nothing is set for good. */
function adaptiveDrafts(facts: Facts, printk: PrintkSetting): readonly Draft[] {
  const plan = planQuieting(quietingHost(facts, printk))
  if (plan.remedy === 'none') return []
  const isDetached = plan.remedy === 'detach'
  return [
    {
      id: 'adaptive',
      name: 'agent --console-guard',
      change: isDetached ? { without: [plan.console] } : { printk: { ...printk, ...plan.set } },
      ...(isDetached ? { keeps: detachDraft(facts, [plan.console]).keeps } : {}),
      loses: `near an OOM only: ${plan.loses}`,
      fix: { now: [], persistent: [], advice: 'plimsoll agent --console-guard' },
    },
  ]
}

/** In the order in which they are shown; `null` where a report's cost cannot be counted. */
export function remediesOf(facts: Facts): readonly Remedy[] | null {
  const { printk } = facts
  if (printk === null) return null
  const serial = serialConsoles(facts)
    .filter(({ canDetach }) => canDetach)
    .map(({ name }) => name)
  const drafts: readonly Draft[] = [
    {
      id: 'as-is',
      name: 'as it is',
      change: {},
      loses: '',
      fix: { now: [], persistent: [], advice: '' },
    },
    printkDraft(
      'default-level',
      facts,
      printk,
      [5, 7],
      'stack, memory and table leave the console; dmesg and the journal keep them as debug',
    ),
    printkDraft('level-4', facts, printk, [4, 4], 'all warnings leave the console'),
    ...(serial.length === 0 ? [] : [detachDraft(facts, serial)]),
    {
      id: 'no-table',
      name: 'vm.oom_dump_tasks = 0',
      change: { withTasks: false },
      loses: 'the task table everywhere: nobody can check whom the kernel chose',
      fix: sysctlFix('vm.oom_dump_tasks', 0),
    },
    printkDraft('level-3', facts, printk, [3, printk.defaultLevel], 'errors and the kill line too'),
    ...adaptiveDrafts(facts, printk),
  ]
  const remedies = drafts.flatMap(({ change, ...draft }): readonly Remedy[] => {
    const printing = costOfPrinting(facts, change)
    const keeps =
      draft.keeps ?? keepsOf(change.printk ?? printk, change.withTasks ?? facts.dumpsTasks ?? true)
    return printing === null ? [] : [{ ...draft, keeps, printing }]
  })
  return remedies.length === 0 ? null : remedies
}

/** Whether a remedy makes the known wait shorter, or as long with less to print where a speed is not known. */
export function isBetter(remedy: Remedy, asIs: Remedy): boolean {
  const [one, other] = [remedy.printing, asIs.printing]
  if (one.waitMs !== other.waitMs) return one.waitMs < other.waitMs
  const bytes = ({ nominal, unknown }: PrintingCost): number =>
    unknown.length === 0 ? 0 : nominal.consoles.reduce((sum, console) => sum + console.bytes, 0)
  return bytes(one) < bytes(other)
}

/** Shorter than this is less than reclaim itself takes. */
export const SHORT_MS = 200

/** Whether the report takes long enough as it is to change anything. */
export function isWorthIt(remedies: readonly Remedy[]): boolean {
  const asIs = remedies.find(({ id }) => id === 'as-is')
  return asIs !== undefined && asIs.printing.waitMs >= SHORT_MS
}

/** The host as the order of remedies asks for it; a screen counts as slow where it was measured to be. */
function quietingHost(facts: Facts, printk: PrintkSetting): QuietingHost {
  const consoles = facts.consoles?.consoles ?? []
  const isScreenSlow = facts.measured?.isAsynchronous === false
  const { running } = facts
  return {
    printk,
    consoles: consoles.map(({ name, kind, isSynchronous, line }) => ({
      name,
      isSlow: isSynchronous && kind !== 'network' && (kind !== 'screen' || isScreenSlow),
      hasFlowControl: line?.hasFlowControl === true,
    })),
    log: debugInLogs(facts, {
      journald: running.has('systemd-journal'),
      rsyslog: running.has('rsyslogd'),
    }),
    detachable: consoles.filter(({ canDetach }) => canDetach).map(({ name }) => name),
  }
}

const IDS = { bulk: 'default-level', level: 'level-4', detach: 'detach' } as const

/** The one to set for good, by the order that the console guard has too; with a guard at work, none. */
export function bestRemedy(facts: Facts, remedies: readonly Remedy[]): Remedy | undefined {
  const { printk, guard } = facts
  if (printk === null || guard?.isAlive === true) return undefined
  const { remedy } = leastLoss(quietingHost(facts, printk), 'for-good')
  return remedy === 'none' ? undefined : remedies.find(({ id }) => id === IDS[remedy])
}
