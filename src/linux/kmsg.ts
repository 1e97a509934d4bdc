/** @module Lines to the kernel's log, each timed: who writes one waits until the consoles have it. */
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import type { Result } from '../base/result.ts'
import { fail, ok } from '../base/result.ts'

/** @returns milliseconds of each write; fails with the reason, as a clause */
export function timeKmsg(
  lines: readonly string[],
  path = '/dev/kmsg',
): Result<readonly number[], string> {
  try {
    // Where there is no such device, no file is made in its place.
    const fd = openSync(path, constants.O_WRONLY)
    try {
      return ok(
        lines.map((line) => {
          // Without its end a line may still be continued, and is printed with the next one alone (printk.c,
          // prb_final_commit).
          const bytes = Buffer.from(`${line}\n`)
          const from = performance.now()
          writeSync(fd, bytes)
          return performance.now() - from
        }),
      )
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isDenied = code === 'EACCES' || code === 'EPERM'
    return fail(isDenied ? `only root may write ${path}` : `${path} cannot be written (${code})`)
  }
}
