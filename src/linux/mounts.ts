/** @module What is mounted, as this process sees it; looked up again every half minute. */
import { type Mount, parseMountLine } from '../core/procfs/mountinfo.ts'
import type { Missing } from '../core/procfs/records.ts'
import { forEachFileLine } from './file-lines.ts'

export interface Mounts {
  /** The same array until it is read again. Cost then: 2 us a line. */
  list(nowMs: number): readonly Mount[]
  /** How /proc hides other users' processes from all but root (`hidepid`, proc(5)); '': not at all. */
  hidepid(nowMs: number): string
  missing(): Missing[]
}

const AGE_MS = 30_000
const HIDEPID = /(?:^|,)hidepid=([^,]+)/

export function openMounts(procRoot: string): Mounts {
  const path = `${procRoot}/self/mountinfo`
  const buffer = new Uint8Array(16 * 1024)
  let mounts: readonly Mount[] = []
  let readAtMs = Number.NEGATIVE_INFINITY
  let code = 0

  function list(nowMs: number): readonly Mount[] {
    if (nowMs - readAtMs < AGE_MS) return mounts
    readAtMs = nowMs
    const found: Mount[] = []
    code = forEachFileLine(path, buffer, (start, end) => {
      const mount = parseMountLine(buffer, start, end)
      if (mount !== undefined) found.push(mount)
    })
    mounts = found
    return mounts
  }

  return {
    list,
    hidepid(nowMs) {
      const proc = list(nowMs).findLast((mount) => mount.mountPoint === procRoot)
      const value = HIDEPID.exec(proc?.superOptions ?? '')?.[1] ?? ''
      return value === '0' || value === 'off' ? '' : value
    },
    missing: () => (code >= 0 ? [] : [{ what: 'tmpfs mounts', why: `${path} cannot be read` }]),
  }
}
