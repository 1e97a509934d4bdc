/** @module Where the guard's socket is. */
import { join } from 'node:path'

const SYSTEM_SOCKET = '/run/plimsoll/guard.sock'

export interface SocketOwner {
  readonly uid: number
  /** XDG_RUNTIME_DIR, where it is set. */
  readonly runtimeDir: string | undefined
}

/** Where a guard of this user listens: root for the system, anybody else for themselves. */
export function guardSocketPath({ uid, runtimeDir }: SocketOwner): string {
  if (uid === 0) return SYSTEM_SOCKET
  if (runtimeDir?.startsWith('/')) {
    return join(runtimeDir, 'plimsoll/guard.sock')
  }
  return `/tmp/plimsoll-${uid}/guard.sock`
}

/** Where a reader looks for a guard, the system's first: it sees more. */
export function guardSocketPaths(owner: SocketOwner): readonly string[] {
  return [...new Set([SYSTEM_SOCKET, guardSocketPath(owner)])]
}
