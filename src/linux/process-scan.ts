/** @module What the passes over processes share: the table, the budget, the buffer, who is who. */
import { emptyStat, parseStat, type Stat } from '../core/procfs/stat.ts'
import { GONE, openFile, type ReadLength, readOnce, readOpen } from './files.ts'
import { type FdBudget, keepFd, releaseFd } from './kept-fds.ts'
import { createSlots, dropSlot, type ProcessSlots } from './process-slots.ts'

export interface ProcessScan {
  readonly procRoot: string
  readonly pageSize: number
  readonly clockTicksPerSec: number
  readonly slots: ProcessSlots
  readonly slotByPid: Map<number, number>
  readonly fds: FdBudget
  /** Every file is read into this one. */
  readonly buffer: Uint8Array
  /** For checks of identity, so that `buffer` keeps what it holds. */
  readonly probe: Uint8Array
  readonly stat: Stat
  /** Without swap, memory that vanishes was freed, and no full pass need look for it. */
  hasSwap: boolean
}

export function createScan(options: {
  readonly procRoot: string
  readonly pageSize: number
  readonly clockTicksPerSec: number
  readonly maxFds: number
}): ProcessScan {
  const { procRoot, pageSize, clockTicksPerSec, maxFds } = options
  return {
    procRoot,
    pageSize,
    clockTicksPerSec,
    slots: createSlots(),
    slotByPid: new Map(),
    fds: { max: maxFds, open: 0 },
    buffer: new Uint8Array(16 * 1024),
    probe: new Uint8Array(1024),
    stat: emptyStat(),
    hasSwap: true,
  }
}

/** Reads /proc/PID/stat of whoever has `pid` now into `scan.stat` and `scan.probe`. */
export function readStat(scan: ProcessScan, pid: number): ReadLength {
  const length = readOnce(`${scan.procRoot}/${pid}/stat`, scan.probe)
  if (length < 0) return length
  return parseStat(scan.probe, length, scan.stat) && scan.stat.pid === pid ? length : GONE
}

/**
 * Whether the slot's process still lives. A kept statm answers ESRCH after its process was reaped,
 * whoever has the pid by then; without one the start time decides.
 */
export function isAlive(scan: ProcessScan, slot: number): boolean {
  const { slots, probe } = scan
  if (slots.statmFd[slot] >= 0) return readOpen(slots.statmFd[slot], probe) >= 0
  return readStat(scan, slots.pid[slot]) > 0 && scan.stat.startTicks === slots.startTicks[slot]
}

/** Reads the slot's statm into `scan.buffer`. */
export function readStatm(scan: ProcessScan, slot: number): ReadLength {
  const { slots, buffer } = scan
  if (slots.statmFd[slot] >= 0) return readOpen(slots.statmFd[slot], buffer)
  if (!isAlive(scan, slot)) return GONE
  return readOnce(`${scan.procRoot}/${slots.pid[slot]}/statm`, buffer)
}

/** Keeps statm open where it is not yet and the budget has room. */
export function keepStatm(scan: ProcessScan, slot: number): void {
  const { slots, fds } = scan
  if (slots.statmFd[slot] >= 0 || fds.open >= fds.max) return
  const fd = keepFd(fds, openFile(`${scan.procRoot}/${slots.pid[slot]}/statm`))
  // The start time is read after the file was opened: if it fits, both are of one process.
  const fits = isAlive(scan, slot)
  slots.statmFd[slot] = Math.max(fd, -1)
  if (!fits) releaseFd(fds, slots.statmFd, slot)
}

export function dropProcess(scan: ProcessScan, slot: number): void {
  const { slots, fds } = scan
  releaseFd(fds, slots.statmFd, slot)
  releaseFd(fds, slots.statusFd, slot)
  releaseFd(fds, slots.fdDirFd, slot)
  scan.slotByPid.delete(slots.pid[slot])
  dropSlot(slots, slot)
}
