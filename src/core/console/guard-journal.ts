/**
 * @module What the console guard leaves word of before it changes anything: what it found, what it set, who it is. Its
 * first line alone changes while memory is short. Nothing of it is a path: a UART's name is checked to be one.
 */
import { consoleOf } from './fix/settings.ts'
import { parsePrintk } from './printk.ts'
import type { Levels } from './quieting.ts'

/** What would be put back. Levels are the first two of kernel.printk. */
export type Undo =
  | { readonly remedy: 'bulk' | 'level'; readonly found: Levels; readonly set: Levels }
  /** `found` for the moment of giving it back, in which nothing may be printed. */
  | { readonly remedy: 'detach'; readonly console: string; readonly found: Levels }

/** `calm`: nothing is changed; `near`: it is; `back`: a UART is just being given back. */
export type JournalState = 'calm' | 'near' | 'back'

export interface JournalEntry {
  readonly bootId: string
  /** The guard that wrote it; `null`: it could not tell. */
  readonly guard: { readonly pid: number; readonly startTicks: number } | null
  readonly undo: Undo
}

export interface GuardJournal extends JournalEntry {
  readonly state: JournalState
}

/** Where root's guard has it, unless `[agent] state_dir` says otherwise. */
export const GUARD_JOURNAL = '/var/lib/plimsoll/console.journal'
export const MAX_GUARD_JOURNAL_BYTES = 4096
/** Below every line but those of emergency (printk.c, suppress_message_printing). */
export const SILENT = 1

const SCHEMA = 'plimsoll.console-journal/1'

/** As long as any state, so that it can be written over in place. */
export function formatGuardJournal({ bootId, guard, undo }: JournalEntry): string {
  return `calm\n${JSON.stringify({ schema: SCHEMA, bootId, guard, undo })}\n`
}

type Json = Readonly<Record<string, unknown>>

function recordOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null ? (value as Json) : null
}

function levelsOf(value: unknown): Levels | null {
  const { consoleLevel, defaultLevel } = recordOf(value) ?? {}
  // As what kernel.printk says is checked.
  const parsed = parsePrintk(`${consoleLevel} ${defaultLevel} 1 7`)
  return parsed === undefined
    ? null
    : { consoleLevel: parsed.consoleLevel, defaultLevel: parsed.defaultLevel }
}

function undoOf(value: unknown): Undo | null {
  const { remedy, console, ...levels } = recordOf(value) ?? {}
  const found = levelsOf(levels.found)
  if (found === null) return null
  if (remedy === 'detach') {
    const isUart = typeof console === 'string' && consoleOf(`console ${console}`) !== null
    return isUart ? { remedy, console, found } : null
  }
  const set = levelsOf(levels.set)
  return set === null || (remedy !== 'bulk' && remedy !== 'level') ? null : { remedy, found, set }
}

function guardOf(value: unknown): JournalEntry['guard'] {
  const { pid, startTicks } = recordOf(value) ?? {}
  const isNumber = (one: unknown): one is number => Number.isSafeInteger(one) && Number(one) >= 0
  return isNumber(pid) && isNumber(startTicks) ? { pid, startTicks } : null
}

/** `null`: no guard wrote that. */
export function parseGuardJournal(text: string): GuardJournal | null {
  const [state, line = ''] = text.split('\n')
  if (state !== 'calm' && state !== 'near' && state !== 'back') return null
  try {
    const { schema, bootId, guard, undo: given } = recordOf(JSON.parse(line)) ?? {}
    const undo = undoOf(given)
    if (schema !== SCHEMA || typeof bootId !== 'string' || undo === null) return null
    return { state, bootId, guard: guardOf(guard), undo }
  } catch {
    return null
  }
}

/** Each of the two numbers that is still as it was set goes back: `dmesg -n` changes the first alone. */
export function givenBack(now: Levels, found: Levels, set: Levels): Levels {
  const { consoleLevel, defaultLevel } = now
  return {
    consoleLevel: consoleLevel === set.consoleLevel ? found.consoleLevel : consoleLevel,
    defaultLevel: defaultLevel === set.defaultLevel ? found.defaultLevel : defaultLevel,
  }
}

/**
 * kernel.printk's first two numbers as their owner has them, where `now` may be the guard's.
 * @returns `null`: they are the owner's now
 */
export function ownersLevels({ state, undo }: GuardJournal, now: Levels): Levels | null {
  if (state === 'calm') return null
  const isSilenced = state === 'back' && now.consoleLevel === SILENT
  if (undo.remedy === 'detach') {
    return isSilenced ? { ...now, consoleLevel: undo.found.consoleLevel } : null
  }
  const back = givenBack(now, undo.found, undo.set)
  const isSame = back.consoleLevel === now.consoleLevel && back.defaultLevel === now.defaultLevel
  return isSame ? null : back
}
