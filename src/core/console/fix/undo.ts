/** @module The journal and what is there now, to what an undo puts back: nothing that somebody changed since. */
import type { DropInKind } from './drop-in.ts'
import { DROP_IN_KINDS, DROP_INS, parseBlocks, renderBlocks } from './drop-in.ts'
import type { SavedSetting, UndoEntry, UndoJournal } from './journal.ts'
import type { Before, FileChange, SettingChange } from './plan.ts'
import { isOwnText } from './plan.ts'
import { consoleOf, PRINTK, plainValue, settingPath } from './settings.ts'
import { GUARD_ID, guardChanges, whyHeld } from './undo-guard.ts'

export interface UndoPlan {
  /** Entries that are at an end with it. */
  readonly ids: readonly string[]
  /** What stays in the journal of entries that cannot be put back as a whole now. */
  readonly kept: readonly UndoEntry[]
  /** `old` is what is there now, `new` what was there before the fix; the latest fix first. */
  readonly settings: readonly SettingChange[]
  readonly files: readonly FileChange[]
  /** What a console guard left is at an end with it, and its journal goes. */
  readonly endsGuard: boolean
  /** What is left as it is, and why, in sentences. */
  readonly left: readonly string[]
}

interface Draft {
  readonly kept: UndoEntry[]
  readonly settings: SettingChange[]
  readonly left: string[]
}

function planEntry(
  entry: UndoEntry,
  before: Before,
  held: ReadonlySet<string>,
  { kept, settings, left }: Draft,
): void {
  if (entry.bootId !== before.bootId) {
    if (entry.settings.length > 0) {
      const names = entry.settings.map(({ name }) => name).join(', ')
      left.push(
        `${names} of ${entry.id}: set before the last reboot, which has set it anew. What a file of plimsoll's has set at boot lasts until the next one.`,
      )
    }
    return
  }
  const stays: SavedSetting[] = []
  for (const saved of entry.settings.toReversed()) {
    const { name, old, new: set } = saved
    const path = settingPath(name)
    const found = path === null ? null : before.readSetting(path)
    // What an entry that is undone before this one will have put back.
    const now = settings.findLast((one) => one.name === name)?.new ?? found
    if (held.has(name)) {
      stays.unshift(saved)
      left.push(`${name} of ${entry.id}: the console guard has changed it for the moment.`)
    } else if (path === null || now === null) {
      stays.unshift(saved)
      left.push(`${name} of ${entry.id}: it cannot be read now. Undo it once it can.`)
    } else if (plainValue(now) === plainValue(set)) {
      settings.push({ id: entry.id, name, path, old: plainValue(now), new: plainValue(old) })
    } else if (plainValue(now) !== plainValue(old)) {
      left.push(`${path} is "${plainValue(now)}", not "${plainValue(set)}" as plimsoll set it.`)
    }
  }
  if (stays.length > 0) kept.unshift({ ...entry, settings: stays })
}

function planFile(
  ids: readonly string[],
  kind: DropInKind,
  { journal, readDropIn }: Before,
  left: string[],
): readonly FileChange[] {
  const texts = journal.files[kind]
  if (texts === undefined) return []
  const file = DROP_INS[kind]
  const seen = readDropIn(kind)
  if (seen.kind === 'none') return []
  const blocks = seen.kind === 'text' && isOwnText(texts, seen.text) ? parseBlocks(seen.text) : null
  if (seen.kind === 'strange' || blocks === null) {
    const why = seen.kind === 'strange' ? seen.why : 'it is not as plimsoll wrote it'
    left.push(`${file} is left alone: ${why}.`)
    return []
  }
  const rest = blocks.filter(({ id }) => !ids.includes(id))
  if (rest.length === blocks.length) return []
  const after = rest.length === 0 ? null : renderBlocks(rest)
  return [{ kind, file, texts: { before: seen.text, after } }]
}

/** An entry that another one stands on: the same setting was changed again since. */
function blockedBy(journal: UndoJournal, ids: readonly string[], id: string): string | null {
  const at = journal.entries.findIndex((entry) => entry.id === id)
  const names = new Set(journal.entries[at]?.settings.map(({ name }) => name))
  const later = journal.entries
    .slice(at + 1)
    .find((entry) => !ids.includes(entry.id) && entry.settings.some(({ name }) => names.has(name)))
  return later?.id ?? null
}

/** What a guard left comes first: it was changed last. @returns names that are the guard's still */
function planGuard(isAsked: boolean, before: Before, draft: Draft): ReadonlySet<string> {
  const changes = guardChanges(before)
  if (isAsked && before.guard?.isAlive === false) {
    draft.settings.push(...changes)
    return new Set()
  }
  if (isAsked && changes.length > 0) draft.left.push(`${GUARD_ID}: ${whyHeld(before)}.`)
  return new Set(changes.map(({ name }) => name))
}

/** @param asked ids of checks; empty: all that there are */
export function planUndo(asked: readonly string[], before: Before): UndoPlan {
  const { journal } = before
  const there = journal.entries.map(({ id }) => id)
  const wanted = asked.length === 0 ? there : there.filter((id) => asked.includes(id))
  const blocked = wanted.flatMap((id) => {
    const by = blockedBy(journal, wanted, id)
    return by === null ? [] : [{ id, by }]
  })
  const ids = wanted.filter((id) => !blocked.some((one) => one.id === id))
  const draft: Draft = {
    kept: [],
    settings: [],
    left: blocked.map(({ id, by }) => `${id}: ${by} changed the same since. Undo that first.`),
  }
  const isGuardAsked = asked.length === 0 || asked.includes(GUARD_ID)
  const held = planGuard(isGuardAsked, before, draft)
  for (const entry of journal.entries.toReversed()) {
    if (ids.includes(entry.id)) planEntry(entry, before, held, draft)
  }
  const files = DROP_IN_KINDS.flatMap((kind) => planFile(ids, kind, before, draft.left))
  const isKept = (id: string): boolean => draft.kept.some((entry) => entry.id === id)
  const endsGuard = isGuardAsked && before.guard?.isAlive === false
  return { ids: ids.filter((id) => !isKept(id)), files, endsGuard, ...draft }
}

/** UARTs that are given back to printk: each would print the whole log again, were it not silenced. */
export function isReattach({ name, new: set }: SettingChange): boolean {
  return consoleOf(name) !== null && set === '1'
}

/** The journal before the plan is carried out: with what to set again if that breaks off. */
export function journalBeforeUndo(
  { settings, files }: UndoPlan,
  { journal, bootId, readSetting }: Before,
): UndoJournal {
  const path = settingPath(PRINTK)
  const printk = path === null ? null : readSetting(path)
  const silences = settings.some(isReattach) && printk !== null
  return {
    ...journal,
    files: {
      ...journal.files,
      ...Object.fromEntries(files.map(({ kind, texts }) => [kind, texts])),
    },
    silenced: silences ? { bootId, printk: plainValue(printk) } : journal.silenced,
  }
}

/** The journal when it is done. */
export function journalAfterUndo(
  { ids, kept }: Pick<UndoPlan, 'ids' | 'kept'>,
  journal: UndoJournal,
): UndoJournal {
  const entries = journal.entries
    .filter(({ id }) => !ids.includes(id))
    .map((entry) => kept.find(({ id }) => id === entry.id) ?? entry)
  return { entries, files: entries.length === 0 ? {} : journal.files, silenced: null }
}
