/** @module tmpfs mounts (POSIX shared memory is one of them): memory that no process shows. */
import { statfsSync, statSync } from 'node:fs'
import type { Mount } from '../core/procfs/mountinfo.ts'
import type { Missing, PoolRow } from '../core/procfs/records.ts'
import type { Mounts } from './mounts.ts'

export interface TmpfsMounts {
  /** Largest first. Cost: 6 us a mount. */
  readRows(nowMs: number): PoolRow[]
  missing(): Missing[]
}

const MAX_ROWS = 64
const MAX_MOUNTS = 512
/** A path through one of these waits for a server that may be gone: never touched. */
const MAY_HANG = /^(?:nfs|cifs|smb|ceph|fuse|9p|autofs|afs|lustre|virtiofs|gfs|ocfs|beegfs|gpfs)/

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory === '/' ? directory : `${directory}/`)
}

/**
 * One mount for each file system that lives in memory: bind mounts show the same one again. Left out
 * is whose path goes through a server, also where that was mounted over it later.
 */
export function selectTmpfs(mounts: readonly Mount[]): Mount[] {
  const servers = mounts.filter(({ fsType }) => MAY_HANG.test(fsType))
  const topAt = new Map(mounts.map((mount) => [mount.mountPoint, mount]))
  const byDev = new Map<number, Mount>()
  for (const mount of mounts) {
    if (mount.fsType !== 'tmpfs' && mount.fsType !== 'devtmpfs') continue
    if (byDev.size >= MAX_MOUNTS) break
    if (servers.some(({ mountPoint }) => isBelow(mount.mountPoint, mountPoint))) continue
    // The first mount is the original; a later one only where another covers that.
    const isCovered = topAt.get(mount.mountPoint) !== mount
    if (!isCovered && !byDev.has(mount.dev)) byDev.set(mount.dev, mount)
  }
  return [...byDev.values()]
}

/** `undefined`: another file system is there by now, or it may not be reached. NaN used: unlimited. */
function readMount(mount: Mount): PoolRow | undefined {
  try {
    if (statSync(mount.mountPoint).dev !== mount.dev) return undefined
    const { blocks, bfree, bsize } = statfsSync(mount.mountPoint)
    const sizeBytes = blocks * bsize
    return {
      kind: 'tmpfs',
      name: mount.mountPoint,
      usedBytes: sizeBytes === 0 ? Number.NaN : (blocks - bfree) * bsize,
      limitBytes: sizeBytes,
    }
  } catch {
    return undefined
  }
}

export function openTmpfsMounts(mounts: Mounts): TmpfsMounts {
  let known: readonly Mount[] = []
  let selected: Mount[] = []
  let unlimited: string[] = []
  let unreached = 0

  return {
    readRows(nowMs) {
      const all = mounts.list(nowMs)
      if (all !== known) selected = selectTmpfs(all)
      known = all
      const rows: PoolRow[] = []
      unlimited = []
      unreached = 0
      for (const mount of selected) {
        const row = readMount(mount)
        if (row === undefined) unreached++
        else if (Number.isNaN(row.usedBytes)) unlimited.push(mount.mountPoint)
        else rows.push(row)
      }
      rows.sort((a, b) => b.usedBytes - a.usedBytes)
      return rows.slice(0, MAX_ROWS)
    },
    missing() {
      const missing: Missing[] = []
      if (unreached > 0) {
        missing.push({
          what: `${unreached} tmpfs mounts`,
          why: 'they are covered by other mounts or may not be reached by this user',
        })
      }
      for (const point of unlimited.slice(0, 4)) {
        missing.push({
          what: `tmpfs ${point}`,
          why: 'it has no size, so the kernel counts nothing',
        })
      }
      return missing
    },
  }
}
