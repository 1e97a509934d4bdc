/** @module /proc/PID/cgroup: where in which hierarchy a process is. */
import { decodeText, findByte, forEachLine } from './scan.ts'

const COLON = 58

export interface CgroupMembership {
  /** Path in v1's memory hierarchy; `undefined`: none on this host. */
  readonly memory: string | undefined
  /** Path in the unified (v2) hierarchy; `undefined`: none. */
  readonly unified: string | undefined
  /** Path in the hierarchy that systemd keeps units in: v1's `name=systemd`, else the unified one. */
  readonly systemd: string | undefined
}

/**
 * Paths of one process from lines `ID:CONTROLLERS:PATH`; the path may hold colons.
 * @see cgroups(7); kernel/cgroup/cgroup.c proc_cgroup_show(), v2.6.24..v6.18. A removed group's path
 * ends in ` (deleted)`, which is kept.
 */
export function parseCgroupFile(bytes: Uint8Array, length: number): CgroupMembership {
  let memory: string | undefined
  let unified: string | undefined
  let named: string | undefined
  forEachLine(bytes, length, (start, end) => {
    const first = findByte(bytes, COLON, start, end)
    const second = first < 0 ? -1 : findByte(bytes, COLON, first + 1, end)
    if (second < 0) return
    const controllers = decodeText(bytes, first + 1, second)
    const path = () => decodeText(bytes, second + 1, end)
    if (controllers === '') unified = path()
    else if (controllers === 'name=systemd') named = path()
    else if (controllers.split(',').includes('memory')) memory = path()
  })
  return { memory, unified, systemd: named ?? unified }
}
