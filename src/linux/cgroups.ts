/**
 * @module The cgroups that processes are in, and those above them: what each holds, and which limit
 * is next. Found through the processes, since a walk over the tree costs more than reading it.
 */

import type { GroupRoom } from '../core/console/group-near.ts'
import type { Missing, PoolRow, ProcessTable } from '../core/procfs/records.ts'
import { findCgroupTree, openCgroupFiles } from './cgroup-files.ts'

/** Who is where, as the process table has it. */
type Members = Pick<ProcessTable, 'length' | 'pid' | 'cgroup'>

export interface Cgroups {
  /** Looks at every group again: one small file each, memory.stat of those that moved. */
  refresh(slots: Members, nowMs: number): void
  /** Groups that have a process or a limit of their own, largest first. */
  rows(): PoolRow[]
  /** Free below the tightest limit of the group and all above it; Infinity: no limit. */
  headroomBytes(path: string, nowMs: number): number
  /** Of the groups with a limit the one that has least left, as of the last look; `undefined`: none has. */
  tightest(): GroupRoom | undefined
  /** Of the host: what a group may use beyond its limit of memory. */
  setSwapTotal(bytes: number): void
  missing(): Missing[]
}

interface Group {
  readonly path: string
  /** Has processes itself, not only in groups below it. */
  hasProcess: boolean
  usageBytes: number
  heldBytes: number
  heldAtMs: number
  limitBytes: number
  limitAtMs: number
  seenAtMs: number
}

const MAX_GROUPS = 4096
/** Of these the largest are read in full and listed. */
const MAX_ROWS = 256
const MIN_ROW_BYTES = 4 * 1024 * 1024
/** Limits are set when a group is made, and seldom later. */
const LIMIT_AGE_MS = 60_000
/** A group that was read at the last look needs no second reading for a process' limit. */
const HELD_AGE_MS = 5_000

/** The group above; '' above the first level. */
function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** A group and all above it, up to ''. That one has a limit where it is a container's own. */
function levelsUp(path: string): string[] {
  const levels: string[] = []
  for (let level = path === '/' ? '' : path; level !== ''; level = parentPath(level)) {
    levels.push(level)
  }
  return [...levels, '']
}

