/** @module /proc/PID/limits: how large a process may get. */
import { asciiBytes, forEachLine, parseDecimal, startsWith } from './scan.ts'

/** Soft limits in bytes. Infinity: unlimited. NaN: the line is not there. */
export interface MemoryLimits {
  /** Of VmSize (RLIMIT_AS). */
  readonly addressSpaceBytes: number
  /** Of VmData (RLIMIT_DATA; since 4.7 all private writable memory, before the heap alone). */
  readonly dataBytes: number
}

const ADDRESS_SPACE = asciiBytes('Max address space ')
const DATA = asciiBytes('Max data size ')
const UNLIMITED = asciiBytes('unlimited')
/** Names are padded to this width (fs/proc/base.c proc_pid_limits()). */
const NAME_WIDTH = 26

function parseSoft(bytes: Uint8Array, start: number, end: number): number {
  const at = start + NAME_WIDTH
  if (startsWith(bytes, at, end, UNLIMITED)) return Number.POSITIVE_INFINITY
  return at < end ? parseDecimal(bytes, at, end) : Number.NaN
}

/** @see fs/proc/base.c proc_pid_limits(), v2.6.24..v6.18 */
export function parseLimits(bytes: Uint8Array, length: number): MemoryLimits {
  let addressSpaceBytes = Number.NaN
  let dataBytes = Number.NaN
  forEachLine(bytes, length, (start, end) => {
    if (startsWith(bytes, start, end, ADDRESS_SPACE)) {
      addressSpaceBytes = parseSoft(bytes, start, end)
    } else if (startsWith(bytes, start, end, DATA)) {
      dataBytes = parseSoft(bytes, start, end)
    }
  })
  return { addressSpaceBytes, dataBytes }
}
