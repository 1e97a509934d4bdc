/** @module The sampler: everything on this host that holds memory, read from /proc and /sys. */
import { PlimsollError } from '../base/errors.ts'
import type { GroupRoom } from '../core/console/group-near.ts'
import type { ContainerRef } from '../core/procfs/cgroup-path.ts'
import type { HostRow, Missing, PoolRow, ProcessTable } from '../core/procfs/records.ts'
import type { LimitRow } from '../core/wire/records.ts'
import { openCgroups } from './cgroups.ts'
import { openContainerNames } from './container-names.ts'
import { closeFile, DENIED, openFile } from './files.ts'
import { openHostReader } from './host.ts'
import { readFdBudget } from './kept-fds.ts'
import { explainHidden, explainTable, explainUnnamed } from './missing.ts'
import { openMounts } from './mounts.ts'
import { readKernelUnits } from './page-size.ts'
import { openPools } from './pools.ts'
import { openProcessLimits } from './process-limits.ts'
import { openProcesses } from './processes.ts'
import { createProgramReader } from './program.ts'

export interface SamplerOptions {
  /** Another host's /proc in a container, or a recorded one. */
  readonly procRoot?: string
  readonly sysRoot?: string
  /** In front of the files of container runtimes; '' where it is not given. */
  readonly filesRoot?: string
  /** Bytes; asked of the kernel when not given. */
  readonly pageSize?: number
  /** Descriptors that may stay open; as many as this process' limit allows when not given. */
  readonly maxFds?: number
}

/**
 * One tick of a guard: `readHost`, then `fastPass` and `fullPass`; `readPools` less often. None of
 * them throws on what it reads.
 */
export interface Sampler {
  readonly table: ProcessTable
  readonly clockTicksPerSec: number
  /** Every process by statm; finds the new (read in full at once) and the gone. */
  fastPass(nowMs: number): void
  /** At most `budget` processes by status: requested, changed, then in turn. Returns how many. */
  fullPass(budget: number, nowMs: number): number
  /** The next full pass begins with `slot`. */
  requestFull(slot: number): void
  /** `undefined`: meminfo cannot be read. */
  readHost(nowMs: number, wallMs: number): HostRow | undefined
  readPools(): PoolRow[]
  /** Of the cgroups with a limit the one that has least left, as of the last `readPools`. */
  tightestGroup(): GroupRoom | undefined
  /** What bounds the growth of `slot` tightest; `undefined`: nothing that can be read. */
  readLimit(slot: number): LimitRow | undefined
  /** Path in the hierarchy that systemd keeps units in; '' unknown. */
  unitCgroup(slot: number): string
  /** Executable, and of an interpreter the script: `node server.js`; comm where it may not be read. */
  readProgram(slot: number): string
  /** The name that the runtime gives; `undefined`: it is not to be had here. */
  nameContainer(container: ContainerRef): string | undefined
  /** What could not be read here, and why. */
  missing(): Missing[]
  close(): void
}

export function openSampler(options: SamplerOptions = {}): Sampler {
  const procRoot = options.procRoot ?? '/proc'
  const sysRoot = options.sysRoot ?? '/sys'
  const probe = openFile(`${procRoot}/meminfo`)
  if (probe < 0) {
    const why = probe === DENIED ? 'may not be read' : 'is not there'
    throw new PlimsollError('PLM_PROC', `${procRoot}/meminfo ${why}`)
  }
  closeFile(probe)
  const units = readKernelUnits(procRoot)
  const pageSize = options.pageSize ?? units?.pageSizeBytes
  if (pageSize === undefined) {
    throw new PlimsollError('PLM_PROC', `${procRoot}/self/auxv does not state the page size`)
  }
  const clockTicksPerSec = units?.clockTicksPerSec ?? 100
  const processes = openProcesses({
    procRoot,
    pageSize,
    clockTicksPerSec,
    maxFds: options.maxFds ?? readFdBudget(procRoot),
  })
  const host = openHostReader(procRoot, pageSize)
  const cgroups = openCgroups(sysRoot)
  const mounts = openMounts(procRoot)
  const pools = openPools({ procRoot, sysRoot, pageSize }, cgroups, mounts)
  const limits = openProcessLimits(procRoot)
  const containers = openContainerNames(options.filesRoot ?? '')
  const readProgram = createProgramReader(procRoot)
  let isListed = true
  let lastMs = 0
  let lastHost: HostRow | undefined

  return {
    table: processes.table,
    clockTicksPerSec,
    fastPass(nowMs) {
      lastMs = nowMs
      isListed = processes.fastPass(nowMs)
    },
    fullPass: processes.fullPass,
    requestFull: processes.requestFull,
    readHost(nowMs, wallMs) {
      const { dmabufBytes, bpfBytes } = pools
      const extras = { dmabufBytes, bpfBytes }
      lastHost = host.read(nowMs, wallMs, processes.table.processes, extras)
      if (lastHost === undefined) return undefined
      processes.setSwap(lastHost.swapTotalBytes > 0)
      cgroups.setSwapTotal(lastHost.swapTotalBytes)
      return lastHost
    },
    readPools() {
      cgroups.refresh(processes.table, lastMs)
      return pools.read(lastHost, lastMs)
    },
    tightestGroup: cgroups.tightest,
    readLimit(slot) {
      const pid = processes.table.pid[slot] ?? 0
      if (pid === 0) return undefined
      const found = limits.read(pid)
      if (!processes.isAlive(slot)) return undefined
      const headroomBytes = cgroups.headroomBytes(processes.table.cgroup[slot] ?? '', lastMs)
      if (Number.isFinite(headroomBytes)) found.push({ kind: 'cgroup', headroomBytes })
      return found.reduce<LimitRow | undefined>(
        (least, row) =>
          least === undefined || row.headroomBytes < least.headroomBytes ? row : least,
        undefined,
      )
    },
    unitCgroup: processes.unitCgroup,
    readProgram(slot) {
      const comm = processes.table.comm[slot] ?? ''
      const program = readProgram(processes.table.pid[slot] ?? 0, comm)
      return processes.isAlive(slot) ? program : comm
    },
    nameContainer: (container) => containers.nameOf(container, lastMs),
    missing: () => [
      ...(isListed ? [] : [{ what: 'list of processes', why: `${procRoot} cannot be listed` }]),
      ...(process.geteuid?.() === 0 ? [] : explainHidden(mounts.hidepid(lastMs))),
      ...explainTable(processes.table),
      ...host.missing(),
      ...pools.missing(),
      ...explainUnnamed(containers.unnamed()),
    ],
    close() {
      processes.close()
      host.close()
    },
  }
}
