/** @module /proc/PID/status: a process' memory by kind, its swap, threads and owner. */
import { KIB } from '../../base/units.ts'
import { asciiBytes, decodeText, findByte, NEWLINE, parseDecimal, startsWith } from './scan.ts'

/** Of one process; overwritten by each parse. NaN: the line is not there (a kernel thread, a zombie,
 * a kernel before 4.5, which did not tell the kinds apart). */
export interface Status {
  vmSizeBytes: number
  /** What RLIMIT_DATA bounds: private writable memory. */
  vmDataBytes: number
  rssAnonBytes: number
  rssFileBytes: number
  rssShmemBytes: number
  vmSwapBytes: number
  threads: number
  /** The real user. */
  uid: number
  /** Bounds of the name, as it was escaped by the kernel. */
  nameStart: number
  nameEnd: number
}

export function emptyStatus(): Status {
  const none = Number.NaN
  return {
    vmSizeBytes: none,
    vmDataBytes: none,
    rssAnonBytes: none,
    rssFileBytes: none,
    rssShmemBytes: none,
    vmSwapBytes: none,
    threads: none,
    uid: none,
    nameStart: 0,
    nameEnd: 0,
  }
}

const NAME = asciiBytes('Name:\t')
const UID = asciiBytes('Uid:')
const VM_SIZE = asciiBytes('VmSize:')
const VM_DATA = asciiBytes('VmData:')
const RSS_ANON = asciiBytes('RssAnon:')
const RSS_FILE = asciiBytes('RssFile:')
const RSS_SHMEM = asciiBytes('RssShmem:')
const VM_SWAP = asciiBytes('VmSwap:')
const THREADS = asciiBytes('Threads:')

const LETTER_U = 85
const LETTER_V = 86
const LETTER_R = 82
const LETTER_T = 84

/**
 * Fills `into`; fields whose line is not there become NaN. Stops at `Threads`, the last one wanted.
 * The kernel escapes newline and backslash in the name, so no name can forge a line.
 * Cost: about 2 us, mostly the search for the ends of some forty lines.
 * @see fs/proc/array.c proc_pid_status(), fs/proc/task_mmu.c task_mem(), v4.5..v6.18; "kB" is KiB
 */
export function parseStatus(bytes: Uint8Array, length: number, into: Status): void {
  into.vmSizeBytes = Number.NaN
  into.vmDataBytes = Number.NaN
  into.rssAnonBytes = Number.NaN
  into.rssFileBytes = Number.NaN
  into.rssShmemBytes = Number.NaN
  into.vmSwapBytes = Number.NaN
  into.threads = Number.NaN
  into.uid = Number.NaN
  into.nameStart = 0
  into.nameEnd = 0
  for (let start = 0; start < length; ) {
    const newline = findByte(bytes, NEWLINE, start, length)
    const end = newline < 0 ? length : newline
    // One letter decides for most lines, so that a walk costs little more than finding their ends.
    const letter = bytes[start]
    if (letter === LETTER_R) {
      if (startsWith(bytes, start, end, RSS_ANON)) {
        into.rssAnonBytes = parseDecimal(bytes, start + RSS_ANON.length, end) * KIB
      } else if (startsWith(bytes, start, end, RSS_FILE)) {
        into.rssFileBytes = parseDecimal(bytes, start + RSS_FILE.length, end) * KIB
      } else if (startsWith(bytes, start, end, RSS_SHMEM)) {
        into.rssShmemBytes = parseDecimal(bytes, start + RSS_SHMEM.length, end) * KIB
      }
    } else if (letter === LETTER_V) {
      if (startsWith(bytes, start, end, VM_SIZE)) {
        into.vmSizeBytes = parseDecimal(bytes, start + VM_SIZE.length, end) * KIB
      } else if (startsWith(bytes, start, end, VM_DATA)) {
        into.vmDataBytes = parseDecimal(bytes, start + VM_DATA.length, end) * KIB
      } else if (startsWith(bytes, start, end, VM_SWAP)) {
        into.vmSwapBytes = parseDecimal(bytes, start + VM_SWAP.length, end) * KIB
      }
    } else if (letter === LETTER_T) {
      if (startsWith(bytes, start, end, THREADS)) {
        into.threads = parseDecimal(bytes, start + THREADS.length, end)
        return
      }
    } else if (letter === LETTER_U) {
      if (startsWith(bytes, start, end, UID)) {
        into.uid = parseDecimal(bytes, start + UID.length, end)
      }
    } else if (start === 0 && startsWith(bytes, 0, end, NAME)) {
      into.nameStart = NAME.length
      into.nameEnd = end
    }
    start = end + 1
  }
}

/** comm out of the name's bounds, with the kernel's `\n` and `\\` taken back. Builds a string. */
export function decodeStatusName(bytes: Uint8Array, status: Status): string {
  return decodeText(bytes, status.nameStart, status.nameEnd).replace(/\\(n|\\)/g, (_, char) =>
    char === 'n' ? '\n' : '\\',
  )
}
