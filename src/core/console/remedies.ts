/** @module What can be done about the freeze, side by side: seconds, and what each gives up. */
import type { Facts, PrintingChange, PrintingCost } from './facts.ts'
import { costOfPrinting } from './facts.ts'
import type { Fix } from './finding.ts'
import { sysctlFix, sysfsFix } from './finding.ts'
import type { SeenConsole } from './host-consoles.ts'
import { formatPrintk, isShown } from './printk.ts'
import type { PrintkSetting } from './records.ts'

export const REMEDY_IDS = [
  'as-is',
  'default-level',
  'level-4',
  'detach',
  'no-table',
  'level-3',
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

function detachDraft(facts: Facts, serial: readonly SeenConsole[]): Draft {
  const names = serial.map(({ name }) => name)
  const fixes = names.map((name) => sysfsFix(`/sys/class/tty/${name}/console`, 0))
  const others = facts.consoles?.consoles.filter(({ name }) => !names.includes(name)) ?? []
  return {
    id: 'detach',
    name: `detach ${names.join(', ')}`,
    change: { without: names },
    keeps:
      others.length === 0 ? 'nothing' : `all of it on ${others.map(({ name }) => name).join(', ')}`,
    loses: `every kernel message on ${names.join(', ')}, panics too${isCarriedWithout(facts, names) ? '' : '; /dev/console is then no device at all'}`,
    fix: {
      now: fixes.flatMap(({ now }) => now),
      persistent: fixes.flatMap(({ persistent }) => persistent),
      advice: '',
    },
  }
}

/** In the order in which they are shown; `null` where a report's cost cannot be counted. */
export function remediesOf(facts: Facts): readonly Remedy[] | null {
  const { printk } = facts
  if (printk === null) return null
  const serial = serialConsoles(facts).filter(({ canDetach }) => canDetach)
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
  ]
  const remedies = drafts.flatMap(({ change, ...draft }): readonly Remedy[] => {
    const printing = costOfPrinting(facts, change)
    const keeps =
      draft.keeps ?? keepsOf(change.printk ?? printk, change.withTasks ?? facts.dumpsTasks ?? true)
    return printing === null ? [] : [{ ...draft, keeps, printing }]
  })
  return remedies.length === 0 ? null : remedies
}

/** Shorter than this is less than reclaim itself takes. */
export const SHORT_MS = 200

/** Whether the report takes long enough as it is to change anything. */
export function isWorthIt(remedies: readonly Remedy[]): boolean {
  const asIs = remedies.find(({ id }) => id === 'as-is')
  return asIs !== undefined && asIs.printing.waitMs >= SHORT_MS
}

/** Without its serial lines: has /dev/console, and a panic, still somewhere to go? */
export function isCarriedWithout(facts: Facts, names: readonly string[]): boolean {
  return (facts.consoles?.consoles ?? []).some(
    ({ name, kind }) => kind !== 'network' && !names.includes(name),
  )
}

/**
 * The one to take: where the network listens, the line alone goes, since a level is one for all consoles; else
 * header and kill line stay on the console. A line with a handshake may take a second for each byte: it goes as
 * a whole.
 */
export function bestRemedy(facts: Facts, remedies: readonly Remedy[]): Remedy | undefined {
  const byId = (id: RemedyId): Remedy | undefined => remedies.find((one) => one.id === id)
  const detach = byId('detach')
  const names = serialConsoles(facts).map(({ name }) => name)
  const isCarried = isCarriedWithout(facts, names)
  const waitsForOther = serialConsoles(facts).some(({ line }) => line?.hasFlowControl === true)
  const isWanted = waitsForOther || (networkConsoles(facts).length > 0 && isCarried)
  return isWanted && detach !== undefined ? detach : byId('default-level')
}
