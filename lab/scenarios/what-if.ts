/**
 * @module What a setting would have made of a report: which of its lines the console would have shown, and what
 * the kernel's log would have kept. Computed from the lines of a real report with their levels. Pure.
 */
import { isShown, parsePrintk } from '../../src/core/console/printk.ts'
import type { LineLevel, PrintkSetting } from '../../src/core/console/records.ts'
import type { LogLine } from './printed.ts'

/** A known way to shorten the wait, as sysctls. */
export interface Remedy {
  readonly name: string
  readonly sysctls: Readonly<Record<string, string>>
}

function remedy(name: string, value: string): Remedy {
  return { name: `${name}=${value}`, sysctls: { [name]: value } }
}

/** The two that are best known, then two that lose less. */
export const REMEDIES: readonly Remedy[] = [
  remedy('vm.oom_dump_tasks', '0'),
  remedy('kernel.printk', '3 4 1 7'),
  remedy('kernel.printk', '4 4 1 7'),
  remedy('kernel.printk', '5 7 1 7'),
]

/** Parts whose level stands in the source (oom_kill.c, 5.10 to 7.2); the rest has the default level. */
export type PrintedPart = 'header' | 'task-table' | 'summary' | 'kill' | 'rest'

const PARTS: readonly (readonly [PrintedPart, RegExp])[] = [
  ['header', / invoked oom-killer: /],
  ['task-table', /^Tasks state \(memory values in pages\):|^\[ *pid *\]|^\[ *\d+\] +\d+ +\d+ +\d+/],
  ['summary', /^oom-kill:constraint=/],
  ['kill', /Killed process \d+ \(/],
]

export function partOf(text: string): PrintedPart {
  return PARTS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'rest'
}

/** Whether header, kill line and task table are there. */
export interface Kept {
  readonly hasHeader: boolean
  readonly hasKill: boolean
  readonly hasTable: boolean
}

export function keptIn(texts: readonly string[]): Kept {
  const parts = new Set(texts.map(partOf))
  return {
    hasHeader: parts.has('header'),
    hasKill: parts.has('kill'),
    hasTable: parts.has('task-table'),
  }
}

/** What a setting makes of a report. */
export interface Outcome {
  readonly name: string
  /** On the console, line ends included. */
  readonly lines: number
  readonly bytes: number
  /** How long the line carries them. */
  readonly waitMs: number
  readonly console: Kept
  readonly log: Kept
}

/** Carriage return and line feed. */
const END_BYTES = 2

/** The level that printk was called with: a log tells what it became. */
function levelOf({ level, text }: LogLine, { defaultLevel }: PrintkSetting): LineLevel {
  if (level === null) return 'default'
  return partOf(text) === 'rest' && level === defaultLevel ? 'default' : (level as LineLevel)
}

/** kernel.printk where it is not set: what `quiet` on the command line leaves (printk.c). */
const QUIET = '4 4 1 7'

export function printkOf(sysctls: Readonly<Record<string, string>>): PrintkSetting {
  const setting = parsePrintk(sysctls['kernel.printk'] ?? QUIET) ?? parsePrintk(QUIET)
  if (setting === undefined) throw new Error(`expected four numbers in ${QUIET}`)
  return setting
}

/** The log's lines under sysctls, those that are kept, and those of them that the console shows. */
function outcomeOf(
  name: string,
  log: readonly LogLine[],
  asItWas: PrintkSetting,
  sysctls: Readonly<Record<string, string>>,
  baud: number,
): Outcome {
  const printk = printkOf(sysctls)
  const kept =
    sysctls['vm.oom_dump_tasks'] === '0'
      ? log.filter(({ text }) => partOf(text) !== 'task-table')
      : log
  const shown = kept.filter((line) => isShown(levelOf(line, asItWas), printk))
  const bytes = shown.reduce((sum, { printed }) => sum + printed.length + END_BYTES, 0)
  return {
    name,
    lines: shown.length,
    bytes,
    waitMs: (bytes * 10_000) / baud,
    console: keptIn(shown.map(({ text }) => text)),
    log: keptIn(kept.map(({ text }) => text)),
  }
}

/**
 * What the setting of the run makes of its reports, and what each remedy would have made of them.
 * @param log lines of reports with their levels, as `parseKernelLines` reads them from `dmesg -r`
 * @param sysctls that the run had
 */
export function computeOutcomes(
  log: readonly LogLine[],
  sysctls: Readonly<Record<string, string>>,
  baud: number,
): { readonly asItWas: Outcome; readonly remedies: readonly Outcome[] } {
  const printk = printkOf(sysctls)
  return {
    asItWas: outcomeOf('as it was', log, printk, sysctls, baud),
    remedies: REMEDIES.map((one) =>
      outcomeOf(one.name, log, printk, { ...sysctls, ...one.sysctls }, baud),
    ),
  }
}
