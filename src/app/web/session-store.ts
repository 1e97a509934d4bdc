/**
 * @module Keeps sessions over a restart, since this process may be ended under memory pressure when it
 * is needed most. The file stays open: it belongs to who started the process, who may be root.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { findMismatch } from '../../core/wire/shape.ts'
import { makeDirectory } from '../../io/make-directory.ts'
import type { SessionStore } from './sessions.ts'

export interface OpenSessionStore extends SessionStore {
  close(): void
}

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants
/** More is not ours. */
const MAX_FILE_BYTES = 64 * 1024

function openOwn(path: string): number {
  let fd: number | undefined
  try {
    makeDirectory(dirname(path), 0o700)
    fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
    const stat = fstatSync(fd)
    if (!stat.isFile() || stat.nlink !== 1) throw new Error('it is no plain file')
    fchmodSync(fd, 0o600)
    return fd
  } catch (error) {
    if (fd !== undefined) closeSync(fd)
    throw new PlimsollError(
      'PLM_PERMISSION',
      `cannot keep sessions in ${path}: ${messageOf(error)}`,
      {
        hint: 'Name a state directory of your own.',
      },
    )
  }
}

/** What is torn, foreign or empty holds no session: one logs in again. */
function parseSessions(text: string): Map<string, number> {
  try {
    const value: unknown = JSON.parse(text)
    if (findMismatch(value, { valuesOf: 'count' }, 'sessions') !== null) return new Map()
    return new Map(Object.entries(value as Record<string, number>))
  } catch {
    return new Map()
  }
}

/** @throws PlimsollError PLM_PERMISSION */
export function openSessionStore(path: string): OpenSessionStore {
  const fd = openOwn(path)
  return {
    load: () =>
      fstatSync(fd).size > MAX_FILE_BYTES ? new Map() : parseSessions(readFileSync(fd, 'utf8')),
    save(sessions) {
      const bytes = Buffer.from(JSON.stringify(Object.fromEntries(sessions)))
      // Written over what is there, since a full disk gives no new room for what was cut off.
      writeSync(fd, bytes, 0, bytes.length, 0)
      ftruncateSync(fd, bytes.length)
    },
    close: () => closeSync(fd),
  }
}
