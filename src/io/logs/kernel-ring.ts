/** @module The kernel's own log, as it is in memory now: /dev/kmsg, one record a read, without waiting. */
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import type { ByteSource } from './source.ts'

/** A record with its escapes and its dictionary (kernel/printk/printk.c, CONSOLE_EXT_LOG_MAX). */
const RECORD = 8192

export interface KernelRing {
  /** What came since the last read, as far as there is room in `into`. @returns bytes; 0: nothing now */
  read(into: Buffer): number
  /** Any number of times. */
  close(): void
}

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

function openRing(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EPERM' || code === 'EACCES') {
      throw new PlimsollError('PLM_PERMISSION', `${path} may not be read (${code})`, {
        hint: 'Run as root, or with CAP_SYSLOG; kernel.dmesg_restrict=1 keeps it from others.',
      })
    }
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${messageOf(error)})`
    throw new PlimsollError('PLM_LOG', `${path} ${why}`, {
      hint: 'A container has none: run Plimsoll on the host, or start the container with --device /dev/kmsg --cap-add SYSLOG.',
    })
  }
}

/**
 * @param path /dev/kmsg, or a file or pipe that gets the same
 * @throws PLM_PERMISSION, PLM_LOG
 */
export function openKernelRing(path: string): KernelRing {
  const fd = openRing(path)
  let isOpen = true
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
    close() {
      // By now the number may be another file's.
      if (isOpen) closeSync(fd)
      isOpen = false
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
  const ring = openKernelRing(join(root, 'dev/kmsg'))
  try {
    return await use(ring)
  } finally {
    ring.close()
  }
}
