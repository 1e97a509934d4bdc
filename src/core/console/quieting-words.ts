/** @module What the adaptive console says, and the few lines that it prints when it is over. Pure. */
import { formatBytes } from '../../base/format.ts'
import { SECOND_MS } from '../../base/units.ts'
import type { ConsoleArgument } from './consoles.ts'
import { parseLineOptions } from './consoles.ts'
import type { Levels, Quieting } from './quieting.ts'

export function levelsText({ consoleLevel, defaultLevel }: Levels): string {
  return `${consoleLevel} ${defaultLevel}`
}

/** What will be done, or why nothing is. */
export function explainPlan(plan: Quieting): string {
  switch (plan.remedy) {
    case 'none':
      return `nothing is done about consoles: ${plan.why}`
    case 'detach':
      return `while an OOM is near, ${plan.console} is taken from printk; that loses ${plan.loses}`
    default:
      return `while an OOM is near, kernel.printk begins with ${levelsText(plan.set)}; that loses ${plan.loses}`
  }
}

function deed(plan: Quieting, found: Levels): string {
  if (plan.remedy === 'detach') return `${plan.console} is taken from printk`
  if (plan.remedy === 'none') return 'nothing is changed'
  return `kernel.printk begins with ${levelsText(plan.set)} in place of ${levelsText(found)}`
}

export interface RoomFigures {
  readonly roomBytes: number
  readonly totalBytes: number
}

export function explainQuiet(
  plan: Quieting,
  found: Levels,
  { roomBytes, totalBytes }: RoomFigures,
  cgroup: string | null,
): string {
  const why =
    cgroup === null
      ? `an OOM is near, with ${formatBytes(roomBytes)} left of ${formatBytes(totalBytes)}`
      : `cgroup ${cgroup} may reach its limit between two looks`
  return `${why}: ${deed(plan, found)} until that is over`
}

function seconds(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(1)} s`
}

function kills(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`
}

/** @param oomKills NaN: this kernel does not count them */
export function explainRestored(
  plan: Quieting,
  found: Levels,
  lastedMs: number,
  oomKills: number,
): string {
  const back =
    plan.remedy === 'detach'
      ? `${plan.console} has kernel messages again`
      : `kernel.printk begins with ${levelsText(found)} again`
  const toll = oomKills > 0 ? `; the kernel killed ${kills(oomKills)} meanwhile` : ''
  return `${back}, after ${seconds(lastedMs)}${toll}`
}

export const OWNER_CHANGED =
  'the consoles were set by somebody else while an OOM was near: that stays as it is'

const MOST_SUMMARY_BYTES = 512
/** A stamp of 15 bytes, and a line's end. */
const WIRE_EXTRA_BYTES = 17
/** What the driver takes where console= says nothing. */
const SLOWEST_BAUD = 9600
const BITS_PER_BYTE = 10
/** A line is busy with this for a quarter of the time at most. */
const BUSY_SHARE = 0.25

/** Lines for the kernel's log, of an OOM whose report was held back. ASCII, 512 bytes at most in all. */
export function summarize(plan: Quieting, lastedMs: number, oomKills: number): readonly string[] {
  const held = plan.remedy === 'detach' ? 'is in dmesg' : 'is whole in dmesg'
  const lines = [
    `plimsoll: memory was short for ${seconds(lastedMs)}; ${kills(oomKills)} killed`,
    `plimsoll: the report ${held}; this console was kept out of it`,
  ]
  let left = MOST_SUMMARY_BYTES
  return lines.filter((line) => {
    left -= line.length + 1
    return left >= 0
  })
}

/**
 * How long to wait after a line was printed, ms, so that the slowest line has three quarters of its time for others.
 * @param lines console= of the kernel's command line
 */
export function pauseAfterMs(text: string, lines: readonly ConsoleArgument[]): number {
  const bauds = lines
    .map(({ options }) => parseLineOptions(options).baud)
    .filter((baud) => baud > 0)
  const bytesPerSec = Math.min(SLOWEST_BAUD, ...bauds) / BITS_PER_BYTE
  const takesMs = ((text.length + WIRE_EXTRA_BYTES) / bytesPerSec) * SECOND_MS
  return takesMs * (1 / BUSY_SHARE - 1)
}