export function openCgroups(sysRoot: string): Cgroups {
  const tree = findCgroupTree(sysRoot)
  const files = tree === undefined ? undefined : openCgroupFiles(tree)
  const groups = new Map<string, Group>()
  let swapTotalBytes = 0
  let unreadable = 0

  function takeGroup(path: string): Group | undefined {
    const known = groups.get(path)
    if (known !== undefined || groups.size >= MAX_GROUPS) return known
    const group: Group = {
      path,
      hasProcess: false,
      usageBytes: Number.NaN,
      heldBytes: Number.NaN,
      heldAtMs: Number.NEGATIVE_INFINITY,
      limitBytes: Number.POSITIVE_INFINITY,
      limitAtMs: Number.NEGATIVE_INFINITY,
      seenAtMs: Number.NEGATIVE_INFINITY,
    }
    groups.set(path, group)
    return group
  }

  function readLimit(group: Group, nowMs: number): void {
    if (files === undefined || nowMs - group.limitAtMs < LIMIT_AGE_MS) return
    group.limitAtMs = nowMs
    group.limitBytes = files.readLimitBytes(group.path, swapTotalBytes)
  }

  function readHeld(group: Group, nowMs: number): void {
    if (files === undefined) return
    group.heldAtMs = nowMs
    group.heldBytes = files.readHeldBytes(group.path, swapTotalBytes > 0)
  }

  function seeGroups(slots: Members, nowMs: number): void {
    for (const group of groups.values()) group.hasProcess = false
    for (let slot = 0; slot < slots.length; slot++) {
      const path = slots.cgroup[slot] ?? ''
      // `/..` is outside of this cgroup namespace, and has no directory here.
      if (slots.pid[slot] === 0 || path.length < 2 || path.startsWith('/..')) continue
      const group = takeGroup(path)
      if (group !== undefined) group.hasProcess = true
      for (let above = path; above !== '' && seeGroup(above, nowMs); ) above = parentPath(above)
    }
    for (const group of groups.values()) {
      if (group.seenAtMs !== nowMs) groups.delete(group.path)
    }
  }

  /** False: it was seen before at this look, and so were those above it. */
  function seeGroup(path: string, nowMs: number): boolean {
    const group = takeGroup(path)
    if (group === undefined || group.seenAtMs === nowMs) return false
    group.seenAtMs = nowMs
    return true
  }

  /** What is listed stays until it has halved, so that nothing comes and goes at the line. */
  function minBytes(group: Group): number {
    return Number.isNaN(group.heldBytes) ? MIN_ROW_BYTES : MIN_ROW_BYTES / 2
  }

  function isListed(group: Group): boolean {
    return group.hasProcess || Number.isFinite(group.limitBytes)
  }

  return {
    refresh(slots, nowMs) {
      if (files === undefined) return
      seeGroups(slots, nowMs)
      unreadable = 0
      const moved: Group[] = []
      for (const group of groups.values()) {
        readLimit(group, nowMs)
        if (!isListed(group)) continue
        const usageBytes = files.readUsageBytes(group.path)
        if (Number.isNaN(usageBytes)) unreadable++
        // With swap a group may grow while its memory stands still.
        const isSame = usageBytes === group.usageBytes && swapTotalBytes === 0
        group.usageBytes = usageBytes
        if (isSame) group.heldAtMs = nowMs
        else if (usageBytes >= minBytes(group) || swapTotalBytes > 0) moved.push(group)
        else group.heldBytes = Number.NaN
      }
      moved.sort((a, b) => b.usageBytes - a.usageBytes)
      for (const group of moved.slice(0, MAX_ROWS)) readHeld(group, nowMs)
    },
    rows() {
      const listed = [...groups.values()].filter((group) => isListed(group) && group.heldBytes >= 0)
      listed.sort((a, b) => b.heldBytes - a.heldBytes)
      return listed.slice(0, MAX_ROWS).map(({ path, heldBytes, limitBytes }) => ({
        kind: 'cgroup',
        name: path,
        usedBytes: heldBytes,
        limitBytes: Number.isFinite(limitBytes) ? limitBytes : null,
      }))
    },
    headroomBytes(path, nowMs) {
      let headroom = Number.POSITIVE_INFINITY
      if (path === '' || path.startsWith('/..')) return headroom
      for (const level of levelsUp(path)) {
        const group = takeGroup(level)
        if (group === undefined) continue
        readLimit(group, nowMs)
        if (!Number.isFinite(group.limitBytes)) continue
        if (!(nowMs - group.heldAtMs < HELD_AGE_MS) || Number.isNaN(group.heldBytes)) {
          readHeld(group, nowMs)
        }
        const free = group.limitBytes - group.heldBytes
        if (!Number.isNaN(free)) headroom = Math.min(headroom, Math.max(0, free))
      }
      return headroom
    },
    tightest() {
      let least: GroupRoom | undefined
      for (const { path, limitBytes, heldBytes } of groups.values()) {
        if (!Number.isFinite(limitBytes)) continue
        // One that is too small to be read in full holds next to nothing.
        const roomBytes = limitBytes - (Number.isNaN(heldBytes) ? 0 : heldBytes)
        if (least === undefined || roomBytes < least.roomBytes) least = { path, roomBytes }
      }
      return least
    },
    setSwapTotal(bytes) {
      swapTotalBytes = bytes
    },
    missing() {
      if (tree === undefined) {
        const why = `no memory controller is mounted below ${sysRoot}/fs/cgroup`
        return [{ what: 'usage and limits of cgroups', why }]
      }
      if (unreadable === 0) return []
      return [
        {
          what: `usage of ${unreadable} cgroups`,
          why: `their files below ${tree.root} cannot be read`,
        },
      ]
    },
  }
}
