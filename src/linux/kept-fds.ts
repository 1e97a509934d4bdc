/** @module A budget of descriptors that stay open, so that the limit of this process is never hit. */
import { parseLimits } from '../core/procfs/limits.ts'
import { closeFile, readOnce } from './files.ts'

export interface FdBudget {
  readonly max: number
  open: number
}

/** Counts `fd` as kept, if it is one. */
export function keepFd(budget: FdBudget, fd: number): number {
  if (fd >= 0) budget.open++
  return fd
}

/** Closes the slot's descriptor of one column, if it has one. */
export function releaseFd(budget: FdBudget, column: Int32Array, slot: number): void {
  if (column[slot] < 0) return
  closeFile(column[slot])
  column[slot] = -1
  budget.open--
}

/** For sockets, state files and what is opened for a moment. */
const RESERVED = 256
/** Three for each of 5,000 processes; each costs the kernel about 1.5 KiB (a file, an inode, a name). */
const MOST = 16_384

/** How many this process may keep: its own limit, which Node raises to the hard one at its start. */
export function readFdBudget(procRoot: string): number {
  const buffer = new Uint8Array(4096)
  const length = readOnce(`${procRoot}/self/limits`, buffer)
  const { openFiles } = parseLimits(buffer, Math.max(0, length))
  return Math.max(0, Math.min((openFiles || 1024) - RESERVED, MOST))
}
