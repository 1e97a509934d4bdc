/** @module What helps, side by side: the same machine with one thing changed each. */
import { formatPrintk } from '../printk.ts'
import type { ReportPart } from '../records.ts'
import { shownParts } from './explain.ts'
import type { Setting } from './setting.ts'
import { simulate } from './simulate.ts'

export const REMEDY_IDS = [
  'none',
  'default-level',
  'level-4',
  'level-3',
  'no-table',
  'detach',
  'adaptive',
] as const
export type RemedyId = (typeof REMEDY_IDS)[number]

export interface RemedyRow {
  readonly id: RemedyId
  /** What is set. */
  readonly name: string
  readonly longestStallMs: number
  readonly reports: number
  /** On each console that is left. */
  readonly bytes: number
  /** Parts of the reports on the console; those of the first one for each kind. */
  readonly keeps: readonly ReportPart[]
  readonly loses: string
}

interface Remedy {
  readonly name: string
  readonly loses: string
  readonly apply: (setting: Setting) => Setting
}

/** The console's level is set; the others of the four only where they are given. */
function withPrintk(setting: Setting, consoleLevel: number, defaultLevel?: number): Setting {
  const { printk } = setting
  return {
    ...setting,
    isAdaptive: false,
    printk: { ...printk, consoleLevel, defaultLevel: defaultLevel ?? printk.defaultLevel },
  }
}

export const REMEDIES: Readonly<Record<RemedyId, Remedy>> = {
  none: {
    name: 'as it is',
    loses: 'nothing but the time',
    apply: (setting) => ({ ...setting, isAdaptive: false }),
  },
  'default-level': {
    name: 'kernel.printk = 5 7 1 7',
    loses: 'the bulk; it is in dmesg',
    apply: (setting) => withPrintk(setting, 5, 7),
  },
  'level-4': {
    name: 'kernel.printk = 4 4 1 7',
    loses: 'warnings; they are in dmesg',
    apply: (setting) => withPrintk(setting, 4, 4),
  },
  'level-3': {
    name: 'kernel.printk = 3 4 1 7',
    loses: 'errors too; all is in dmesg',
    apply: (setting) => withPrintk(setting, 3, 4),
  },
  'no-table': {
    name: 'vm.oom_dump_tasks = 0',
    loses: 'the table, in dmesg too',
    apply: (setting) => ({ ...setting, isAdaptive: false, dumpsTasks: false }),
  },
  detach: {
    name: 'serial lines detached',
    loses: 'all on them, panics too',
    apply: (setting) => ({
      ...setting,
      isAdaptive: false,
      consoles: setting.consoles.filter(
        ({ kind, isSynchronous }) => !(kind === 'uart' && isSynchronous),
      ),
    }),
  },
  adaptive: {
    name: 'adaptive console',
    loses: 'the bulk, near an OOM only',
    apply: (setting) => ({ ...setting, isAdaptive: true }),
  },
}

export function rowOf(id: RemedyId, setting: Setting): RemedyRow {
  const changed = REMEDIES[id].apply(setting)
  const outcome = simulate(changed)
  const { name, loses } = REMEDIES[id]
  const { consoles, longestStallMs, reports } = outcome
  return {
    id,
    name: id === 'none' ? `${name} (${formatPrintk(changed.printk)})` : name,
    longestStallMs,
    reports: reports.length,
    bytes: consoles[0]?.bytes ?? 0,
    keeps: shownParts(outcome),
    loses,
  }
}

function helps(row: RemedyRow, asIs: RemedyRow): boolean {
  const isShorter = row.longestStallMs < asIs.longestStallMs
  return isShorter || (row.longestStallMs === asIs.longestStallMs && row.bytes < asIs.bytes)
}

/** As it is, and each that makes the stall shorter, or prints less in the same time; in the order in which they are shown. */
export function compareRemedies(setting: Setting): readonly RemedyRow[] {
  const asIs = rowOf('none', setting)
  const others = REMEDY_IDS.filter((id) => id !== 'none').map((id) => rowOf(id, setting))
  return [asIs, ...others.filter((row) => helps(row, asIs))]
}
