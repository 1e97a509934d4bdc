/** @module The limits that a process runs into by itself: its rlimits, and its runtime's heap. */
import { parseHeapOption } from '../core/procfs/heap-option.ts'
import { parseLimits } from '../core/procfs/limits.ts'
import { decodeText } from '../core/procfs/scan.ts'
import { emptyStatus, parseStatus } from '../core/procfs/status.ts'
import type { LimitRow } from '../core/wire/records.ts'
import { readOnce, readWhole } from './files.ts'

export interface ProcessLimits {
  /**
   * Limits of the process that has `pid` now, each with what is free below it; the caller proves
   * afterwards that it is still the one that was meant. Cost: 35 us.
   */
  read(pid: number): LimitRow[]
}

/** Options stand in front; what is longer than this is cut. */
const CMDLINE_BYTES = 16 * 1024

export function openProcessLimits(procRoot: string): ProcessLimits {
  const buffer = new Uint8Array(CMDLINE_BYTES)
  const status = emptyStatus()

  function rlimits(pid: number): LimitRow[] {
    const length = readOnce(`${procRoot}/${pid}/limits`, buffer)
    if (length <= 0) return []
    const { addressSpaceBytes, dataBytes } = parseLimits(buffer, length)
    return [
      limitRow('rlimit-as', addressSpaceBytes - status.vmSizeBytes),
      limitRow('rlimit-data', dataBytes - status.vmDataBytes),
    ].flat()
  }

  /** Memory beside the heap makes the room look smaller than it is; once above, it bounds nothing. */
  function heapLimit(pid: number): LimitRow[] {
    const length = readWhole(`${procRoot}/${pid}/cmdline`, buffer)
    if (length <= 0) return []
    const heapBytes = parseHeapOption(decodeText(buffer, 0, length).split('\0'))
    const free = heapBytes - status.rssAnonBytes - (status.vmSwapBytes || 0)
    return free > 0 ? limitRow('heap-option', free) : []
  }

  return {
    read(pid) {
      const length = readOnce(`${procRoot}/${pid}/status`, buffer)
      if (length <= 0) return []
      parseStatus(buffer, length, status)
      return [...rlimits(pid), ...heapLimit(pid)]
    },
  }
}

function limitRow(kind: LimitRow['kind'], headroomBytes: number): LimitRow[] {
  return Number.isFinite(headroomBytes) ? [{ kind, headroomBytes: Math.max(0, headroomBytes) }] : []
}
