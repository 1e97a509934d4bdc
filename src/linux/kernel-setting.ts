/** @module Settings of the running kernel, in /proc/sys and /sys, below a root that is '' for this host. Needs root. */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'

const { O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = constants
const MAX_BYTES = 256

export interface KernelSettings {
  /** `null`: it cannot be read. */
  read(path: string): string | null
  /** @returns what went wrong, as a clause; `null`: nothing */
  write(path: string, value: string): string | null
}

export function openKernelSettings(root: string): KernelSettings {
  function read(path: string): string | null {
    try {
      const fd = openSync(`${root}${path}`, O_RDONLY | O_NOFOLLOW)
      try {
        const buffer = Buffer.alloc(MAX_BYTES)
        return buffer.toString('latin1', 0, readSync(fd, buffer, 0, MAX_BYTES, 0)).trimEnd()
      } finally {
        closeSync(fd)
      }
    } catch {
      return null
    }
  }

  return {
    read,
    write(path, value) {
      try {
        const fd = openSync(`${root}${path}`, O_WRONLY | O_TRUNC | O_NOFOLLOW)
        try {
          // In one call: the kernel takes each write for a whole value.
          writeSync(fd, `${value}\n`)
        } finally {
          closeSync(fd)
        }
        return null
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if (code === 'EROFS') return 'it is read-only here (a container?)'
        return code === 'EINVAL' ? `the kernel does not take "${value}"` : message
      }
    },
  }
}
