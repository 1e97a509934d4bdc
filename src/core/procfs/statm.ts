/** @module /proc/PID/statm: the cheapest figures of a process' memory, in pages. */

/** Of one process, in pages; overwritten by each parse. */
export interface Statm {
  sizePages: number
  residentPages: number
  /** File-backed and shmem pages together: `residentPages - sharedPages` is RssAnon. */
  sharedPages: number
}

export function emptyStatm(): Statm {
  return { sizePages: Number.NaN, residentPages: Number.NaN, sharedPages: Number.NaN }
}

/**
 * Fills `into` from `size resident shared ...`, in one walk over the bytes.
 * @returns false, with `into` undefined, when three numbers are not there.
 * @see fs/proc/task_mmu.c task_statm(), v2.6..v6.18. All zero: a kernel thread or a zombie.
 */
export function parseStatm(bytes: Uint8Array, length: number, into: Statm): boolean {
  let value = 0
  let digits = 0
  let field = 0
  for (let at = 0; at < length; at++) {
    const digit = bytes[at] - 48
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      digits++
      continue
    }
    if (digits === 0) return false
    if (field === 0) into.sizePages = value
    else if (field === 1) into.residentPages = value
    else {
      into.sharedPages = value
      return true
    }
    field++
    value = 0
    digits = 0
  }
  return false
}
