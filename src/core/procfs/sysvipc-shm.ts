/** @module /proc/sysvipc/shm: System V shared memory segments of this IPC namespace. */
import { decodeText } from './scan.ts'

export interface ShmSegment {
  /** 0: private, nobody finds it again but by its id. */
  readonly key: number
  readonly shmId: number
  readonly sizeBytes: number
  /** Resident and swapped, whether or not a process has it attached. */
  readonly usedBytes: number
  readonly attached: number
}

/** Words of a line; the last two came with 2.6.37. */
const SIZE = 3
const ATTACHED = 6
const RSS = 14
const SWAP = 15

/**
 * @returns `undefined` for the head and any other form.
 * @see ipc/shm.c sysvipc_shm_proc_show(), v2.6.37..v6.18
 */
export function parseShmLine(
  bytes: Uint8Array,
  start: number,
  end: number,
): ShmSegment | undefined {
  const words = decodeText(bytes, start, end).trim().split(/\s+/).map(Number)
  const [key, shmId] = words
  const sizeBytes = words[SIZE] ?? Number.NaN
  const attached = words[ATTACHED] ?? Number.NaN
  const usedBytes = (words[RSS] ?? Number.NaN) + (words[SWAP] ?? Number.NaN)
  if (key === undefined || shmId === undefined) return undefined
  if (Number.isNaN(key + shmId + sizeBytes + attached + usedBytes)) return undefined
  // The kernel prints the key as a signed number.
  return { key: key >>> 0, shmId, sizeBytes, usedBytes, attached }
}
