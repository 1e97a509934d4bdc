/** @module The kernel's own log, as it is in memory now: /dev/kmsg, one record a read, without waiting. */
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import type { ByteSource } from './source.ts'

/** A record with its escapes and its dictionary (kernel/printk/printk.c, CONSOLE_EXT_LOG_MAX). */
const RECORD = 8192

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? ''
}

function readRecord(fd: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, into, 0, into.length, null)
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return 0
      // What was to be read next has been overwritten; the next read begins at the oldest there is.
      if (codeOf(error) !== 'EPIPE') throw error
    }
  }
}

function ringSource(fd: number): ByteSource {
  return {
    read(into) {
      let got = 0
      while (into.length - got >= RECORD) {
        const bytes = readRecord(fd, into.subarray(got, got + RECORD))
        if (bytes === 0) break
        got += bytes
      }
      return got
    },
  }
}

/**
 * Calls `use` with the kernel's log to its end.
 * @throws PLM_PERMISSION, PLM_LOG
 */
export async function withKernelRing<T>(
  root: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const path = join(root, 'dev/kmsg')
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'EPERM' || codeOf(error) === 'EACCES') {
      throw new PlimsollError('PLM_PERMISSION', `${path} may not be read: ${messageOf(error)}`, {
        hint: 'Run as root, or with CAP_SYSLOG; kernel.dmesg_restrict=1 keeps it from others.',
      })
    }
    throw new PlimsollError('PLM_LOG', `${path} cannot be read: ${messageOf(error)}`, {
      hint: 'A container has none: run it on the host.',
    })
  }
  try {
    return await use(ringSource(fd))
  } finally {
    closeSync(fd)
  }
}
