/** @module /proc/PID/status: a process' memory by kind, its swap, threads and owner. */
import { KIB } from '../../base/units.ts'
import { asciiBytes, decodeText, findByte, NEWLINE, SPACE, startsWith, TAB } from './scan.ts'

/** Of one process; overwritten by each parse. NaN: the line is not there (a kernel thread, a zombie,
 * a kernel before 4.5, which did not tell the kinds apart). */
export interface Status {
  vmSizeBytes: number
  rssAnonBytes: number
  rssFileBytes: number
  rssShmemBytes: number
  /** What RLIMIT_DATA bounds: private writable memory. */
  vmDataBytes: number
  vmSwapBytes: number
  threads: number
  /** The real user. */
  uid: number
  /** How often the main thread began to wait or was made to: it has not run since while it stands. */
  switches: number
  /** Bounds of the name, as it was escaped by the kernel. */
  nameStart: number
  nameEnd: number
  /**
   * Where the lines `Uid` and `VmSize` stand. Set before a parse, they say where they stood the last
   * time: in most processes they stand there again, and forty lines need not be gone through.
   */
  uidAt: number
  vmAt: number
  /** Of each line of KEYS from the one before it on, as last found: the kernel pads the figures. */
  readonly steps: Int32Array
}

/** The lines that are read, in the kernel's order, behind `Uid`. */
const KEYS = [
  'VmSize:',
  'RssAnon:',
  'RssFile:',
  'RssShmem:',
  'VmData:',
  'VmSwap:',
  'Threads:',
  'voluntary_ctxt_switches:',
].map(asciiBytes)
const FIGURES = [
  'vmSizeBytes',
  'rssAnonBytes',
  'rssFileBytes',
  'rssShmemBytes',
  'vmDataBytes',
  'vmSwapBytes',
  'threads',
  'switches',
] as const
/** Places in KEYS. */
const [SIZE, ANON, FILE, SHMEM, DATA, SWAP, THREADS, SWITCHES] = [0, 1, 2, 3, 4, 5, 6, 7] as const
const NAME = asciiBytes('Name:\t')
const UID = asciiBytes('Uid:')
/** The line after `voluntary_ctxt_switches`, which is the last. */
const FORCED = asciiBytes('nonvoluntary_ctxt_switches:')
const COLON = 58
const LETTER_R = 82
const LETTER_T = 84
const LETTER_U = 85
const LETTER_V = 86
const LETTER_SMALL_V = 118

export function emptyStatus(): Status {
  const none = Number.NaN
  return {
    vmSizeBytes: none,
    rssAnonBytes: none,
    rssFileBytes: none,
    rssShmemBytes: none,
    vmDataBytes: none,
    vmSwapBytes: none,
    threads: none,
    uid: none,
    switches: none,
    nameStart: 0,
    nameEnd: 0,
    uidAt: 0,
    vmAt: 0,
    steps: new Int32Array(KEYS.length),
  }
}

/** Whether a line begins at `at` with `key`, by the bytes that tell it from every other line there. */
function isLine(bytes: Uint8Array, at: number, key: Uint8Array): boolean {
  return (
    bytes[at - 1] === NEWLINE && bytes[at + 3] === key[3] && bytes[at + key.length - 1] === COLON
  )
}

/** The number behind a key, which the kernel pads with blanks. NaN: none. */
function figureAt(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (bytes[at] === SPACE || bytes[at] === TAB) at++
  let digit = bytes[at] - 48
  if (!(digit >= 0 && digit <= 9 && at < end)) return Number.NaN
  let value = 0
  while (digit >= 0 && digit <= 9 && at < end) {
    value = value * 10 + digit
    digit = bytes[++at] - 48
  }
  return value
}

/** Voluntary and forced switches together. */
function switchesAt(bytes: Uint8Array, at: number, end: number): number {
  const newline = findByte(bytes, NEWLINE, at, end)
  const voluntary = figureAt(bytes, at + KEYS[SWITCHES].length, end)
  return newline < 0 ? Number.NaN : voluntary + figureAt(bytes, newline + 1 + FORCED.length, end)
}

/**
 * The lines where they stood the last time; false where one does not. Written out, since without an
 * optimising compiler a loop over keys costs three times as much.
 */
