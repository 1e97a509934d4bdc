/** @module The page size and clock tick of the running kernel, as it tells every program at start. */
import { AT_CLKTCK, AT_PAGESZ, parseAuxv } from '../core/procfs/auxv.ts'
import { readOnce } from './files.ts'

export interface KernelUnits {
  readonly pageSizeBytes: number
  readonly clockTicksPerSec: number
}

/**
 * Both from the auxiliary vector of this very process.
 * @returns `undefined` when it cannot be read (a sandbox without /proc/self/auxv).
 */
export function readKernelUnits(procRoot: string): KernelUnits | undefined {
  const buffer = new Uint8Array(4096)
  const length = readOnce(`${procRoot}/self/auxv`, buffer)
  if (length <= 0) return undefined
  const pageSizeBytes = parseAuxv(buffer, length, AT_PAGESZ)
  const clockTicksPerSec = parseAuxv(buffer, length, AT_CLKTCK)
  if (pageSizeBytes === undefined || clockTicksPerSec === undefined) return undefined
  return { pageSizeBytes, clockTicksPerSec }
}
