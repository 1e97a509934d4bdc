/** @module A directory that is ours alone: whoever may write to it could put files of their own there. */
import { chownSync, lstatSync, mkdirSync } from 'node:fs'

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
  if (mkdirSync(path, { recursive: true, mode }) !== undefined && gid !== null) {
    chownSync(path, uid, gid)
  }
  const stat = lstatSync(path)
  if (stat.uid !== uid) return `it belongs to user ${stat.uid}`
  return (stat.mode & 0o002) === 0 ? undefined : 'anybody may write to it'
}
