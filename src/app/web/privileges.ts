/**
 * @module Gives root up: the web process speaks to the network and needs no right of it, once its
 * socket listens and its directory is its own.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readdirSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { makeDirectory } from '../../io/make-directory.ts'
import type { User } from '../../linux/accounts.ts'
import { readUser } from '../../linux/accounts.ts'

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** @throws PlimsollError PLM_PERMISSION: no such user, or it is root itself */
export function findUser(name: string): User {
  const user = readUser(name)
  if (user !== undefined && user.uid !== 0) return user
  const got = user === undefined ? 'there is no such user' : 'that is root itself'
  throw new PlimsollError('PLM_PERMISSION', `cannot give root up for ${name}: ${got}`, {
    hint: 'Name an unprivileged user of /etc/passwd.',
  })
}

/**
 * Gives a file of ours to `user`. By descriptor and only where it has one name: the directory is
 * theirs from the second start on, and a link in it must not give a file of root's away.
 */
function handOverFile(path: string, user: User): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(fd)
    if (stat.isFile() && stat.nlink === 1) fchownSync(fd, user.uid, user.gid)
  } finally {
    closeSync(fd)
  }
}

/** What speaks against giving a directory away: it is not the history's alone. */
function findOtherUse(directory: string, names: readonly string[], ours: string): string | null {
  // Debian has empty ones there: /srv, /mnt, /opt.
  if (dirname(directory) === '/') return 'it lies in /'
  const other = names.find((name) => !name.startsWith(ours))
  return other === undefined ? null : `it holds ${JSON.stringify(other)} too`
}

/**
 * Gives the history's directory, and the files of the history in it, to `user`.
 * @throws Error: the directory is there for something else too, such as /var/lib or /tmp
 */
export function handOverHistory(historyFile: string, user: User): void {
  const directory = dirname(historyFile)
  const isNew = makeDirectory(directory, 0o700)
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
  const fd = openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  const names = readdirSync(directory)
  try {
    const otherUse = findOtherUse(directory, names, basename(historyFile))
    if (!isNew && fstatSync(fd).uid !== user.uid && otherUse !== null) throw new Error(otherUse)
    fchownSync(fd, user.uid, user.gid)
    fchmodSync(fd, 0o700)
  } finally {
    closeSync(fd)
  }
  for (const name of names) {
    if (!name.startsWith(basename(historyFile))) continue
    try {
      handOverFile(join(directory, name), user)
    } catch {
      // A link, or gone meanwhile: the history says itself what it cannot open.
    }
  }
}

/**
 * Becomes `user` for good.
 * @param guardGid group that stays, since the guard's socket belongs to it; `null`: none
 * @throws PlimsollError PLM_PERMISSION
 */
export function becomeUser(user: User, guardGid: number | null): void {
  let why = 'the kernel kept another'
  try {
    process.setgroups?.(guardGid === null ? [] : [guardGid])
    process.setgid?.(user.gid)
    process.setuid?.(user.uid)
    // Root's own, of no use to what is started from now on.
    delete process.env.HOME
    if (process.getuid?.() === user.uid && process.geteuid?.() === user.uid) return
  } catch (error) {
    why = messageOf(error)
  }
  throw new PlimsollError('PLM_PERMISSION', `cannot become user ${user.uid}: ${why}`, {
    hint: 'Root needs CAP_SETUID and CAP_SETGID for that; or start the web process as that user.',
  })
}
