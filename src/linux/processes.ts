/**
 * @module All processes of the host in one table, kept up by two passes.
 *
 * One source feeds each figure, so that a full pass between two fast ones makes no step: anonymous
 * memory, and file and shmem together, come from statm alone; how those two divide and what is
 * swapped come from status alone, and are kept until it is read again. docs/sampling.md has the why.
 */
import type { ProcessTable } from '../core/procfs/records.ts'
import { decodeText } from '../core/procfs/scan.ts'
import { readFast, runFastPass } from './fast-pass.ts'
import { canCountByStat } from './fd-count.ts'
import { closeFile, openFile, readOpen } from './files.ts'
import { readFull, runFullPass } from './full-pass.ts'
import { keepFd } from './kept-fds.ts'
import { openPidSource } from './pids.ts'
import { createScan, dropProcess, isAlive, readStat } from './process-scan.ts'
import { takeSlot, WANT_REQUESTED, wantFull } from './process-slots.ts'

/** Kernel threads are looked at again this often: a helper that the kernel starts may exec. */
const KERNEL_THREADS_AGE_MS = 60_000

export interface ProcessesOptions {
  readonly procRoot: string
  readonly pageSize: number
  readonly clockTicksPerSec: number
  /** Descriptors that may stay open. */
  readonly maxFds: number
}

export interface Processes {
  readonly table: ProcessTable
  /** Every process, by statm; finds the new and the gone. False: /proc could not be listed. */
  fastPass(nowMs: number): boolean
  /** At most `budget` processes, by status, descriptors and cgroup; returns how many were read. */
  fullPass(budget: number, nowMs: number): number
  /** The next full pass begins with this one. */
  requestFull(slot: number): void
  /** Whether the slot's process still lives: what was read by its pid just now is its own. */
  isAlive(slot: number): boolean
  /** Path in the hierarchy that systemd keeps units in; '' unknown. */
  unitCgroup(slot: number): string
  /** Whether the host has swap: then memory that vanishes may have gone there. */
  setSwap(present: boolean): void
  /** Descriptors that are kept open now. */
  keptFds(): number
  close(): void
}

export function openProcesses(options: ProcessesOptions): Processes {
  const { procRoot } = options
  const scan = createScan(options)
  const { slots, slotByPid, fds, probe } = scan
  const pids = openPidSource(procRoot)
  const countsByStat = canCountByStat(procRoot)
  const kernelThreads = new Set<number>()
  const cursors = { changed: 0, round: 0 }
  let kernelThreadsAtMs = 0
  let passMs = 0

  function addProcess(pid: number): void {
    if (slotByPid.has(pid) || kernelThreads.has(pid)) return
    const fd = fds.open < fds.max ? openFile(`${procRoot}/${pid}/statm`) : -1
    const length = readStat(scan, pid)
    if (length < 0 || scan.stat.isKernelThread) {
      closeFile(fd)
      if (length > 0) kernelThreads.add(pid)
      return
    }
    const comm = decodeText(probe, scan.stat.commStart, scan.stat.commEnd)
    // It was opened before stat was read: if it still answers, both are of one process.
    if (fd >= 0 && readOpen(fd, probe) < 0) {
      closeFile(fd)
      return
    }
    const slot = takeSlot(slots, pid, scan.stat.startTicks)
    slots.comm[slot] = comm
    slots.statmFd[slot] = keepFd(fds, Math.max(fd, -1))
    slotByPid.set(pid, slot)
    readFast(scan, slot)
    if (slots.pid[slot] === pid) readFull(scan, slot, countsByStat, passMs)
  }

  return {
    table: slots,
    fastPass(nowMs) {
      passMs = nowMs
      runFastPass(scan)
      if (nowMs - kernelThreadsAtMs >= KERNEL_THREADS_AGE_MS) {
        kernelThreadsAtMs = nowMs
        kernelThreads.clear()
        pids.forceList()
      }
      const isListed = pids.list(nowMs, addProcess)
      slots.kernelThreads = kernelThreads.size
      return isListed
    },
    fullPass: (budget, nowMs) => runFullPass(scan, cursors, countsByStat, budget, nowMs),
    requestFull(slot) {
      if (slots.pid[slot] > 0) wantFull(slots, slot, WANT_REQUESTED)
    },
    isAlive: (slot) => slots.pid[slot] > 0 && isAlive(scan, slot),
    unitCgroup: (slot) => slots.unitCgroup[slot] ?? '',
    setSwap(present) {
      scan.hasSwap = present
    },
    keptFds: () => fds.open,
    close() {
      for (let slot = 0; slot < slots.length; slot++) {
        if (slots.pid[slot] > 0) dropProcess(scan, slot)
      }
      pids.close()
    },
  }
}
