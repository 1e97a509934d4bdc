/** @module The shortage of a cgroup at its own limit: it is that group's, and its processes alone can end it. */
import type { Candidate, Grown, HostState } from './records.ts'

/** A group with a limit. */
export interface GroupMemory {
  /** Untrusted text. */
  readonly path: string
  readonly limitBytes: number
  readonly roomBytes: number
}

/** Whether `path` is the group or below it. */
export function isWithin(path: string | null, group: string): boolean {
  if (path === null) return false
  return group === '/' || path === group || path.startsWith(`${group}/`)
}

/** What its members grew by: nothing else counts against its limit but pages of files, which are given back. */
function lostBy(candidates: readonly Candidate[]): Grown {
  const over = (index: 0 | 1 | 2): number =>
    candidates.reduce((sum, { grown }) => sum + Math.max(0, grown[index]), 0)
  return [over(0), over(1), over(2)]
}

/** The state of one group, as if it were the host. */
export function narrowToGroup(host: HostState, group: GroupMemory): HostState {
  const candidates = host.candidates.filter(({ cgroup }) => isWithin(cgroup, group.path))
  return {
    bootSec: host.bootSec,
    memory: {
      totalBytes: group.limitBytes,
      availableBytes: group.roomBytes,
      swapFreeBytes: 0,
      fallBytesPerSec: 0,
      // The host's pressure is not the group's.
      psiFullPct: null,
    },
    lost: lostBy(candidates),
    pools: [],
    candidates,
  }
}
