/**
 * @module Reading the kernel's small files into one reused buffer. What cannot be read is a code, not
 * an exception: a process that ends between two system calls is the ordinary case here.
 */
import { closeSync, openSync, readSync } from 'node:fs'

/** The file or its process is not there (any more). */
export const GONE = -1
/** This user may not read it. */
export const DENIED = -2
/** Another error, which the file's meaning must explain. */
export const FAILED = -3

/** Length that was read, or one of the negative codes above. */
export type ReadLength = number

/** What kept a call from reading, as a code. */
export function toCode(error: unknown): ReadLength {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR' || code === 'ENODEV') return GONE
  if (code === 'EACCES' || code === 'EPERM') return DENIED
  return FAILED
}

/** A descriptor, or a negative code. */
export function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    return toCode(error)
  }
}

export function closeFile(fd: number): void {
  if (fd >= 0) closeSync(fd)
}

/**
 * Reads an open file from its start: at most `buffer.length` bytes, in one call. A kernel file of one
 * record (statm, status) comes whole in it.
 */
export function readOpen(fd: number, buffer: Uint8Array): ReadLength {
  try {
    return readSync(fd, buffer, 0, buffer.length, 0)
  } catch (error) {
    return toCode(error)
  }
}

/** Opens, reads once and closes. */
export function readOnce(path: string, buffer: Uint8Array): ReadLength {
  const fd = openFile(path)
  if (fd < 0) return fd
  const length = readOpen(fd, buffer)
  closeSync(fd)
  return length
}

/**
 * Reads a file of several records (slabinfo, mountinfo), which the kernel gives a page at a time,
 * until its end or the buffer's.
 */
export function readWhole(path: string, buffer: Uint8Array): ReadLength {
  const fd = openFile(path)
  if (fd < 0) return fd
  let length = 0
  try {
    for (;;) {
      const got = readSync(fd, buffer, length, buffer.length - length, length)
      length += got
      if (got === 0 || length === buffer.length) return length
    }
  } catch (error) {
    return toCode(error)
  } finally {
    closeSync(fd)
  }
}
