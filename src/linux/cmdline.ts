/** @module /proc/PID/cmdline: the arguments of one process, which may hold secrets. */
import { readWhole } from './files.ts'
import { readStartTicks } from './start-ticks.ts'

/** Longer ones are cut. */
const MAX_BYTES = 64 * 1024

/**
 * The arguments of the process with this pid and start time (proc_pid_cmdline(5)), as text, cut after
 * 64 KiB. `null`: it is gone, may not be read, or took its arguments away.
 */
export function readCmdline(procRoot: string, pid: number, startTicks: number): string[] | null {
  const buffer = new Uint8Array(MAX_BYTES)
  const length = readWhole(`${procRoot}/${pid}/cmdline`, buffer)
  // Checked after the reading: the pid may have gone to another process meanwhile.
  if (length <= 0 || readStartTicks(procRoot, pid) !== startTicks) return null
  const text = new TextDecoder().decode(buffer.subarray(0, length))
  return text.replace(/\0$/, '').split('\0')
}
