/** @module What the dashboard calls one row; words that the terminal uses too are in core/wire. */
import { escapeForTerminal } from '../../base/escape.ts'
import type { LeakState } from '../../core/leak/records.ts'
import type { SubjectRow } from '../../core/wire/records.ts'

export { KIND_WORDS, limitWords, memoryKindOf, STATE_WORDS } from '../../core/wire/subject-words.ts'

/** Worst first. */
export const STATE_ORDER: Readonly<Record<LeakState, number>> = {
  confirmed: 0,
  suspected: 1,
  growing: 2,
  unknown: 3,
  harmless: 4,
  steady: 5,
}

/** Process names are any bytes: what could reorder or hide text is shown escaped. */
export function safeName(text: string): string {
  const shown = escapeForTerminal(text)
  return shown.trim() === '' ? '(no name)' : shown
}

/** `leak-steady 4121` for a process, the name alone for anything else. */
export function titleOf(row: Pick<SubjectRow, 'name' | 'pid'>): string {
  return row.pid === null ? safeName(row.name) : `${safeName(row.name)} ${row.pid}`
}
