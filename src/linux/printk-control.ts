/**
 * @module kernel.printk by a descriptor that is kept open: writing a few digits takes no lock of a console
 * and next to no memory (kernel/sysctl.c, proc_dointvec). Needs root.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import type { Result } from '../base/result.ts'
import { fail, ok } from '../base/result.ts'
import { parsePrintk } from '../core/console/printk.ts'
import type { Levels } from '../core/console/quieting.ts'
import type { PrintkSetting } from '../core/console/records.ts'

export interface PrintkControl {
  /** As it is now; `undefined`: cannot be read. `ignoresLevel` is as it was at the start. */
  read(): PrintkSetting | undefined
  /** Sets the first two numbers; the kernel leaves those alone that are not written. */
  set(levels: Levels): boolean
  close(): void
}

/** Of four numbers. */
const MOST_BYTES = 64

function readsYes(path: string): boolean {
  try {
    const fd = openSync(path, 'r')
    const buffer = Buffer.alloc(1)
    readSync(fd, buffer, 0, 1, 0)
    closeSync(fd)
    return buffer.toString('latin1') === 'Y'
  } catch {
    return false
  }
}

/** Fails with the reason, as a clause. */
export function openPrintkControl(
  procRoot: string,
  sysRoot: string,
): Result<PrintkControl, string> {
  const path = `${procRoot}/sys/kernel/printk`
  let fd: number
  try {
    fd = openSync(path, 'r+')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail(
      code === 'EACCES' || code === 'EPERM'
        ? `only root may write ${path}`
        : `${path} cannot be opened for writing (${code})`,
    )
  }
  const buffer = Buffer.alloc(MOST_BYTES)
  const ignoresLevel = readsYes(`${sysRoot}/module/printk/parameters/ignore_loglevel`)
  return ok({
    read() {
      try {
        const length = readSync(fd, buffer, 0, MOST_BYTES, 0)
        return parsePrintk(buffer.toString('latin1', 0, length), ignoresLevel)
      } catch {
        return undefined
      }
    },
    set({ consoleLevel, defaultLevel }) {
      try {
        const length = buffer.write(`${consoleLevel} ${defaultLevel}`, 0, 'latin1')
        return writeSync(fd, buffer, 0, length, 0) === length
      } catch {
        return false
      }
    },
    close: () => closeSync(fd),
  })
}
