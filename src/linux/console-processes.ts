/** @module The processes that an OOM report would list: one status file each, 20 to 30 us. */

import type { ReportTask } from '../core/console/records.ts'
import { decodeStatusName, emptyStatus, parseStatus } from '../core/procfs/status.ts'
import type { Tree } from './console-tree.ts'
import { readOnce } from './files.ts'

export interface SeenProcesses {
  /** Those with memory of their own: kernel threads and zombies have none. */
  readonly processes: readonly ReportTask[] | null
  /** Whether kthreadd is seen, which is so where all of the host's processes are. */
  readonly seesAll: boolean
}

/** More than this many are not counted: the default of kernel.pid_max on large hosts. */
const MAX_PROCESSES = 4_194_304

export function readProcesses(tree: Tree, pageBytes: number): SeenProcesses {
  const buffer = new Uint8Array(4096)
  const status = emptyStatus()
  const pids = tree.list('/proc').filter((name) => /^[1-9]\d*$/.test(name))
  if (pids.length === 0) return { processes: null, seesAll: false }
  const processes: ReportTask[] = []
  let seesAll = false
  for (const pid of pids.slice(0, MAX_PROCESSES)) {
    const at = tree.place(`/proc/${pid}/status`)
    const length = at === null ? 0 : readOnce(at, buffer)
    if (length <= 0) continue
    parseStatus(buffer, length, status)
    if (pid === '2') seesAll = decodeStatusName(buffer, status) === 'kthreadd'
    if (Number.isNaN(status.vmSizeBytes)) continue
    const pages = (bytes: number): number =>
      Number.isNaN(bytes) ? 0 : Math.round(bytes / pageBytes)
    processes.push({
      comm: decodeStatusName(buffer, status),
      pid: Number(pid),
      uid: Number.isNaN(status.uid) ? 0 : status.uid,
      totalVmPages: pages(status.vmSizeBytes),
      rssAnonPages: pages(status.rssAnonBytes),
      rssFilePages: pages(status.rssFileBytes),
      rssShmemPages: pages(status.rssShmemBytes),
      // Columns are padded: these two change no length until they are very long.
      pageTableBytes: 0,
      swapPages: pages(status.vmSwapBytes),
      oomScoreAdj: 0,
    })
  }
  return { processes, seesAll }
}
