/** @module The undo journals and our drop-ins on the disk, below a root that is '' for this host. */
import { PlimsollError } from '../../base/errors.ts'
import type { DropInKind } from '../../core/console/fix/drop-in.ts'
import { DROP_INS } from '../../core/console/fix/drop-in.ts'
import type { UndoJournal } from '../../core/console/fix/journal.ts'
import {
  EMPTY_JOURNAL,
  formatJournal,
  MAX_JOURNAL_BYTES,
  parseJournal,
} from '../../core/console/fix/journal.ts'
import type { Seen } from '../../core/console/fix/plan.ts'
import type { GuardJournal, JournalEntry } from '../../core/console/guard-journal.ts'
import {
  formatGuardJournal,
  GUARD_JOURNAL,
  MAX_GUARD_JOURNAL_BYTES,
  parseGuardJournal,
} from '../../core/console/guard-journal.ts'
import { makeDirectory } from '../make-directory.ts'
import { readOwnFile, removeOwnFile, replaceOwnFile, strangersIn } from '../own-file.ts'
import { underLock } from './undo-lock.ts'

const STATE = '/var/lib/plimsoll'
const DIRECTORY = `${STATE}/undo`
const FILE = `${DIRECTORY}/journal.json`
const LOCK = `${DIRECTORY}/lock`
const MAX_DROP_IN_BYTES = 64 * 1024

export interface UndoStore {
  /** Keeps every other run from changing anything meanwhile. @throws PLM_UNDO where one is at it */
  underLock<T>(work: () => T | Promise<T>): Promise<T>
  /** @throws PLM_UNDO where anybody else may have had a hand in it */
  readJournal(): UndoJournal
  /** On the disk when it returns. @throws PLM_UNDO; what node:fs says */
  writeJournal(journal: UndoJournal): void
  /** What a console guard left word of; `null`: nothing. @throws PLM_UNDO as `readJournal` */
  readGuard(): GuardJournal | null
  /** Takes its journal away, unless another guard has written one since. */
  endGuard(seen: JournalEntry): void
  readDropIn(kind: DropInKind): Seen
  /** `null`: takes it away. @throws what node:fs says */
  writeDropIn(kind: DropInKind, text: string | null): void
}

export function openUndoStore(root: string): UndoStore {
  const dropIn = (kind: DropInKind): string => `${root}${DROP_INS[kind]}`

  function refuse(path: string, why: string): never {
    throw new PlimsollError('PLM_UNDO', `${root}${path} is not used: ${why}`)
  }

  function checkDirectories(): void {
    for (const path of [STATE, DIRECTORY]) {
      const why = strangersIn(`${root}${path}`)
      if (why !== null) refuse(path, why)
    }
  }

  function makeDirectories(): void {
    makeDirectory(`${root}${STATE}`, 0o755)
    makeDirectory(`${root}${DIRECTORY}`, 0o700)
    checkDirectories()
  }

  function readGuard(): GuardJournal | null {
    checkDirectories()
    const seen = readOwnFile(`${root}${GUARD_JOURNAL}`, MAX_GUARD_JOURNAL_BYTES)
    if (seen.kind === 'none') return null
    if (seen.kind === 'strange') refuse(GUARD_JOURNAL, seen.why)
    return parseGuardJournal(seen.text) ?? refuse(GUARD_JOURNAL, 'no console guard wrote that')
  }

  return {
    underLock(work) {
      makeDirectories()
      return underLock(`${root}${LOCK}`, work)
    },
    readGuard,
    endGuard(seen) {
      const now = readGuard()
      if (now === null || formatGuardJournal(now) !== formatGuardJournal(seen)) return
      removeOwnFile(`${root}${GUARD_JOURNAL}`)
    },
    readJournal() {
      checkDirectories()
      const seen = readOwnFile(`${root}${FILE}`, MAX_JOURNAL_BYTES)
      if (seen.kind === 'none') return EMPTY_JOURNAL
      if (seen.kind === 'strange') refuse(FILE, seen.why)
      return parseJournal(seen.text) ?? refuse(FILE, 'plimsoll did not write what it says')
    },
    writeJournal(journal) {
      if (journal.entries.length === 0 && journal.silenced === null) {
        removeOwnFile(`${root}${FILE}`)
        return
      }
      makeDirectories()
      replaceOwnFile(`${root}${FILE}`, formatJournal(journal), 0o600)
    },
    readDropIn: (kind) => readOwnFile(dropIn(kind), MAX_DROP_IN_BYTES),
    writeDropIn(kind, text) {
      const path = dropIn(kind)
      if (text === null) {
        removeOwnFile(path)
        return
      }
      makeDirectory(path.slice(0, path.lastIndexOf('/')), 0o755)
      replaceOwnFile(path, text, 0o644)
    },
  }
}
