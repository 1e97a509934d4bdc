/** @module What happened in a run, on one clock: the moments, the line, and how long others stood still. Pure. */
import type { ConsoleLine } from '../machine/console-text.ts'
import type { GuestEvent } from '../machine/events.ts'
import { findReports } from '../machine/felt.ts'
import type { Guest } from '../machine/guest.ts'
import type { Ending, GuestRun } from '../machine/run.ts'
import { findPrintedOoms, type LogLine, type PrintedOom, parseKernelLines } from './printed.ts'
import { computeOutcomes, type Kept, keptIn, type Outcome, partOf } from './what-if.ts'

/** From one moment to another, in milliseconds since the machine was switched on. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

export interface Moment {
  readonly atMs: number
  readonly what:
    | 'booted'
    | 'leak'
    | 'memory-gone'
    | 'report-begins'
    | 'report-ends'
    | 'killed'
    | 'others-stop'
    | 'others-go-on'
    | 'over'
  /** Of a process, where one is meant. */
  readonly name: string | null
}

export interface WireCount {
  readonly lines: number
  readonly bytes: number
}

export interface Account {
  readonly ending: Ending
  readonly tookMs: number
  readonly moments: readonly Moment[]
  /** While a report went over the line. */
  readonly printing: readonly Span[]
  /** While a bystander that needs memory stood still. */
  readonly stalls: readonly Span[]
  readonly longestStallMs: number
  readonly killed: readonly string[]
  /** Of the reports, as they arrived on the first console. */
  readonly wire: WireCount
  readonly table: WireCount
  readonly console: Kept
  readonly log: Kept
  /** `null` where the kernel's log did not arrive. */
  readonly outcomes: { readonly asItWas: Outcome; readonly remedies: readonly Outcome[] } | null
}

/** Seconds of uptime in a kernel line's stamp. */
const STAMP = /^\[ *(\d+\.\d+)\]/

function stampMs(line: string): number | null {
  const match = STAMP.exec(line)
  return match === null ? null : Number(match[1]) * 1000
}

function count(lines: readonly ConsoleLine[]): WireCount {
  return { lines: lines.length, bytes: lines.reduce((sum, line) => sum + line.wireBytes, 0) }
}

/** The text of a console's line without its stamp. */
function textOf({ text }: ConsoleLine): string {
  return text.replace(/^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? /, '')
}

/** A report's lines on a console: from the first that has a stamp of its time to the last. */
function linesOnConsole(oom: PrintedOom, console: readonly ConsoleLine[]): readonly ConsoleLine[] {
  const [first, last] = [oom.lines[0], oom.lines.at(-1)].map((line) =>
    line === undefined ? null : stampMs(line.printed),
  )
  if (first == null || last == null) return []
  const isWithin = ({ text }: ConsoleLine): boolean => {
    const at = stampMs(text)
    return at !== null && at >= first && at <= last
  }
  const from = console.findIndex(isWithin)
  return from < 0 ? [] : console.slice(from, console.findLastIndex(isWithin) + 1)
}

/** A machine that died leaves no log; its reports are then what stood on the line. */
function reportsOnConsole(
  ooms: readonly PrintedOom[],
  console: readonly ConsoleLine[],
): readonly (readonly ConsoleLine[])[] {
  if (ooms.length > 0) return ooms.map((oom) => linesOnConsole(oom, console))
  return findReports(console).map(({ fromMs, toMs }) =>
    console.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  )
}

function printingOf(lines: readonly ConsoleLine[], baud: number): readonly Span[] {
  const [first, last] = [lines[0], lines.at(-1)]
  if (first === undefined || last === undefined) return []
  return [{ fromMs: first.atMs - (first.wireBytes * 10_000) / baud, toMs: last.atMs }]
}

/**
 * @param reports of the same index as `ooms`
 */
function momentsOf(
  { events, bootedSec }: GuestRun,
  ooms: readonly PrintedOom[],
  reports: readonly (readonly Span[])[],
  sinceOnMs: (uptimeMs: number) => number,
): Moment[] {
  const moments: Moment[] = []
  const note = (what: Moment['what'], uptimeMs: unknown, name: string | null = null): void => {
    if (typeof uptimeMs === 'number') moments.push({ what, atMs: sinceOnMs(uptimeMs), name })
  }
  const lineMs = (line: LogLine | undefined) => (line === undefined ? null : stampMs(line.printed))
  const eventMs = (name: string) => events.find(({ event }) => event === name)?.atMs
  if (bootedSec !== null) moments.push({ what: 'booted', atMs: bootedSec * 1000, name: null })
  note('leak', eventMs('leak'))
  for (const [index, { asker, lines, killed }] of ooms.entries()) {
    const askedMs = lineMs(lines[0])
    if (askedMs !== null) {
      // Before the first byte, whatever the two clocks differ by.
      const begunMs = reports[index]?.[0]?.fromMs ?? Number.POSITIVE_INFINITY
      moments.push({
        what: 'memory-gone',
        atMs: Math.min(sinceOnMs(askedMs), begunMs),
        name: asker,
      })
    }
    for (const one of new Set(killed.map(({ name }) => name))) {
      const line = lines.findLast(
        ({ text }) => partOf(text) === 'kill' && text.includes(`(${one})`),
      )
      note('killed', lineMs(line), one)
    }
  }
  note('over', eventMs('over'))
  return moments
}

