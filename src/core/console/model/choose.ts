/**
 * @module The model's setting from a host that was read, what is asked to be different, and the incident for what is neither;
 * with where each figure comes from.
 */
import { MIB, SECOND_MS } from '../../../base/units.ts'
import type { HostConsole } from '../cost.ts'
import type { LineStamp, PrintkSetting, ReportLine } from '../records.ts'
import type { Incident } from './host.ts'
import { INCIDENT, settingOf } from './host.ts'
import { planPrinting } from './printing.ts'
import type { Setting } from './setting.ts'

/** `asked`: by an option; `host`: read there; `assumed`: the incident's. */
export type From = 'asked' | 'host' | 'assumed'

/** Of a host; `null` for what could not be read. */
export interface HostFigures {
  readonly release: string | null
  readonly memoryBytes: number | null
  readonly consoles: readonly HostConsole[] | null
  readonly printk: PrintkSetting | null
  readonly dumpsTasks: boolean | null
  readonly stamp: LineStamp
  /** Rows of its task table. */
  readonly tasks: number | null
  /** With the task table. */
  readonly report: readonly ReportLine[] | null
}

export type Asked = Partial<Omit<Incident, 'isAdaptive' | 'others'>>

export const FIGURES = [
  'release',
  'tasks',
  'consoles',
  'printk',
  'dumpsTasks',
  'memoryBytes',
] as const
export type Figure = (typeof FIGURES)[number]

export interface Chosen {
  readonly setting: Setting
  /** Whose kernel's report it is, and its rows. */
  readonly release: string
  readonly tasks: number
  readonly from: Readonly<Record<Figure, From>>
}

/** A leak is taken to be fast enough for memory to be gone in so long. */
const GONE_WITHIN_SEC = 10
const LEAST_SEC = 60
const LONGEST_SEC = 3600

function pick<Value>(
  asked: Value | undefined,
  host: Value | null | undefined,
  assumed: Value,
): { readonly value: Value; readonly from: From } {
  if (asked !== undefined) return { value: asked, from: 'asked' }
  if (host !== null && host !== undefined) return { value: host, from: 'host' }
  return { value: assumed, from: 'assumed' }
}

/** Seconds that are enough for memory to run out and for all reports to be printed; an hour at most. */
export function longEnough(setting: Setting): number {
  const printMs = (lines: readonly ReportLine[]): number => {
    const { dumpMs, killLineMs } = planPrinting(lines, setting, setting.printk)
    return dumpMs + killLineMs
  }
  const { leakers, containers, memoryBytes, leakBytesPerSec } = setting
  const reportsMs =
    leakers * printMs(setting.report) + containers * printMs(setting.containerReport)
  const runOutSec = (memoryBytes / leakBytesPerSec) * Math.max(1, leakers)
  const seconds = Math.ceil(runOutSec + (1.2 * reportsMs) / SECOND_MS + 10)
  return Math.min(LONGEST_SEC, Math.max(LEAST_SEC, seconds))
}

/**
 * @param host `null`: the incident alone
 * @param asked what is to be different; a time that is not asked for is as long as it takes
 */
export function chooseSetting(host: HostFigures | null, asked: Asked): Chosen {
  const release = pick(asked.release, host?.release, INCIDENT.release)
  const tasks = pick(asked.tasks, host?.tasks, INCIDENT.tasks)
  const printk = pick(asked.printk, host?.printk, INCIDENT.printk)
  const dumpsTasks = pick(asked.dumpsTasks, host?.dumpsTasks, INCIDENT.dumpsTasks)
  const memory = pick(asked.memoryBytes, host?.memoryBytes, INCIDENT.memoryBytes)
  const containers = asked.containers ?? INCIDENT.containers
  // Who asks for containers and says nothing of other leaks means these alone.
  const leakers = asked.leakers ?? (containers > 0 ? 0 : INCIDENT.leakers)
  const fast = Math.round(memory.value / GONE_WITHIN_SEC / MIB) * MIB
  const model = settingOf({
    ...INCIDENT,
    ...asked,
    release: release.value,
    tasks: tasks.value,
    printk: printk.value,
    dumpsTasks: dumpsTasks.value,
    memoryBytes: memory.value,
    containers,
    leakers,
    leakBytesPerSec: asked.leakBytesPerSec ?? Math.max(INCIDENT.leakBytesPerSec, fast),
  })
  const consoles = pick(
    asked.bauds === undefined ? undefined : model.consoles,
    host?.consoles,
    model.consoles,
  )
  // The host's own names and zones, as long as nothing of its report is asked to be different.
  const isOwn = [release.from, tasks.from].every((from) => from === 'host')
  const report = (isOwn ? host?.report : undefined) ?? model.report
  const setting = {
    ...model,
    consoles: consoles.value,
    stamp: host?.stamp ?? model.stamp,
    report,
  }
  const seconds = asked.seconds ?? longEnough(setting)
  return {
    setting: { ...setting, seconds },
    release: release.value,
    tasks: tasks.value,
    from: {
      release: release.from,
      tasks: tasks.from,
      consoles: consoles.from,
      printk: printk.from,
      dumpsTasks: dumpsTasks.from,
      memoryBytes: memory.from,
    },
  }
}
