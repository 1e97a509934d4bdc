/** @module A budget of descriptors that stay open, so that the limit of this process is never hit. */
import { closeFile } from './files.ts'

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