function stallsOf(
  events: readonly GuestEvent[],
  sinceOnMs: (uptimeMs: number) => number,
): readonly Span[] {
  return events.flatMap(({ event, atMs, lastedMs }) => {
    if (event !== 'stall' || typeof atMs !== 'number' || typeof lastedMs !== 'number') return []
    return [{ fromMs: sinceOnMs(atMs), toMs: sinceOnMs(atMs + lastedMs) }]
  })
}

/** A bystander that lives says a word five times a second. */
const SILENT_MS = 600

/** A machine that dies under a bystander ends its wait, which it can tell no more. */
function unendedStall(
  { ending, events, tookSec }: GuestRun,
  sinceOnMs: (uptimeMs: number) => number,
): readonly Span[] {
  const last = events.findLast(({ event }) => event === 'beat' || event === 'stall')
  if (ending !== 'gone' || typeof last?.atMs !== 'number') return []
  const lastedMs = typeof last.lastedMs === 'number' ? last.lastedMs : 0
  const span = { fromMs: sinceOnMs(last.atMs + lastedMs), toMs: tookSec * 1000 }
  return lengthOf(span) < SILENT_MS ? [] : [span]
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs
}

/** As the bystander sums it up at its end: it knows of waits too short to be told one by one. */
function longestBeatMs(events: readonly GuestEvent[]): number {
  const longestMs = events.findLast(({ event }) => event === 'heartbeat')?.longestMs
  return typeof longestMs === 'number' ? longestMs : 0
}

/** @param guest as it was run, with a console */
export function accountFor(guest: Guest, run: GuestRun): Account {
  const console = run.consoles[0] ?? []
  const baud = guest.consoles[0]?.baud ?? Number.NaN
  const log = parseKernelLines(run.kernelLog)
  const inLog = findPrintedOoms(log)
  const ooms =
    inLog.length > 0 ? inLog : findPrintedOoms(parseKernelLines(console.map((l) => l.text)))
  const booted = run.events.find(({ event }) => event === 'booted')
  // What arrives from the guest at boot has no way to go: both clocks are read at once.
  const offsetMs = (run.bootedSec ?? 0) * 1000 - (booted?.atMs ?? 0)
  const sinceOnMs = (uptimeMs: number): number => uptimeMs + offsetMs
  const reports = reportsOnConsole(ooms, console)
  const printed = reports.map((lines) => printingOf(lines, baud))
  const printing = printed.flat()
  const ended = stallsOf(run.events, sinceOnMs)
  const stalls = [...ended, ...unendedStall(run, sinceOnMs)]
  const moments: Moment[] = [
    ...momentsOf(run, ooms, printed, sinceOnMs),
    ...printing.flatMap(({ fromMs, toMs }): Moment[] => [
      { what: 'report-begins', atMs: fromMs, name: null },
      { what: 'report-ends', atMs: toMs, name: null },
    ]),
    ...stalls.map(({ fromMs }): Moment => ({ what: 'others-stop', atMs: fromMs, name: null })),
    ...ended.map(({ toMs }): Moment => ({ what: 'others-go-on', atMs: toMs, name: null })),
  ]
  const onWire = reports.flat()
  const reportLog = inLog.flatMap(({ lines }) => lines)
  return {
    ending: run.ending,
    tookMs: run.tookSec * 1000,
    moments: moments.toSorted((a, b) => a.atMs - b.atMs),
    printing,
    stalls,
    longestStallMs: Math.max(longestBeatMs(run.events), ...stalls.map(lengthOf)),
    killed: ooms.flatMap(({ killed }) => [
      ...new Map(killed.map(({ pid, name }) => [pid, name])).values(),
    ]),
    wire: count(onWire),
    table: count(onWire.filter((line) => partOf(textOf(line)) === 'task-table')),
    console: keptIn(onWire.map(textOf)),
    log: keptIn(reportLog.map(({ text }) => text)),
    outcomes: reportLog.length === 0 ? null : computeOutcomes(reportLog, guest.sysctls ?? {}, baud),
  }
}
