/** @module /proc/PID/limits: how large a process may get, and how many descriptors it may open. */
import { asciiBytes, forEachLine, parseDecimal, startsWith } from './scan.ts'

/** Soft limits. Infinity: unlimited. NaN: the line is not there. */
export interface ProcessLimits {
  /** Of VmSize (RLIMIT_AS). */
  readonly addressSpaceBytes: number
  /** Of VmData (RLIMIT_DATA; since 4.7 all private writable memory, before the heap alone). */
  readonly dataBytes: number
  /** Descriptors (RLIMIT_NOFILE). */
  readonly openFiles: number
}

const ADDRESS_SPACE = asciiBytes('Max address space ')
const DATA = asciiBytes('Max data size ')
const OPEN_FILES = asciiBytes('Max open files ')
const UNLIMITED = asciiBytes('unlimited')
/** Names are padded to this width (fs/proc/base.c proc_pid_limits()). */
const NAME_WIDTH = 26

function parseSoft(bytes: Uint8Array, start: number, end: number): number {
  const at = start + NAME_WIDTH
  if (startsWith(bytes, at, end, UNLIMITED)) return Number.POSITIVE_INFINITY
  return at < end ? parseDecimal(bytes, at, end) : Number.NaN
}

/** @see fs/proc/base.c proc_pid_limits(), v2.6.24..v6.18 */
export function parseLimits(bytes: Uint8Array, length: number): ProcessLimits {
  let addressSpaceBytes = Number.NaN
  let dataBytes = Number.NaN
  let openFiles = Number.NaN
  forEachLine(bytes, length, (start, end) => {
    if (startsWith(bytes, start, end, ADDRESS_SPACE)) {
      addressSpaceBytes = parseSoft(bytes, start, end)
    } else if (startsWith(bytes, start, end, DATA)) {
      dataBytes = parseSoft(bytes, start, end)
    } else if (startsWith(bytes, start, end, OPEN_FILES)) {
      openFiles = parseSoft(bytes, start, end)
    }
  })
  return { addressSpaceBytes, dataBytes, openFiles }
}
