/** @module Long files of the kernel line by line, through a buffer that is shorter than they are. */
import { closeSync, readSync } from 'node:fs'
import { findByte, findLastByte, forEachLine, NEWLINE } from '../core/procfs/scan.ts'
import { openFile, type ReadLength, toCode } from './files.ts'

/** No file that is read here is longer; what does not end is cut. */
const MAX_BYTES = 32 * 1024 * 1024

/**
 * Calls `visit` with the bounds in `buffer` of every line that fits into the buffer.
 * @returns the bytes that were read, or one of the codes of files.ts
 */
export function forEachFileLine(
  path: string,
  buffer: Uint8Array,
  visit: (start: number, end: number) => void,
): ReadLength {
  const fd = openFile(path)
  if (fd < 0) return fd
  let total = 0
  let held = 0
  let isTooLong = false
  try {
    while (total < MAX_BYTES) {
      const got = readSync(fd, buffer, held, buffer.length - held, null)
      total += got
      const end = held + got
      if (got === 0) {
        if (!isTooLong) forEachLine(buffer, end, visit)
        return total
      }
      // The rest of a line that did not fit goes with it.
      const first = isTooLong ? findByte(buffer, NEWLINE, 0, end) + 1 : 0
      const last = findLastByte(buffer, NEWLINE, first, end)
      if (first > 0) {
        isTooLong = false
        buffer.copyWithin(0, first, end)
      }
      const lines = last < first ? 0 : last + 1 - first
      if (!isTooLong) forEachLine(buffer, lines, visit)
      held = isTooLong ? 0 : end - first - lines
      if (held === buffer.length) {
        isTooLong = true
        held = 0
      } else {
        buffer.copyWithin(0, lines, lines + held)
      }
    }
    return total
  } catch (error) {
    return toCode(error)
  } finally {
    closeSync(fd)
  }
}
