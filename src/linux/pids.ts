/**
 * @module Which processes exist: one readdir of /proc, or nothing at all while no process has started.
 */
import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs'
import { findLastByte, parseDecimal, SPACE } from '../core/procfs/scan.ts'
import { closeFile, openFile, readOpen } from './files.ts'

/** PROC_SUPER_MAGIC (linux/magic.h): a loadavg that a container runtime put there is another file. */
const PROC_MAGIC = 0x9fa0
/** A readdir is due this often whatever loadavg says: clone3(set_tid) does not move its last pid. */
const RESCAN_MS = 10_000

export interface PidSource {
  /**
   * Calls `visit` with every pid of /proc, known ones included; with none when no process can have
   * started since the last call. False: /proc itself could not be listed.
   */
  list(nowMs: number, visit: (pid: number) => void): boolean
  /** Has the next `list` visit all pids, whether or not one is new. */
  forceList(): void
  close(): void
}

/**
 * The last pid that was given out, in loadavg, moves with every fork and thread: while it stands, no
 * process is new, and the readdir (0.5 us a process, and a string each) is saved.
 * That holds only where loadavg speaks of the pid namespace that /proc shows, which is so when this
 * process is under the same single pid there.
 */
function canTrustLastPid(procRoot: string): boolean {
  try {
    if (Number(statfsSync(`${procRoot}/loadavg`).type) !== PROC_MAGIC) return false
    if (readlinkSync(`${procRoot}/self`) !== String(process.pid)) return false
    const nested = /^NSpid:\t(.*)$/m.exec(readFileSync(`${procRoot}/self/status`, 'latin1'))
    return nested?.[1] === String(process.pid)
  } catch {
    return false
  }
}

/** Cost: 3 us a call while nothing starts, else 0.5 us a process and one string each. */
export function openPidSource(procRoot: string): PidSource {
  const loadavg = canTrustLastPid(procRoot) ? openFile(`${procRoot}/loadavg`) : -1
  const buffer = new Uint8Array(128)
  let lastPid = -1
  let scannedAtMs = Number.NEGATIVE_INFINITY

  function readLastPid(): number {
    const length = loadavg < 0 ? -1 : readOpen(loadavg, buffer)
    if (length <= 0) return -1
    return parseDecimal(buffer, findLastByte(buffer, SPACE, 0, length) + 1, length)
  }

  return {
    list(nowMs, visit) {
      // Read before the readdir: who starts in between is seen twice rather than never.
      const pid = readLastPid()
      if (pid > 0 && pid === lastPid && nowMs - scannedAtMs < RESCAN_MS) return true
      let names: string[]
      try {
        names = readdirSync(procRoot)
      } catch {
        return false
      }
      lastPid = pid
      scannedAtMs = nowMs
      for (const name of names) {
        const first = name.charCodeAt(0)
        if (first < 48 || first > 57) continue
        const listed = Number(name)
        if (Number.isSafeInteger(listed) && listed > 0) visit(listed)
      }
      return true
    },
    forceList() {
      lastPid = -1
    },
    close() {
      closeFile(loadavg)
    },
  }
}
