/** @module Findings and what is there now, to what a fix writes: shown first, then done as it was shown. */
import type { Finding } from '../finding.ts'
import type { GuardJournal } from '../guard-journal.ts'
import type { Block, DropInKind } from './drop-in.ts'
import {
  blockOf,
  DROP_IN_KINDS,
  DROP_INS,
  keysOf,
  parseBlocks,
  renderBlocks,
  withBlock,
} from './drop-in.ts'
import type { OwnTexts, SavedSetting, UndoEntry, UndoJournal } from './journal.ts'
import { isSettingValue, plainValue, settingName } from './settings.ts'

/** A file of the owner's that is in the way is never written over. */
export type Seen =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strange'; readonly why: string }

/** What a plan may ask of the host. */
export interface Before {
  readonly bootId: string
  readonly journal: UndoJournal
  /** A setting's value now; `null`: it cannot be read. */
  readSetting(path: string): string | null
  readDropIn(kind: DropInKind): Seen
  /** What a console guard of this boot has left word of; `null`: nothing. */
  readonly guard: (GuardJournal & { readonly isAlive: boolean }) | null
}

export interface SettingChange extends SavedSetting {
  readonly id: string
  readonly path: string
}

export interface FileChange {
  readonly kind: DropInKind
  readonly file: string
  readonly texts: OwnTexts
}

export interface FixPlan {
  /** Findings of which something is written. */
  readonly ids: readonly string[]
  readonly settings: readonly SettingChange[]
  readonly files: readonly FileChange[]
  /** What is not done, and why, in sentences. */
  readonly skipped: readonly string[]
}

interface Draft {
  readonly settings: SettingChange[]
  readonly skipped: string[]
}

/** The first finding that sets something is the gravest. */
function planSettings(findings: readonly Finding[], before: Before, draft: Draft): void {
  const taken = new Map<string, { id: string; value: string }>()
  for (const { id, fix } of findings) {
    for (const { path, value } of fix.now) {
      const name = settingName(path)
      const found = before.readSetting(path)
      const wanted = plainValue(value)
      const other = taken.get(path)
      if (other !== undefined) {
        if (other.value === wanted) continue
        draft.skipped.push(`${id} would set ${path} to ${wanted}; ${other.id} has set it already.`)
      } else if (name === null || found === null || !isSettingValue(plainValue(found))) {
        draft.skipped.push(
          `${path} has no value that could be put back, so that ${id} does not change it.`,
        )
      } else {
        taken.set(path, { id, value: wanted })
        const old = plainValue(found)
        if (old !== wanted) draft.settings.push({ id, name, path, old, new: wanted })
      }
    }
  }
}

/** Lines that an earlier finding of the same run has set otherwise are left out. */
function newBlocks(
  findings: readonly Finding[],
  kind: DropInKind,
  skipped: string[],
): readonly Block[] {
  const taken = new Set<string>()
  return findings.flatMap(({ id, fix }) => {
    const block = blockOf(id, fix.persistent, kind)
    if (block === null) return []
    const keys = keysOf(block)
    const clash = keys.find((key) => taken.has(key))
    if (clash !== undefined) {
      skipped.push(`${DROP_INS[kind]}: ${id} sets ${clash} too; the graver finding's line stays.`)
      return []
    }
    for (const key of keys) taken.add(key)
    return [block]
  })
}

export function isOwnText(texts: OwnTexts | undefined, text: string): boolean {
  return texts !== undefined && (text === texts.before || text === texts.after)
}

function planFile(
  findings: readonly Finding[],
  kind: DropInKind,
  { journal, readDropIn }: Before,
  skipped: string[],
): readonly FileChange[] {
  const blocks = newBlocks(findings, kind, skipped)
  if (blocks.length === 0) return []
  const file = DROP_INS[kind]
  const seen = readDropIn(kind)
  if (seen.kind === 'strange') {
    skipped.push(`${file} is left alone: ${seen.why}.`)
    return []
  }
  const isOurs = seen.kind === 'none' || isOwnText(journal.files[kind], seen.text)
  const old = seen.kind === 'none' ? [] : isOurs ? parseBlocks(seen.text) : null
  if (old === null) {
    skipped.push(`${file} is left alone: it is not as plimsoll wrote it.`)
    return []
  }
  const before = seen.kind === 'none' ? null : seen.text
  const after = renderBlocks(blocks.reduce(withBlock, old))
  return after === before ? [] : [{ kind, file, texts: { before, after } }]
}

/** @param findings those that were asked for, worst first */
export function planFix(findings: readonly Finding[], before: Before): FixPlan {
  const draft: Draft = { settings: [], skipped: [] }
  planSettings(findings, before, draft)
  const files = DROP_IN_KINDS.flatMap((kind) => planFile(findings, kind, before, draft.skipped))
  const writing = new Set([
    ...draft.settings.map(({ id }) => id),
    ...files.flatMap(({ texts }) => parseBlocks(texts.after ?? '') ?? []).map(({ id }) => id),
  ])
  const ids = findings.map(({ id }) => id).filter((id) => writing.has(id))
  return { ids, files, ...draft }
}

export function isEmptyPlan({ settings, files }: Pick<FixPlan, 'settings' | 'files'>): boolean {
  return settings.length + files.length === 0
}

/** What was there before the first fix of a setting, if nobody has changed it since. */
function firstOld(change: SettingChange, earlier: UndoEntry | undefined, bootId: string): string {
  const saved = earlier?.settings.find(({ name }) => name === change.name)
  return earlier?.bootId === bootId && saved?.new === change.old ? saved.old : change.old
}

/** The journal as it must be on the disk before the plan is carried out. */
export function journalOf({ ids, settings, files }: FixPlan, before: Before): UndoJournal {
  const { journal, bootId } = before
  const entries = ids.map((id): UndoEntry => {
    const earlier = journal.entries.find((entry) => entry.id === id)
    const changed = settings.filter((one) => one.id === id)
    const kept =
      earlier?.bootId === bootId
        ? earlier.settings.filter(({ name }) => !changed.some((one) => one.name === name))
        : []
    const saved = changed.map((one) => ({
      name: one.name,
      old: firstOld(one, earlier, bootId),
      new: one.new,
    }))
    return { id, bootId, settings: [...kept, ...saved] }
  })
  return {
    ...journal,
    entries: [...journal.entries.filter(({ id }) => !ids.includes(id)), ...entries],
    files: {
      ...journal.files,
      ...Object.fromEntries(files.map(({ kind, texts }) => [kind, texts])),
    },
  }
}
