/** @module A run in words: the sentence that comes first, and what happened one after the other. */
import { formatBytes } from '../../../base/format.ts'
import { SECOND_MS } from '../../../base/units.ts'
import type { HostConsole } from '../cost.ts'
import type { ReportPart } from '../records.ts'
import { REPORT_PARTS } from '../records.ts'
import { STALL_MS } from './actor.ts'
import type { ModelEvent, Outcome, ReportOutcome } from './outcome.ts'
import type { Setting } from './setting.ts'

const PART_WORDS: Readonly<Record<ReportPart, string>> = {
  header: 'header',
  stack: 'stack',
  'mem-info': 'memory',
  memcg: "the cgroup's counters",
  'slab-table': 'slab',
  'task-table': 'task table',
  summary: 'summary',
  kill: 'kill line',
}

/** Seconds with two digits after the point below ten, one above. */
export function formatStall(ms: number): string {
  const seconds = ms / 1000
  return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `header, task table and kill line`; `nothing` for none. */
export function sayParts(parts: readonly ReportPart[]): string {
  return parts.length === 0 ? 'nothing' : listed(parts.map((part) => PART_WORDS[part]))
}

/** What stands on the consoles of all reports, in the kernel's order. */
export function shownParts({ reports, consoles }: Outcome): readonly ReportPart[] {
  if (consoles.length === 0) return []
  const shown = new Set(reports.flatMap(({ parts }) => parts).map(({ part }) => part))
  return REPORT_PARTS.filter((part) => shown.has(part))
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/** Waited for, for nobody knows how long. What the network takes is no danger. */
function unknownConsoles({ consoles }: Setting): readonly HostConsole[] {
  return consoles.filter(
    ({ kind, isSynchronous, cost }) =>
      isSynchronous && cost.from === 'unknown' && kind !== 'network',
  )
}

/** A screen is seldom slow; of any other console whose speed is not known that cannot be said. */
function isDangerous({ kind }: HostConsole): boolean {
  return kind !== 'screen'
}

/** How bad it is: `unknown` where a console is waited for that may be slow or not. */
export function gravityOf(
  setting: Setting,
  outcome: Outcome,
): 'none' | 'short' | 'unknown' | 'long' {
  const { longestStallMs, consoles } = outcome
  if (longestStallMs >= 1000) return 'long'
  if (longestStallMs >= STALL_MS) return 'short'
  const isShown = (consoles[0]?.bytes ?? 0) > 0
  return isShown && unknownConsoles(setting).some(isDangerous) ? 'unknown' : 'none'
}

/** Of a machine whose reports cost nothing: that, and why. */
export function calmSentenceOf({ consoles }: Setting, outcome: Outcome): string {
  const waited = consoles.filter(({ isSynchronous }) => isSynchronous)
  const names = listed(consoles.map(({ name }) => name))
  const why = (): string => {
    if (consoles.length === 0) return 'the kernel prints on none'
    if (waited.length === 0) return `nobody waits for ${names}`
    if ((outcome.consoles[0]?.bytes ?? 0) === 0)
      return `kernel.printk keeps its report off ${names}`
    return `all that is printed takes less than ${formatStall(STALL_MS)}`
  }
  return `An OOM would cost nothing on these consoles: ${why()}.`
}

/** Who leaks, and where. */
function leakWords({ leakers, containers }: Setting): string {
  const words = [
    leakers > 0 ? counted(leakers, 'leaking process', 'leaking processes') : '',
    containers > 0 ? `a leak in ${counted(containers, 'container')}` : '',
  ].filter((word) => word !== '')
  return words.length === 0 ? 'nothing leaks' : words.join(' and ')
}

/** The conclusion: for how long everybody stands still, and for what. */
export function sentenceOf(setting: Setting, outcome: Outcome): string {
  const { reports, longestStallMs, consoles } = outcome
  const who = leakWords(setting)
  if (reports.length === 0) {
    return `Memory does not run out within ${setting.seconds} s: ${who}.`
  }
  const waiting = consoles.filter(({ isSynchronous }) => isSynchronous)
  const bytes = consoles[0]?.bytes ?? 0
  const printed =
    waiting.length === 0
      ? 'no console is waited for'
      : `${formatBytes(bytes)} on ${listed(waiting.map(({ name }) => name))}`
  const why = `${who}, ${counted(reports.length, 'OOM report')}, ${printed}`
  const unknown = bytes === 0 ? [] : unknownConsoles(setting)
  const speeds = listed(unknown.map(({ name }) => name))
  if (longestStallMs < STALL_MS && unknown.some(isDangerous)) {
    return `For how long who needs memory stands still is not known, since the speed of ${speeds} is not: ${why}.`
  }
  if (longestStallMs < STALL_MS) {
    return `Nobody stands still for as long as ${STALL_MS / SECOND_MS} s: ${why}.`
  }
  const stall = formatStall(longestStallMs)
  return unknown.length === 0
    ? `Who needs memory stands still for up to ${stall}: ${why}.`
    : `Who needs memory stands still for ${stall}, beside what ${speeds} may take: ${why}.`
}

export interface Moment {
  readonly atMs: number
  readonly text: string
}

function reportWords(report: ReportOutcome): string {
  const { printer, kind, container, parts, victim, isFull } = report
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const lines = parts.reduce((sum, part) => sum + part.lines, 0)
  const whose = kind === 'global' ? 'of the machine' : `of container ${(container ?? 0) + 1}`
  const what = isFull ? `a report ${whose}` : `no report ${whose} (10 within 5 s are the limit)`
  const size =
    lines === 0 ? 'nothing of it on a console' : `${counted(lines, 'line')}, ${formatBytes(bytes)}`
  return `${printer} holds oom_lock and prints ${what}: ${size}; ${victim} is to die`
}

function eventWords(event: ModelEvent, reports: readonly ReportOutcome[]): string | null {
  switch (event.what) {
    case 'short':
      return event.container === null
        ? `no memory is left: ${event.who} waits`
        : `container ${event.container + 1} is at its limit: ${event.who} waits`
    case 'report-begins': {
      const report = reports[event.report]
      return report === undefined ? null : reportWords(report)
    }
    case 'killed': {
      const report = reports[event.report]
      return report === undefined
        ? null
        : `${report.victim} gets SIGKILL, ${formatStall(event.atMs - report.fromMs)} after it was chosen`
    }
    case 'report-ends':
      return null
    case 'freed':
      return `${formatBytes(event.bytes)} of ${event.who} are free again`
    case 'quieted':
      return `memory is short: the agent sets kernel.printk to ${event.printk}`
    case 'restored':
      return `memory is back: the agent restores kernel.printk to ${event.printk}`
    case 'restarted':
      return `${event.who} is started again`
  }
}

/** What happened, without what repeats: of those who find no memory, the first before each report. */
export function momentsOf({ events, reports }: Outcome): readonly Moment[] {
  let isKnown = false
  return events.flatMap((event) => {
    if (event.what === 'freed') isKnown = false
    if (event.what === 'short' && isKnown) return []
    if (event.what === 'short') isKnown = true
    const text = eventWords(event, reports)
    return text === null ? [] : [{ atMs: event.atMs, text }]
  })
}
