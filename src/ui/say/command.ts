/** @module The next command to run, as a shell takes it. */
import { shellQuote } from '../../base/escape.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { safeName } from './subject.ts'

/** Shows the same subject in a terminal. */
export function watchCommand(row: Pick<SubjectRow, 'name' | 'pid'>): string {
  const words = row.pid === null ? safeName(row.name) : String(row.pid)
  return `plimsoll watch --filter ${shellQuote(words)}`
}
