/** @module Runs the simulation and prints it: a sentence, the timeline, the picture, the remedies. */
import { PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import { formatBytes } from '../../../base/format.ts'
import { MIB } from '../../../base/units.ts'
import { leastBytes } from '../../../core/console/model/actor.ts'
import { basisOf } from '../../../core/console/model/basis.ts'
import type { Asked, Chosen, HostFigures } from '../../../core/console/model/choose.ts'
import { chooseSetting, longEnough } from '../../../core/console/model/choose.ts'
import { formatStall, momentsOf, sentenceOf } from '../../../core/console/model/explain.ts'
import { LOUD } from '../../../core/console/model/host.ts'
import type { Doubt } from '../../../core/console/model/host-figures.ts'
import type { Outcome } from '../../../core/console/model/outcome.ts'
import type { RemedyRow } from '../../../core/console/model/remedies.ts'
import { compareRemedies } from '../../../core/console/model/remedies.ts'
import type { Setting } from '../../../core/console/model/setting.ts'
import { simulate } from '../../../core/console/model/simulate.ts'
import { formatPrintk, isShown } from '../../../core/console/printk.ts'
import { rootOf } from '../saved-tree.ts'
import { wrapText } from '../watch/text.ts'
import { drawRun } from './draw.ts'
import type { SimulateOptions } from './options.ts'
import { readHost } from './read-host.ts'
import { remedyTable } from './table.ts'

const WIDTH = 80
const MAX_MOMENTS = 20
/** KERN_INFO: dump_task (mm/oom_kill.c). */
const TABLE_LEVEL = 6
/** Column in which what happened begins. */
const TIME = 9

export interface Result extends Chosen {
  readonly outcome: Outcome
  readonly remedies: readonly RemedyRow[]
  /** What of the host may be otherwise than it was read; sentences. */
  readonly doubts: readonly string[]
}

function defined<Value>(name: keyof Asked, value: Value | undefined): Asked {
  return value === undefined ? {} : { [name]: value }
}

function askedOf(options: SimulateOptions): Asked {
  return {
    ...defined('release', options.kernel),
    ...defined('memoryBytes', options.memory),
    ...defined('tasks', options.tasks),
    ...defined('bauds', options.baud),
    ...defined('printk', options.printk),
    ...defined('dumpsTasks', options.oomDumpTasks),
    ...defined('leakers', options.leakers),
    ...defined('leakBytesPerSec', options.rate),
    ...defined('restartSec', options.restart),
    ...defined('containers', options.containers),
    ...defined('containerLimitBytes', options.containerMemory),
    ...defined('seconds', options.seconds),
    ...defined('seed', options.seed),
  }
}

/** @throws PLM_USAGE where what is asked for would stand still without any report */
function checkMemory(options: SimulateOptions, setting: Setting): void {
  const { memoryBytes, containerLimitBytes } = leastBytes(setting)
  for (const [option, asked, least] of [
    ['--memory', options.memory, memoryBytes],
    ['--container-memory', options.containerMemory, containerLimitBytes],
  ] as const) {
    if (asked === undefined || asked >= least) continue
    throw new PlimsollError(
      'PLM_USAGE',
      `${option}: expected ${least / MIB}MiB or more, which its own processes need that do not leak`,
    )
  }
}

/** @throws PLM_USAGE */
export function simulateAll(
  host: HostFigures | null,
  options: SimulateOptions,
  allDoubts: readonly Doubt[] = [],
): Result {
  const chosen = chooseSetting(host, askedOf(options))
  const { setting, from } = chosen
  checkMemory(options, setting)
  const doubts = allDoubts.filter(({ about }) => from[about] === 'host').map(({ text }) => text)
  return { ...chosen, doubts, outcome: simulate(setting), remedies: compareRemedies(setting) }
}

/** Where each figure comes from. */
function basis(result: Result): readonly string[] {
  const { setting, doubts } = result
  const leak = `Each leak takes ${formatBytes(setting.leakBytesPerSec)}/s; seed ${setting.seed}.`
  return [...basisOf(result), leak, ...doubts].flatMap((text) => wrapText(text, WIDTH))
}

/** Why the number of tasks that was asked for changes nothing, and how long the stall would be if it did. */
function tasksHint({ setting, from }: Result): readonly string[] {
  const { printk, dumpsTasks } = setting
  if (from.tasks !== 'asked' || (dumpsTasks && isShown(TABLE_LEVEL, printk))) return []
  const loud = { ...setting, printk: LOUD, dumpsTasks: true }
  const why = dumpsTasks ? `kernel.printk ${formatPrintk(printk)}` : 'vm.oom_dump_tasks 0'
  const seconds = Math.max(setting.seconds, longEnough(loud))
  const stall = formatStall(simulate({ ...loud, seconds }).longestStallMs)
  return wrapText(
    `--tasks changes nothing, since ${why} keeps the task table off the consoles; with the kernel's defaults, kernel.printk ${formatPrintk(LOUD)} and vm.oom_dump_tasks 1, the longest stall would be ${stall}.`,
    WIDTH,
  )
}

function moments({ outcome }: Result): readonly string[] {
  const all = momentsOf(outcome)
  const shown = all.slice(0, MAX_MOMENTS).flatMap(({ atMs, text }) => {
    const [first = '', ...rest] = wrapText(text, WIDTH - TIME)
    const time = formatStall(atMs).padStart(TIME - 2)
    return [`${time}  ${first}`, ...rest.map((line) => `${' '.repeat(TIME)}${line}`)]
  })
  const more = all.length - MAX_MOMENTS + outcome.moreEvents
  return more > 0 ? [...shown, `and ${more} more`] : shown
}

/** Safe lines of at most 80 columns, a sentence first. */
export function sayResult(result: Result): readonly string[] {
  const { setting, outcome, remedies } = result
  const picture = drawRun(outcome, setting.seconds, setting.restartSec !== null)
  return [
    ...wrapText(sentenceOf(setting, outcome), WIDTH),
    ...basis(result),
    ...tasksHint(result),
    '',
    ...moments(result),
    ...(picture.length === 0 ? [] : ['', ...picture]),
    '',
    ...remedyTable(remedies),
  ].map(escapeForTerminal)
}

/** The document of `--json`. */
export function documentOf(result: Result): object {
  const { setting, outcome, remedies, from, doubts, release, tasks } = result
  const { printk, report, containerReport, ...figures } = setting
  return {
    schema: 'plimsoll.simulate/1',
    sentence: sentenceOf(setting, outcome),
    setting: { release, tasks, ...figures, printk: formatPrintk(printk) },
    from,
    doubts,
    outcome,
    remedies,
  }
}

export function runSimulate(options: SimulateOptions): void {
  const host = options.incident === true ? null : readHost(rootOf(options.root))
  const result = simulateAll(host?.figures ?? null, options, host?.doubts)
  const text =
    options.json === true ? encodeJsonLine(documentOf(result)) : sayResult(result).join('\n')
  process.stdout.write(`${text}\n`)
}
