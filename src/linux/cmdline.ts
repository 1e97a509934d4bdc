/** @module /proc/PID/cmdline: the arguments of one process, which may hold secrets. */
import { emptyStat, parseStat } from '../core/procfs/stat.ts'
import { readOnce, readWhole } from './files.ts'

/** Longer ones are cut. */
const MAX_BYTES = 64 * 1024
const STAT_BYTES = 1024

function isProcess(procRoot: string, pid: number, startTicks: number): boolean {
  const buffer = new Uint8Array(STAT_BYTES)
  const stat = emptyStat()
  const length = readOnce(`${procRoot}/${pid}/stat`, buffer)
  return length > 0 && parseStat(buffer, length, stat) && stat.startTicks === startTicks
}

/**
 * The arguments of the process with this pid and start time (proc_pid_cmdline(5)), as text, cut after
 * 64 KiB. `null`: it is gone, may not be read, or took its arguments away.
 */
export function readCmdline(procRoot: string, pid: number, startTicks: number): string[] | null {
  const buffer = new Uint8Array(MAX_BYTES)
  const length = readWhole(`${procRoot}/${pid}/cmdline`, buffer)
  // Checked after the reading: the pid may have gone to another process meanwhile.
  if (length <= 0 || !isProcess(procRoot, pid, startTicks)) return null
  const text = new TextDecoder().decode(buffer.subarray(0, length))
  return text.replace(/\0$/, '').split('\0')
}
