/** @module What a console guard that was killed has left changed, as changes that give it back; nothing else is touched. */
import { ownersLevels } from '../guard-journal.ts'
import { formatPrintk, parsePrintk } from '../printk.ts'
import type { Before, SettingChange } from './plan.ts'
import { CONSOLE, PRINTK, plainValue, settingPath } from './settings.ts'

/** The check that finds it, and by whose name it is undone. */
export const GUARD_ID = 'console-guard'

/** Settings that are the guard's now, each with what its owner has. */
export function guardChanges({ guard, readSetting }: Before): readonly SettingChange[] {
  if (guard === null) return []
  const { undo } = guard
  const read = (name: string): { path: string; old: string } | null => {
    const path = settingPath(name)
    const found = path === null ? null : readSetting(path)
    return path === null || found === null ? null : { path, old: plainValue(found) }
  }
  const printk = read(PRINTK)
  const now = printk === null ? undefined : parsePrintk(printk.old)
  const owners = now === undefined ? null : ownersLevels(guard, now)
  const levels =
    printk === null || now === undefined || owners === null
      ? []
      : [{ id: GUARD_ID, name: PRINTK, ...printk, new: formatPrintk({ ...now, ...owners }) }]
  if (undo.remedy !== 'detach' || guard.state === 'calm') return levels
  const name = `${CONSOLE}${undo.console}`
  const uart = read(name)
  return uart?.old === '0' ? [{ id: GUARD_ID, name, ...uart, new: '1' }, ...levels] : levels
}

/** Why what a guard has changed is not taken from it, as a sentence. */
export function whyHeld({ guard }: Before): string {
  const name =
    guard?.guard == null ? 'the console guard' : `the console guard (process ${guard.guard.pid})`
  return `${name} is at work, and gives back what it changed when memory is no longer short, or when it is ended`
}
