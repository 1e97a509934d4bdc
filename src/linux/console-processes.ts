/** @module The processes that an OOM report would list: one status file each, 20 to 30 us. */

import type { ReportTask } from '../core/console/records.ts'
import { decodeStatusName, emptyStatus, parseStatus } from '../core/procfs/status.ts'
import type { Tree } from './console-tree.ts'
import { readOnce } from './files.ts'

/** Of these it is asked whether the kernel may kill them; a file more for each process would cost as much again. */
const ASKED = new Set(['sshd', 'systemd-journal'])

export interface SeenProcesses {
  /** Those with memory of their own: kernel threads and zombies have none. */
  readonly processes: readonly ReportTask[] | null
  /** Whether kthreadd is seen, which is so where all of the host's processes are. */
  readonly seesAll: boolean
}

/** More than this many are not counted: the default of kernel.pid_max on large hosts. */
const MAX_PROCESSES = 4_194_304

/** 0 where it cannot be read: so it is for whoever is not protected. */
function readAdj(tree: Tree, pid: string): number {
  const got = tree.read(`/proc/${pid}/oom_score_adj`, 64)
  return got.ok ? Number(/^-?\d+/.exec(got.text)?.[0] ?? 0) : 0
}

export function readProcesses(tree: Tree, pageBytes: number): SeenProcesses {
  const buffer = new Uint8Array(4096)
  const status = emptyStatus()
  const pids = (tree.list('/proc') ?? []).filter((name) => /^[1-9]\d*$/.test(name))
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
    const comm = decodeStatusName(buffer, status)
    processes.push({
      comm,
      pid: Number(pid),
      uid: Number.isNaN(status.uid) ? 0 : status.uid,
      totalVmPages: pages(status.vmSizeBytes),
      rssAnonPages: pages(status.rssAnonBytes),
      rssFilePages: pages(status.rssFileBytes),
      rssShmemPages: pages(status.rssShmemBytes),
      // Columns are padded: these two change no length until they are very long.
      pageTableBytes: 0,
      swapPages: pages(status.vmSwapBytes),
      oomScoreAdj: ASKED.has(comm) ? readAdj(tree, pid) : 0,
    })
  }
  return { processes, seesAll }
}
