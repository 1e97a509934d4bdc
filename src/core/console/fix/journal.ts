/**
 * @module The undo journal: what was there before a fix. It names checks and settings, never a path, and nothing of it
 * but old values of settings is ever written anywhere.
 */
import { CHECKS } from '../checks/index.ts'
import type { DropInKind } from './drop-in.ts'
import { DROP_IN_KINDS } from './drop-in.ts'
import { isSettingValue, settingPath } from './settings.ts'

export interface SavedSetting {
  /** As settings.ts has it. */
  readonly name: string
  readonly old: string
  readonly new: string
}

export interface UndoEntry {
  /** The check's. */
  readonly id: string
  /** Settings of another boot are gone. */
  readonly bootId: string
  readonly settings: readonly SavedSetting[]
}

/** Texts of a drop-in that are ours: before the last change and after it. `null`: no file. */
export interface OwnTexts {
  readonly before: string | null
  readonly after: string | null
}

export interface UndoJournal {
  /** The latest last; one for each check. */
  readonly entries: readonly UndoEntry[]
  readonly files: Readonly<Partial<Record<DropInKind, OwnTexts>>>
  /** kernel.printk as it is to be again, while a UART is being given back; `null`: none is. */
  readonly silenced: { readonly bootId: string; readonly printk: string } | null
}

export const EMPTY_JOURNAL: UndoJournal = { entries: [], files: {}, silenced: null }
export const MAX_JOURNAL_BYTES = 256 * 1024

const SCHEMA = 'plimsoll.undo/1'
const MAX_ENTRIES = 200

type Json = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isValue(value: unknown): value is string {
  return typeof value === 'string' && isSettingValue(value)
}

function isBootId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f-]{0,64}$/.test(value)
}

function settingOf(value: unknown): SavedSetting | null {
  if (!isRecord(value)) return null
  const { name, old, new: set } = value
  const isKnown = typeof name === 'string' && settingPath(name) !== null
  return isKnown && isValue(old) && isValue(set) ? { name, old, new: set } : null
}

function entryOf(value: unknown): UndoEntry | null {
  if (!isRecord(value) || !Array.isArray(value.settings)) return null
  const { id, bootId } = value
  if (typeof id !== 'string' || !CHECKS.some((check) => check.id === id)) return null
  const settings = value.settings.slice(0, MAX_ENTRIES).map(settingOf)
  const known = settings.filter((one) => one !== null)
  return isBootId(bootId) && known.length === settings.length
    ? { id, bootId, settings: known }
    : null
}

function textsOf(value: unknown): OwnTexts | null {
  if (!isRecord(value)) return null
  const { before, after } = value
  const isText = (text: unknown): text is string | null => text === null || typeof text === 'string'
  return isText(before) && isText(after) ? { before, after } : null
}

function silencedOf(value: unknown): UndoJournal['silenced'] | undefined {
  if (value === null) return null
  if (!isRecord(value)) return undefined
  const { bootId, printk } = value
  return isBootId(bootId) && isValue(printk) ? { bootId, printk } : undefined
}

export function formatJournal(journal: UndoJournal): string {
  return `${JSON.stringify({ schema: SCHEMA, ...journal })}\n`
}

/** `null`: it is none of ours, or says something that no fix can have said. */
export function parseJournal(text: string): UndoJournal | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(value) || value.schema !== SCHEMA || !Array.isArray(value.entries)) return null
  if (!isRecord(value.files) || value.entries.length > MAX_ENTRIES) return null
  const entries = value.entries.map(entryOf).filter((entry) => entry !== null)
  const silenced = silencedOf(value.silenced)
  if (entries.length !== value.entries.length || silenced === undefined) return null
  const files: Partial<Record<DropInKind, OwnTexts>> = {}
  for (const [name, given] of Object.entries(value.files)) {
    const kind = DROP_IN_KINDS.find((one) => one === name)
    const texts = textsOf(given)
    if (kind === undefined || texts === null) return null
    files[kind] = texts
  }
  return { entries, files, silenced }
}
