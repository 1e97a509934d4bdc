/** @module A directory that is ours alone: whoever may write to it could put files of their own there. */
import { chownSync, lstatSync } from 'node:fs'
import { makeDirectory } from '../make-directory.ts'

export interface DirectoryWish {
  /** Where it is made. */
  readonly mode: number
  /** Group that it is given where it is made; `null`: the owner's own. */
  readonly gid: number | null
}

/**
 * Makes `path` where it is missing; one that is there is left as it is.
 * @returns why it may not be used, as a clause; `undefined` when it may
 */
export function claimDirectory(path: string, { mode, gid }: DirectoryWish): string | undefined {
  const uid = process.getuid?.() ?? 0
  if (makeDirectory(path, mode) && gid !== null) chownSync(path, uid, gid)
  const stat = lstatSync(path)
  if (stat.uid !== uid) return `it belongs to user ${stat.uid}`
  return (stat.mode & 0o002) === 0 ? undefined : 'anybody may write to it'
}

/**
 * The owner of `path` where that is neither root nor this user: a stranger may have put a socket there
 * that speaks as a guard does. `undefined`: no stranger, or nothing is there.
 */
export function strangerAt(path: string, uid = process.getuid?.() ?? 0): number | undefined {
  const owner = lstatSync(path, { throwIfNoEntry: false })?.uid
  return owner === undefined || owner === 0 || owner === uid ? undefined : owner
}
