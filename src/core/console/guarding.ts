/**
 * @module The console guard of a host, by its journal: whether one is at work, what it has changed for the moment, and
 * the host as its owner has it, which is what the doctor judges.
 */
import type { Evidence } from './finding.ts'
import type { Undo } from './guard-journal.ts'
import { GUARD_JOURNAL, ownersLevels, parseGuardJournal } from './guard-journal.ts'
import { formatPrintk, parsePrintk } from './printk.ts'
import type { Reading } from './reading.ts'
import { textOf } from './reading.ts'

/** What the kernel does not tell in a file, and a live host's reader puts there: `alive` or `gone`. */
export const GUARD_PROCESS = '/plimsoll/console-guard'
export const BOOT_ID = '/proc/sys/kernel/random/boot_id'
const PRINTK = '/proc/sys/kernel/printk'

export interface ConsoleGuard {
  /** It gives back itself what it changes; else it was killed. */
  readonly isAlive: boolean
  /** `null`: it could not tell. */
  readonly pid: number | null
  /** The consoles are as it set them, now. */
  readonly isQuiet: boolean
  readonly undo: Undo
}

type Files = Pick<Reading, 'files'>

export function consoleFile(name: string): string {
  return `/sys/class/tty/${name}/console`
}

/** What of its files the guard has changed, as their owner has them. */
function ownersFiles(reading: Files): ReadonlyMap<string, string> {
  const journal = parseGuardJournal(textOf(reading, GUARD_JOURNAL) ?? '')
  const changed = new Map<string, string>()
  if (journal === null) return changed
  const now = parsePrintk(textOf(reading, PRINTK) ?? '')
  const owners = now === undefined ? null : ownersLevels(journal, now)
  if (now !== undefined && owners !== null) {
    changed.set(PRINTK, formatPrintk({ ...now, ...owners }))
  }
  const { state, undo } = journal
  if (undo.remedy !== 'detach' || state === 'calm') return changed
  const path = consoleFile(undo.console)
  if (!/^[N0]/.test(textOf(reading, path) ?? '')) return changed
  changed.set(path, 'Y')
  const consoles = textOf(reading, '/proc/consoles')
  if (consoles !== null) {
    changed.set('/proc/consoles', `${consoles}\n${undo.console} -W- (E p a)`.trimStart())
  }
  return changed
}

/** @returns `null`: none is at work in this boot, and none has left anything changed */
export function consoleGuardOf(reading: Files): ConsoleGuard | null {
  const journal = parseGuardJournal(textOf(reading, GUARD_JOURNAL) ?? '')
  if (journal === null || journal.bootId !== textOf(reading, BOOT_ID)) return null
  const isAlive = textOf(reading, GUARD_PROCESS) === 'alive'
  const isQuiet = ownersFiles(reading).size > 0
  if (!isAlive && !isQuiet) return null
  return { isAlive, isQuiet, pid: journal.guard?.pid ?? null, undo: journal.undo }
}

/** The reading without what the guard has changed for the moment. */
export function asOwnerHasIt(reading: Reading, guard: ConsoleGuard | null): Reading {
  if (guard?.isQuiet !== true) return reading
  return { ...reading, files: new Map([...reading.files, ...ownersFiles(reading)]) }
}

/** What is the guard's for the moment, so that nobody else should write it. */
export function guardedPaths(guard: ConsoleGuard | null): readonly string[] {
  if (guard?.isQuiet !== true) return []
  const { undo } = guard
  return undo.remedy === 'detach' ? [consoleFile(undo.console), PRINTK] : [PRINTK]
}

/** What it sets while an OOM is near, as a clause. */
export function guardSets({ undo }: ConsoleGuard): string {
  return undo.remedy === 'detach'
    ? `takes ${undo.console} from printk`
    : `sets the first two numbers of kernel.printk to ${undo.set.consoleLevel} ${undo.set.defaultLevel}`
}

export function guardEvidence({ undo, isQuiet }: ConsoleGuard): Evidence {
  const found = `${undo.found.consoleLevel} ${undo.found.defaultLevel}`
  const set =
    undo.remedy === 'detach'
      ? `${undo.console} is taken from printk`
      : `${undo.set.consoleLevel} ${undo.set.defaultLevel} in place of ${found}`
  return { path: GUARD_JOURNAL, value: `${isQuiet ? 'now' : 'while an OOM is near'}: ${set}` }
}

export function guardName({ pid }: ConsoleGuard): string {
  return pid === null ? 'the console guard' : `the console guard (process ${pid})`
}
