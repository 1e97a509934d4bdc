/** @module Files of a host on which a console guard is at work, or has been. */
import type { JournalState, Undo } from './guard-journal.ts'
import { formatGuardJournal, GUARD_JOURNAL } from './guard-journal.ts'
import { BOOT_ID, GUARD_PROCESS } from './guarding.ts'

const BOOT = '11111111-1111-4111-8111-111111111111'
export const GUARD_FOUND = { consoleLevel: 7, defaultLevel: 4 } as const
const BULK: Undo = { remedy: 'bulk', found: GUARD_FOUND, set: { consoleLevel: 5, defaultLevel: 7 } }

/** What a console guard leaves word of. */
export function guardFiles(
  state: JournalState,
  process: 'alive' | 'gone',
  undo = BULK,
): Readonly<Record<string, string>> {
  const entry = { bootId: BOOT, guard: { pid: 812, startTicks: 4711 }, undo }
  return {
    [GUARD_JOURNAL]: formatGuardJournal(entry).replace('calm', state).trimEnd(),
    [BOOT_ID]: BOOT,
    [GUARD_PROCESS]: process,
  }
}
