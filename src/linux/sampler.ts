/** @module The sampler: everything on this host that holds memory, read from /proc and /sys. */
import { PlimsollError } from '../base/errors.ts'
import type { HostRow, Missing, PoolRow, ProcessTable } from '../core/procfs/records.ts'
import type { LimitRow } from '../core/wire/records.ts'
import { DENIED, openFile } from './files.ts'
import { openHostReader } from './host.ts'
import { readKernelUnits } from './page-size.ts'
import { openProcesses } from './processes.ts'

export interface SamplerOptions {
  /** Another host's /proc in a container, or a recorded one. */
  readonly procRoot?: string
  readonly sysRoot?: string
  /** Bytes; asked of the kernel when not given. */
  readonly pageSize?: number
  /** Descriptors that may stay open. */
  readonly maxFds?: number
}

/**
 * One tick of a guard: `fastPass`, then `fullPass`, then `readHost`; `readPools` less often. None of
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
  /** What bounds the growth of `slot` tightest; `undefined`: nothing that can be read. */
  readLimit(slot: number): LimitRow | undefined
  /** What could not be read here, and why. */
  missing(): Missing[]
  close(): void
}

export function openSampler(options: SamplerOptions = {}): Sampler {
  const procRoot = options.procRoot ?? '/proc'
  const probe = openFile(`${procRoot}/meminfo`)
  if (probe < 0) {
    const why = probe === DENIED ? 'may not be read' : 'is not there'
    throw new PlimsollError('PLM_PROC', `${procRoot}/meminfo ${why}`)
  }
  const units = readKernelUnits(procRoot)
  const pageSize = options.pageSize ?? units?.pageSizeBytes
  if (pageSize === undefined) {
    throw new PlimsollError('PLM_PROC', `${procRoot}/self/auxv does not state the page size`)
  }
  const processes = openProcesses({ procRoot, pageSize, maxFds: options.maxFds ?? 1024 })
  const host = openHostReader(procRoot, pageSize)
  let isListed = true

  return {
    table: processes.table,
    clockTicksPerSec: units?.clockTicksPerSec ?? 100,
    fastPass(nowMs) {
      isListed = processes.fastPass(nowMs)
    },
    fullPass: processes.fullPass,
    requestFull: processes.requestFull,
    readHost(nowMs, wallMs) {
      const extras = { dmabufBytes: null, bpfBytes: null }
      const row = host.read(nowMs, wallMs, processes.table.processes, extras)
      if (row !== undefined) processes.setSwap(row.swapTotalBytes > 0)
      return row
    },
    readPools: () => [],
    readLimit: () => undefined,
    missing: () =>
      isListed ? [] : [{ what: 'list of processes', why: `${procRoot} cannot be listed` }],
    close() {
      processes.close()
      host.close()
    },
  }
}
