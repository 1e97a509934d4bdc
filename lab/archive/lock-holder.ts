/** @module Who holds a lock that `withLock` waits for. */
import { readFileSync, statSync } from 'node:fs'

/**
 * /proc/locks (fs/locks.c, lock_get_status): `1: FLOCK  ADVISORY  WRITE 4121 fe:01:131 0 EOF`, the device's numbers
 * in hexadecimal. Who waits stands behind an arrow.
 */
export function parseHolder(locks: string, device: number, inode: number): number | null {
  // A device's number as the C library makes it (makedev(3)), below 2^32.
  const major = (device >>> 8) & 0xfff
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00)
  const hex = (number: number): string => number.toString(16).padStart(2, '0')
  const place = `${hex(major)}:${hex(minor)}:${inode}`
  for (const line of locks.split('\n')) {
    const [, pid, where] = /^\d+: FLOCK +ADVISORY +WRITE (\d+) (\S+) /.exec(line) ?? []
    if (where === place && Number(pid) > 0) return Number(pid)
  }
  return null
}

/** The process for which flock(1) holds the lock on `file`; `null` where nobody does or it cannot be seen. */
export function findLockHolder(file: string): number | null {
  try {
    const { dev, ino } = statSync(file)
    const holder = parseHolder(readFileSync('/proc/locks', 'utf8'), dev, ino)
    if (holder === null) return null
    const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${holder}/status`, 'utf8')) ?? []
    return Number(parent) > 1 ? Number(parent) : holder
  } catch {
    return null
  }
}
