/** @module When a process started: with it, a pid means one process and no later one (proc_pid_stat(5), field 22). */
import { emptyStat, parseStat } from '../core/procfs/stat.ts'
import { readOnce } from './files.ts'

const STAT_BYTES = 1024

/** In clock ticks since boot; NaN: there is no such process, or it may not be read. */
export function readStartTicks(procRoot: string, pid: number): number {
  const buffer = new Uint8Array(STAT_BYTES)
  const stat = emptyStat()
  const length = readOnce(`${procRoot}/${pid}/stat`, buffer)
  return length > 0 && parseStat(buffer, length, stat) ? stat.startTicks : Number.NaN
}
