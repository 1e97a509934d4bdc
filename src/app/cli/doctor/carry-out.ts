/** @module Carries out a plan: the journal first, on the disk; then settings; then files. */
import { messageOf } from '../../../base/errors.ts'
import type { UndoJournal } from '../../../core/console/fix/journal.ts'
import type { Before, FixPlan, SettingChange } from '../../../core/console/fix/plan.ts'
import { journalOf } from '../../../core/console/fix/plan.ts'
import { PRINTK, plainValue, settingPath } from '../../../core/console/fix/settings.ts'
import type { UndoPlan } from '../../../core/console/fix/undo.ts'
import { isReattach, journalAfterUndo, journalBeforeUndo } from '../../../core/console/fix/undo.ts'
import { SILENT } from '../../../core/console/guard-journal.ts'
import type { UndoStore } from '../../../io/undo/undo-store.ts'
import type { KernelSettings } from '../../../linux/kernel-setting.ts'

export interface FixHost {
  readonly bootId: string
  readonly store: UndoStore
  readonly settings: KernelSettings
  /** Whether a process that started then still runs. */
  isRunning(pid: number, startTicks: number): boolean
}

/** What went wrong, in sentences; none: all is as it was shown. */
export type Faults = readonly string[]

const PRINTK_PATH = settingPath(PRINTK) ?? ''

/** What a reboot has set back is no guard's any more. */
function guardOf({ bootId, store, isRunning }: FixHost): Before['guard'] {
  const seen = store.readGuard()
  if (seen === null || seen.bootId !== bootId) return null
  const by = seen.guard
  return { ...seen, isAlive: by !== null && isRunning(by.pid, by.startTicks) }
}

export function beforeOf(host: FixHost): Before {
  const { bootId, store, settings } = host
  return {
    bootId,
    guard: guardOf(host),
    journal: store.readJournal(),
    readSetting: settings.read,
    readDropIn: store.readDropIn,
  }
}

/** A run that was killed while a UART came back has left the console silent. */
export function endSilence({ bootId, store, settings }: FixHost): Faults {
  const journal = store.readJournal()
  const { silenced } = journal
  if (silenced === null) return []
  const now = plainValue(settings.read(PRINTK_PATH) ?? '')
  const isOurs = silenced.bootId === bootId && now.startsWith(`${SILENT} `)
  const fault = isOurs ? settings.write(PRINTK_PATH, silenced.printk) : null
  if (fault !== null) return [`${PRINTK_PATH} is still "${now}": ${fault}.`]
  store.writeJournal({ ...journal, silenced: null })
  return []
}

function writeSetting({ settings }: FixHost, { path, new: value }: SettingChange): Faults {
  const fault = settings.write(path, value)
  if (fault !== null) return [`${path} was not changed: ${fault}.`]
  const now = plainValue(settings.read(path) ?? '')
  return now === value ? [] : [`${path} is "${now}" after "${value}" was written.`]
}

function writeFiles({ store }: FixHost, { files }: FixPlan | UndoPlan): Faults {
  return files.flatMap(({ kind, file, texts }) => {
    try {
      store.writeDropIn(kind, texts.after)
      return []
    } catch (error) {
      return [`${file} was not changed: ${messageOf(error)}.`]
    }
  })
}

/** @throws PLM_UNDO, and what node:fs says where the journal cannot be written: then nothing was changed */
export function carryOutFix(plan: FixPlan, host: FixHost): Faults {
  host.store.writeJournal(journalOf(plan, beforeOf(host)))
  const faults = plan.settings.flatMap((change) => writeSetting(host, change))
  return [...faults, ...writeFiles(host, plan)]
}

/**
 * A console that comes back prints all of the log again that it has missed (printk.c, register_console), and whoever
 * prints waits for it, unless no line is loud enough at that moment.
 */
function reattach(host: FixHost, changes: readonly SettingChange[], journal: UndoJournal): Faults {
  const { settings } = host
  const printk = journal.silenced?.printk
  if (changes.length === 0 || printk === undefined) return []
  const fault = settings.write(PRINTK_PATH, `${SILENT} ${printk.split(' ').slice(1).join(' ')}`)
  if (fault !== null) return [`${PRINTK_PATH} cannot be silenced: ${fault}.`]
  const faults = changes.flatMap((change) => writeSetting(host, change))
  const left = settings.write(PRINTK_PATH, printk)
  return left === null ? faults : [...faults, `${PRINTK_PATH} is still silent: ${left}.`]
}

/** @throws as `carryOutFix` */
export function carryOutUndo(plan: UndoPlan, host: FixHost): Faults {
  const { store } = host
  const before = beforeOf(host)
  const journal = journalBeforeUndo(plan, before)
  store.writeJournal(journal)
  // What the owner sees last is what counts: consoles come back at the level that is found, then levels change.
  const faults = [
    ...reattach(host, plan.settings.filter(isReattach), journal),
    ...plan.settings
      .filter((change) => !isReattach(change))
      .flatMap((change) => writeSetting(host, change)),
    ...writeFiles(host, plan),
  ]
  // Otherwise it stays in the journals, to be tried again.
  if (faults.length > 0) return faults
  store.writeJournal(journalAfterUndo(plan, journal))
  if (plan.endsGuard && before.guard !== null) store.endGuard(before.guard)
  return faults
}