function parseKnownLines(bytes: Uint8Array, length: number, into: Status): boolean {
  const { uidAt, vmAt, steps } = into
  if (uidAt === 0 || vmAt === 0) return false
  const anonAt = vmAt + steps[ANON]
  const fileAt = anonAt + steps[FILE]
  const shmemAt = fileAt + steps[SHMEM]
  const dataAt = shmemAt + steps[DATA]
  const swapAt = dataAt + steps[SWAP]
  const threadsAt = swapAt + steps[THREADS]
  const switchesLine = threadsAt + steps[SWITCHES]
  const areThere =
    switchesLine < length &&
    isLine(bytes, uidAt, UID) &&
    isLine(bytes, vmAt, KEYS[SIZE]) &&
    isLine(bytes, anonAt, KEYS[ANON]) &&
    isLine(bytes, fileAt, KEYS[FILE]) &&
    isLine(bytes, shmemAt, KEYS[SHMEM]) &&
    isLine(bytes, dataAt, KEYS[DATA]) &&
    isLine(bytes, swapAt, KEYS[SWAP]) &&
    isLine(bytes, threadsAt, KEYS[THREADS]) &&
    isLine(bytes, switchesLine, KEYS[SWITCHES])
  if (!areThere) return false
  into.uid = figureAt(bytes, uidAt + UID.length, length)
  into.vmSizeBytes = figureAt(bytes, vmAt + KEYS[SIZE].length, length) * KIB
  into.rssAnonBytes = figureAt(bytes, anonAt + KEYS[ANON].length, length) * KIB
  into.rssFileBytes = figureAt(bytes, fileAt + KEYS[FILE].length, length) * KIB
  into.rssShmemBytes = figureAt(bytes, shmemAt + KEYS[SHMEM].length, length) * KIB
  into.vmDataBytes = figureAt(bytes, dataAt + KEYS[DATA].length, length) * KIB
  into.vmSwapBytes = figureAt(bytes, swapAt + KEYS[SWAP].length, length) * KIB
  into.threads = figureAt(bytes, threadsAt + KEYS[THREADS].length, length)
  into.switches = switchesAt(bytes, switchesLine, length)
  return true
}

/** Index in KEYS of the line, or -1. One letter decides for most lines. */
function findKey(bytes: Uint8Array, start: number, end: number): number {
  const letter = bytes[start]
  const isWanted =
    letter === LETTER_R || letter === LETTER_T || letter === LETTER_V || letter === LETTER_SMALL_V
  if (!isWanted) return -1
  for (let index = 0; index < KEYS.length; index++) {
    if (startsWith(bytes, start, end, KEYS[index])) return index
  }
  return -1
}

/** A figure as a parse leaves it: memory is in KiB. */
function readFigure(bytes: Uint8Array, start: number, end: number, index: number): number {
  if (index === SWITCHES) return switchesAt(bytes, start, end)
  const value = figureAt(bytes, start + KEYS[index].length, end)
  return index === THREADS ? value : value * KIB
}

/** All lines in turn. */
function parseEveryLine(bytes: Uint8Array, length: number, into: Status): void {
  for (const figure of FIGURES) into[figure] = Number.NaN
  into.uid = Number.NaN
  into.uidAt = 0
  into.vmAt = 0
  let last = 0
  for (let start = into.nameEnd + 1; start < length; ) {
    const newline = findByte(bytes, NEWLINE, start, length)
    const end = newline < 0 ? length : newline
    if (bytes[start] === LETTER_U && startsWith(bytes, start, end, UID)) {
      into.uid = figureAt(bytes, start + UID.length, end)
      into.uidAt = start
    }
    const index = findKey(bytes, start, end)
    if (index >= 0) {
      into[FIGURES[index]] = readFigure(bytes, start, length, index)
      if (index === 0) into.vmAt = start
      into.steps[index] = index === 0 ? 0 : start - last
      last = start
    }
    if (index === SWITCHES) return
    start = end + 1
  }
}

/**
 * Fills `into`; figures whose line is not there become NaN.
 * The kernel escapes newline and backslash in the name, so no name can forge a line.
 * Cost without an optimising compiler: 2 us where the lines stand as before, else 6.
 * @see fs/proc/array.c proc_pid_status(), fs/proc/task_mmu.c task_mem(), v4.5..v6.18; "kB" is KiB
 */
export function parseStatus(bytes: Uint8Array, length: number, into: Status): void {
  const nameEnd = startsWith(bytes, 0, length, NAME) ? findByte(bytes, NEWLINE, 0, length) : -1
  into.nameStart = nameEnd < 0 ? 0 : NAME.length
  into.nameEnd = Math.max(0, nameEnd)
  if (!parseKnownLines(bytes, length, into)) parseEveryLine(bytes, length, into)
}

/** comm out of the name's bounds, with the kernel's `\n` and `\\` taken back. Builds a string. */
export function decodeStatusName(bytes: Uint8Array, status: Status): string {
  return decodeText(bytes, status.nameStart, status.nameEnd).replace(/\\(n|\\)/g, (_, char) =>
    char === 'n' ? '\n' : '\\',
  )
}
