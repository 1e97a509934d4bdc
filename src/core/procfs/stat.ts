/** @module /proc/PID/stat: who a process is. */
import { findByte, findLastByte, parseDecimal, SPACE, skipWord } from './scan.ts'

/** PF_KTHREAD (include/linux/sched.h): a kernel thread; exec takes it away. */
const PF_KTHREAD = 0x0020_0000

const OPEN = 40
const CLOSE = 41
/** Fields counted from the one after comm, which is 3 in proc_pid_stat(5). */
const FLAGS = 9 - 3
const START_TICKS = 22 - 3

/** Identity of one process; overwritten by each parse. */
export interface Stat {
  pid: number
  isKernelThread: boolean
  /** Clock ticks since boot: with the pid, the identity of a process. */
  startTicks: number
  /** Bounds of comm in the bytes that were parsed. */
  commStart: number
  commEnd: number
}

export function emptyStat(): Stat {
  return { pid: 0, isKernelThread: false, startTicks: 0, commStart: 0, commEnd: 0 }
}

/**
 * Fills `into`. comm is what lies between the first `(` and the LAST `)`, since a process may call
 * itself `x) Z 1 (y`.
 * @returns false, with `into` undefined, when pid, comm, flags or start time are not there.
 * @see fs/proc/array.c do_task_stat(), v2.6..v6.18
 */
export function parseStat(bytes: Uint8Array, length: number, into: Stat): boolean {
  const open = findByte(bytes, OPEN, 0, length)
  const close = findLastByte(bytes, CLOSE, 0, length)
  if (open < 0 || close < open) return false
  let at = close + 2
  for (let field = 0; field < START_TICKS; field++) {
    if (field === FLAGS) {
      const flags = parseDecimal(bytes, at, length)
      if (Number.isNaN(flags)) return false
      into.isKernelThread = (flags & PF_KTHREAD) !== 0
    }
    at = skipWord(bytes, at, length)
    if (bytes[at] !== SPACE || at >= length) return false
    at++
  }
  into.pid = parseDecimal(bytes, 0, open)
  into.startTicks = parseDecimal(bytes, at, length)
  into.commStart = open + 1
  into.commEnd = close
  return into.pid > 0 && into.startTicks >= 0
}
