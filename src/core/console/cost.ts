/** @module What a report costs: lines and bytes on each console, and the time for which everybody waits. */
import type { ConsoleKind } from './consoles.ts'
import { isShown } from './printk.ts'
import type { LineStamp, PrintkSetting, ReportLine, ReportPart } from './records.ts'
import { REPORT_PARTS } from './records.ts'
import { wireBytes } from './wire.ts'

/** How long a byte takes: computed from a line's rate, measured on the host, or not known. */
export type ByteCost =
  | { readonly from: 'baud'; readonly baud: number; readonly msPerByte: number }
  | { readonly from: 'measured'; readonly msPerByte: number }
  | { readonly from: 'unknown'; readonly why: string }

export interface HostConsole {
  readonly name: string
  readonly kind: ConsoleKind
  /** Whether printk's caller waits for it. */
  readonly isSynchronous: boolean
  readonly cost: ByteCost
}

export interface PartCost {
  readonly part: ReportPart
  readonly lines: number
  readonly bytes: number
}

export interface ConsoleCost {
  readonly console: HostConsole
  readonly lines: number
  readonly bytes: number
  readonly parts: readonly PartCost[]
  /** Milliseconds that the report keeps its producer waiting here; `null` where that is not known. */
  readonly waitMs: number | null
}

export interface ReportCost {
  readonly consoles: readonly ConsoleCost[]
  /** Lines and bytes of the whole report, as the kernel's buffer gets them, stamps included. */
  readonly lines: number
  readonly bytes: number
  /** Sum over the synchronous consoles, one after another; at least so much where `isBound`. */
  readonly waitMs: number
  /** Some console's cost is not known. */
  readonly isBound: boolean
}

function costOn(
  console: HostConsole,
  lines: readonly ReportLine[],
  printk: PrintkSetting,
  stamp: LineStamp,
): ConsoleCost {
  const shown = lines.filter((line) => isShown(line.level, printk))
  const bytesOf = (some: readonly ReportLine[]): number =>
    some.reduce((sum, line) => sum + wireBytes(line.text, stamp), 0)
  const parts = REPORT_PARTS.map((part) => {
    const own = shown.filter((line) => line.part === part)
    return { part, lines: own.length, bytes: bytesOf(own) }
  }).filter((part) => part.lines > 0)
  const bytes = bytesOf(shown)
  const { cost } = console
  const known = cost.from === 'unknown' ? null : bytes * cost.msPerByte
  const waitMs = console.isSynchronous && bytes > 0 ? known : 0
  return { console, lines: shown.length, bytes, parts, waitMs }
}

/**
 * @param lines of one report
 * @param delayMs printk.printk_delay, for each record, shown or not
 */
export function costOfReport(
  lines: readonly ReportLine[],
  consoles: readonly HostConsole[],
  printk: PrintkSetting,
  stamp: LineStamp,
  delayMs = 0,
): ReportCost {
  const costs = consoles.map((console) => costOn(console, lines, printk, stamp))
  return {
    consoles: costs,
    lines: lines.length,
    bytes: lines.reduce((sum, line) => sum + wireBytes(line.text, stamp), 0),
    waitMs: costs.reduce((sum, { waitMs }) => sum + (waitMs ?? 0), delayMs * lines.length),
    isBound: costs.some(({ waitMs }) => waitMs === null),
  }
}
