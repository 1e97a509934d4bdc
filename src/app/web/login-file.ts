/**
 * @module The file that holds the address of the next login, for `plimsoll agent` and its owner. It
 * stays open, since it belongs to who started the process, who may be root, and is rewritten later.
 */
import { closeSync, constants, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { shellQuote } from '../../base/escape.ts'
import { makeDirectory } from '../../io/make-directory.ts'

/** What its owner reads it with; root's own file is no other user's to read. */
export function loginCommand(path: string, isRoots: boolean): string {
  return `${isRoots ? 'sudo ' : ''}cat ${shellQuote(path)}`
}

export interface LoginFile {
  write(url: string): void
  /** Removes it where that is still allowed, and empties it in any case. */
  close(): void
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

function openNew(path: string): number {
  try {
    makeDirectory(dirname(path), 0o700)
    // Made anew: what lies there may be a link, or open for somebody else already.
    rmSync(path, { force: true })
    return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  } catch (error) {
    throw new PlimsollError('PLM_PERMISSION', `cannot write ${path}: ${messageOf(error)}`, {
      hint: 'The address for the login is kept there: name a file in a directory of your own.',
    })
  }
}

/** @throws PlimsollError PLM_PERMISSION */
export function openLoginFile(path: string): LoginFile {
  const fd = openNew(path)
  return {
    write(url) {
      // One call and the same length each time: a reader never sees half of it.
      writeSync(fd, `${url}\n`, 0)
    },
    close() {
      ftruncateSync(fd)
      closeSync(fd)
      try {
        rmSync(path, { force: true })
      } catch {
        // Its directory is root's, and this process is not root any more.
      }
    },
  }
}
