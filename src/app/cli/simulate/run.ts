/** @module Runs the simulation and prints it: a sentence, the timeline, the picture, the remedies. */
import { escapeForTerminal } from '../../../base/escape.ts'
import { formatBytes } from '../../../base/format.ts'
import { eraOf } from '../../../core/console/era.ts'
import { formatStall, momentsOf, sentenceOf } from '../../../core/console/model/explain.ts'
import type { Incident } from '../../../core/console/model/host.ts'
import { settingOf } from '../../../core/console/model/host.ts'
import type { Outcome } from '../../../core/console/model/outcome.ts'
import type { RemedyRow } from '../../../core/console/model/remedies.ts'
import { compareRemedies } from '../../../core/console/model/remedies.ts'
import type { Setting } from '../../../core/console/model/setting.ts'
import { simulate } from '../../../core/console/model/simulate.ts'
import { formatPrintk } from '../../../core/console/printk.ts'
import { wrapText } from '../watch/text.ts'
import { drawRun } from './draw.ts'
import type { SimulateOptions } from './options.ts'
import { incidentOf } from './options.ts'
import { remedyTable } from './table.ts'

const WIDTH = 80
const MAX_MOMENTS = 20
/** Column in which what happened begins. */
const TIME = 9

export interface Result {
  readonly incident: Incident
  readonly setting: Setting
  readonly outcome: Outcome
  readonly remedies: readonly RemedyRow[]
}

/** What it was modelled from, in one line. */
function basis({ incident }: Result): string {
  const { release, tasks, bauds, printk, dumpsTasks, memoryBytes } = incident
  const { likeRelease, isExact } = eraOf(release)
  const kernel = isExact
    ? `Linux ${likeRelease}`
    : `Linux ${release}, taken to print as ${likeRelease}`
  const lines = bauds.map((baud, number) => `ttyS${number} at ${baud} baud`).join(' and ')
  return [
    kernel,
    `${tasks} tasks`,
    lines,
    `kernel.printk ${formatPrintk(printk)}`,
    `vm.oom_dump_tasks ${dumpsTasks ? 1 : 0}`,
    `${formatBytes(memoryBytes)} for programs`,
  ].join(', ')
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
  const { incident, setting, outcome, remedies } = result
  const picture = drawRun(outcome, setting.seconds, setting.restartSec !== null)
  return [
    ...wrapText(sentenceOf(setting, outcome), WIDTH),
    ...wrapText(`Modelled: ${basis(result)}; seed ${incident.seed}.`, WIDTH),
    '',
    ...moments(result),
    ...(picture.length === 0 ? [] : ['', ...picture]),
    '',
    ...remedyTable(remedies),
  ].map(escapeForTerminal)
}

/** The document of `--json`. */
export function documentOf({ incident, setting, outcome, remedies }: Result): object {
  const { printk, ...figures } = incident
  return {
    schema: 'plimsoll.simulate/1',
    sentence: sentenceOf(setting, outcome),
    setting: { ...figures, printk: formatPrintk(printk), mechanics: setting.mechanics },
    outcome,
    remedies,
  }
}

export function simulateAll(incident: Incident): Result {
  const setting = settingOf(incident)
  return { incident, setting, outcome: simulate(setting), remedies: compareRemedies(setting) }
}

export function runSimulate(options: SimulateOptions): void {
  const result = simulateAll(incidentOf(options))
  const text =
    options.json === true ? JSON.stringify(documentOf(result)) : sayResult(result).join('\n')
  process.stdout.write(`${text}\n`)
}
