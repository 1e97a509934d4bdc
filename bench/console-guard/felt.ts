/** @module What others felt of each round of a guest, and what stood on the console and in the log. Pure. */
import type { ConsoleLine } from '../../lab/machine/console-text.ts'
import type { GuestEvent } from '../../lab/machine/events.ts'
import { findPrintedOoms, parseKernelLines } from '../../lab/scenarios/printed.ts'
import { MARK } from './guest.ts'

/** What a round was like. */
export interface Felt {
  /** The longest time that each bystander stood still, ms. */
  readonly longestMs: Readonly<Record<string, number>>
  /** The longest of those that were while a report was printed, ms; 0: none of 50 ms. */
  readonly reportMs: number
  /** Of the console, in this round. */
  readonly wireBytes: number
  /** Reports in the kernel's buffer, and rows of their task tables. */
  readonly reports: number
  readonly rows: readonly number[]
  /** Of the console: headers and kill lines of reports. */
  readonly headers: number
  readonly kills: number
  readonly summaryLines: number
  /** kernel.printk at the end of the round. */
  readonly levelsAtEnd: string
  /** From the leaker's end until the console was as its owner has it, ms; null: not waited for. */
  readonly loudAfterMs: number | null
}

export interface Played {
  readonly consoles: readonly (readonly ConsoleLine[])[]
  readonly kernelLog: readonly string[]
  readonly events: readonly GuestEvent[]
}

const STAMP = /^\[ *(\d+\.\d+)\]/
/** A beat's own sleep, and what the clocks of stamp and beat may differ. */
const BEAT_MS = 20
/** What may follow a report's last line: that line's bytes on the wire. */
const LINE_MS = 120

/** Parts of `all`, each from a member that begins one to the next; what stands before the first is left out. */
function split<Item>(all: readonly Item[], begins: (item: Item) => boolean): readonly Item[][] {
  const parts: Item[][] = []
  for (const item of all) {
    if (begins(item)) parts.push([])
    parts.at(-1)?.push(item)
  }
  return parts
}

function stampMs(printed: string | undefined): number {
  return Number(STAMP.exec(printed ?? '')?.[1]) * 1000
}

function feltOfRound(
  events: readonly GuestEvent[],
  lines: readonly ConsoleLine[],
  log: readonly string[],
): Felt {
  const count = (pattern: RegExp): number => lines.filter(({ text }) => pattern.test(text)).length
  const when = (event: string): number | undefined =>
    events.find((one) => one.event === event)?.atMs
  const ooms = findPrintedOoms(parseKernelLines(log))
  const printed = ooms.map(({ lines: of }) => [
    stampMs(of[0]?.printed),
    stampMs(of.at(-1)?.printed) + LINE_MS,
  ])
  const ofReports = events
    .filter(({ event }) => event === 'stall')
    .map(({ atMs, lastedMs }) => [Number(atMs), Number(lastedMs)] as const)
    .filter(([atMs, lastedMs]) =>
      printed.some(([from = 0, to = 0]) => atMs < to && atMs + BEAT_MS + lastedMs > from),
    )
    .map(([, lastedMs]) => lastedMs)
  const [over, loud] = [when('over'), when('loud')]
  return {
    longestMs: Object.fromEntries(
      events
        .filter(({ event }) => event === 'heartbeat')
        .map(({ name, longestMs }) => [name, Number(longestMs)]),
    ),
    reportMs: Math.max(0, ...ofReports),
    wireBytes: lines.slice(1).reduce((sum, line) => sum + line.wireBytes, 0),
    reports: ooms.length,
    rows: ooms.map(({ tasks }) => tasks.length),
    headers: count(/ invoked oom-killer: /),
    kills: count(/ Killed process \d+/),
    summaryLines: count(/ plimsoll: /),
    levelsAtEnd: String(events.find(({ event }) => event === 'ended')?.levels),
    loudAfterMs: over === undefined || loud === undefined ? null : loud - over,
  }
}

/** Of each round that was played to its end. */
export function feltOf({ consoles, kernelLog, events }: Played): readonly Felt[] {
  const lines = split(consoles.flat(), ({ text }) => text.includes(MARK))
  const logs = split(kernelLog, (line) => line.includes(MARK))
  return split(events, ({ event }) => event === 'round')
    .map((round, index) => ({ round, index }))
    .filter(({ round }) => round.some(({ event }) => event === 'ended'))
    .map(({ round, index }) => feltOfRound(round, lines[index] ?? [], logs[index] ?? []))
}

export function longestOf({ longestMs }: Felt): number {
  return Math.max(...Object.values(longestMs))
}
