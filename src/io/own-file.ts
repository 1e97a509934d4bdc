/**
 * @module Files that are ours alone, in directories where others have no say: read only where nobody else can have
 * written them, and put in place whole, on the disk before anything that they are to undo is done.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

export type OwnText =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** Why it cannot be ours, as a clause. */
  | { readonly kind: 'strange'; readonly why: string }

function strange(why: string): OwnText {
  return { kind: 'strange', why }
}

/** The text of an open file that nobody but this user can have written. */
function readOpened(fd: number, maxBytes: number): OwnText {
  const { mode, uid, size, ...stat } = fstatSync(fd)
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return strange('it is no file')
  if (uid !== process.getuid?.()) return strange(`it belongs to user ${uid}`)
  if ((mode & 0o022) !== 0) return strange('others may write to it')
  if (stat.nlink > 1) return strange('it has a second name')
  if (size > maxBytes) return strange(`it is longer than ${maxBytes} bytes`)
  const buffer = Buffer.alloc(maxBytes)
  return { kind: 'text', text: buffer.toString('utf8', 0, readSync(fd, buffer, 0, maxBytes, 0)) }
}

export function readOwnFile(path: string, maxBytes: number): OwnText {
  let fd: number
  try {
    // Without O_NONBLOCK a FIFO would be waited for.
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return { kind: 'none' }
    return strange(code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be opened (${code})`)
  }
  try {
    return readOpened(fd, maxBytes)
  } finally {
    closeSync(fd)
  }
}

export function syncDirectory(path: string): void {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Puts `text` at `path` in one step; when it returns, it is on the disk.
 * @throws what node:fs says; `path` is then as it was
 */
export function replaceOwnFile(path: string, text: string, mode: number): void {
  const part = join(dirname(path), `.${basename(path)}.part`)
  // What a run that was killed has left.
  rmSync(part, { force: true })
  const fd = openSync(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    // Whatever umask took away.
    fchmodSync(fd, mode)
    fsyncSync(fd)
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  } finally {
    closeSync(fd)
  }
  syncDirectory(dirname(path))
}

/** Takes `path` away; when it returns, that is on the disk. */
export function removeOwnFile(path: string): void {
  rmSync(path, { force: true })
  if (lstatSync(dirname(path), { throwIfNoEntry: false }) !== undefined)
    syncDirectory(dirname(path))
}

/**
 * @returns why others may put files into a directory, as a clause; `null`: they may not, or it is not there
 */
export function strangersIn(path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return null
  if (stat.isSymbolicLink()) return 'it is a symbolic link'
  if (!stat.isDirectory()) return 'it is no directory'
  const uid = process.getuid?.()
  if (stat.uid !== uid && stat.uid !== 0) return `it belongs to user ${stat.uid}`
  return (stat.mode & 0o022) === 0 ? null : 'others may write to it'
}
