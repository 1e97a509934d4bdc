/** @module What the guard asks of a process beside its memory: executable, oom_score_adj, parent. */
import { readlinkSync } from 'node:fs'
import type { ProcessFacts } from '../core/guard/host-state.ts'
import { findLastByte, parseDecimal, skipWord } from '../core/procfs/scan.ts'
import { emptyStat, parseStat } from '../core/procfs/stat.ts'
import { readOnce } from './files.ts'

export interface ProcessFactsReader {
  /** Of that very process; `undefined`: it is gone, and another may have its pid. Cost: about 20 us. */
  read(pid: number, startTicks: number): ProcessFacts | undefined
  /** A process, this one unless another is named, and all above it. */
  readOwnPids(from?: number): ReadonlySet<number>
}

const CLOSE = 41
const MOST_ANCESTORS = 64

export function createProcessFacts(procRoot: string): ProcessFactsReader {
  const buffer = new Uint8Array(1024)
  const stat = emptyStat()
  let parentPid = 0

  /** Into `stat` and `parentPid`; false: there is no such process. */
  function readStat(pid: number): boolean {
    const length = readOnce(`${procRoot}/${pid}/stat`, buffer)
    if (length <= 0 || !parseStat(buffer, length, stat) || stat.pid !== pid) return false
    // `) S PPID`
    parentPid = parseDecimal(
      buffer,
      skipWord(buffer, findLastByte(buffer, CLOSE, 0, length) + 2, length),
      length,
    )
    return true
  }

  function readExe(pid: number): string | null {
    try {
      // A file that was replaced since, as by an upgrade.
      return readlinkSync(`${procRoot}/${pid}/exe`).replace(/ \(deleted\)$/, '')
    } catch {
      return null
    }
  }

  function readAdj(pid: number): number | null {
    const length = readOnce(`${procRoot}/${pid}/oom_score_adj`, buffer)
    if (length <= 0) return null
    const text = String.fromCharCode(...buffer.subarray(0, length)).trim()
    return /^-?\d{1,4}$/.test(text) ? Number(text) : null
  }

  return {
    read(pid, startTicks) {
      const exe = readExe(pid)
      const oomScoreAdj = readAdj(pid)
      // Last: if it fits, all of it was of one process.
      if (!readStat(pid) || stat.startTicks !== startTicks) return undefined
      return { exe, oomScoreAdj, parentPid }
    },
    readOwnPids(from = process.pid) {
      const own = new Set<number>()
      for (let pid = from; pid > 0 && own.size < MOST_ANCESTORS && !own.has(pid); ) {
        own.add(pid)
        if (!readStat(pid)) break
        pid = parentPid
      }
      return own
    },
  }
}
