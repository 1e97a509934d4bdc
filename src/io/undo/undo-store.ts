/** @module The undo journal and our drop-ins on the disk, below a root that is '' for this host. */
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
import { makeDirectory } from '../make-directory.ts'
import { readOwnFile, removeOwnFile, replaceOwnFile, strangersIn } from '../own-file.ts'

const STATE = '/var/lib/plimsoll'
const DIRECTORY = `${STATE}/undo`
const FILE = `${DIRECTORY}/journal.json`
const MAX_DROP_IN_BYTES = 64 * 1024

export interface UndoStore {
  /** @throws PLM_UNDO where anybody else may have had a hand in it */
  readJournal(): UndoJournal
  /** On the disk when it returns. @throws PLM_UNDO; what node:fs says */
  writeJournal(journal: UndoJournal): void
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

  return {
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
      makeDirectory(`${root}${STATE}`, 0o755)
      makeDirectory(`${root}${DIRECTORY}`, 0o700)
      checkDirectories()
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
