/**
 * @module The monitor: one tick takes a pass over the host, feeds every series and says what
 * changed. The guard runs it for good; `watch` runs it where no guard is there.
 */
import type { HostRow, Missing } from '../../core/procfs/records.ts'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { Sampler } from '../../linux/sampler.ts'
import { createPools, poolRow, tickPools } from './pools.ts'
import { createProcesses, processRow, tickProcesses } from './processes.ts'
import type { SeriesIndex } from './series-index.ts'
import { createSeriesIndex } from './series-index.ts'
import { createServices, isOwnStory, serviceRow, serviceState, tickServices } from './services.ts'
import type { Subject } from './subject.ts'
import { isSuspect, stateOf } from './subject.ts'
import type { Happening } from './verdict-events.ts'
import { isTold, verdictHappening } from './verdict-events.ts'

export interface MonitorOptions {
  /** Series at most: processes, services, pools. */
  readonly maxSeries: number
  /** Processes read in full at one tick, beside the requested ones. */
  readonly fullBudget: number
  /** Time between two looks at cgroups, tmpfs, slab caches; ms. */
  readonly poolsEveryMs: number
}

export const MONITOR_DEFAULTS: MonitorOptions = {
  maxSeries: 4096,
  fullBudget: 64,
  poolsEveryMs: 5_000,
}

/** What one tick changed. */
export interface Tick {
  readonly host: HostRow
  readonly rows: readonly SubjectRow[]
  readonly gone: readonly SubjectId[]
  readonly happenings: readonly Happening[]
}

export interface Monitor {
  readonly index: SeriesIndex
  /**
   * @param bootMs time since boot, suspend included
   * @returns `undefined`: /proc could not be read
   */
  tick(bootMs: number, wallMs: number): Tick | undefined
  /** Every subject as of the last tick. */
  allRows(): SubjectRow[]
  /** Has the next tick read a subject in full. */
  requestFull(id: SubjectId): void
  missing(): Missing[]
}

/** Starts watching; the sampler stays the caller's to close. */
export function openMonitor(sampler: Sampler, options: MonitorOptions): Monitor {
  const index = createSeriesIndex(options.maxSeries)
  const processes = createProcesses(sampler, index)
  const services = createServices(index)
  const pools = createPools(sampler, index)
  let poolsAtMs = Number.NEGATIVE_INFINITY
  let headroomBytes = 0

  function isProcessTold(slot: number): boolean {
    const process = processes.bySlot[slot]
    return process !== undefined && isSuspect(process.toldState)
  }

  function tell(
    subject: Subject,
    makeRow: () => SubjectRow,
    rows: SubjectRow[],
    happenings: Happening[],
    state = stateOf(index, subject),
    isStory = true,
  ): void {
    if (!subject.isChanged) return
    subject.isChanged = false
    const row = makeRow()
    rows.push(row)
    if (!isStory) return
    if (isTold(subject.toldState, state)) happenings.push(verdictHappening(row, subject.toldState))
    subject.toldState = state
  }

  return {
    index,
    tick(bootMs, wallMs) {
      // Before the passes, since who appeared in one is told by that one alone.
      const memory = sampler.readHost(bootMs, wallMs)
      if (memory === undefined) return undefined
      sampler.fastPass(bootMs)
      sampler.fullPass(options.fullBudget, bootMs)
      const host = { ...memory, processes: sampler.table.processes }
      headroomBytes = host.memAvailableBytes + host.swapFreeBytes
      const rows: SubjectRow[] = []
      const gone: SubjectId[] = []
      const happenings: Happening[] = []
      const tSec = bootMs / 1000
      tickProcesses(processes, services, tSec, headroomBytes, gone, happenings)
      tickServices(services, sampler.table, tSec, host, headroomBytes, gone, happenings)
      if (bootMs - poolsAtMs >= options.poolsEveryMs) {
        poolsAtMs = bootMs
        tickPools(pools, sampler.readPools(), tSec, headroomBytes, gone, happenings)
      }
      for (const process of processes.bySlot) {
        if (process === undefined) continue
        tell(process, () => processRow(processes, process, headroomBytes), rows, happenings)
      }
      for (const service of services.byId.values()) {
        if (!service.isShown) continue
        const makeRow = () => serviceRow(services, service, headroomBytes)
        const isStory = isOwnStory(services, service, isProcessTold)
        tell(service, makeRow, rows, happenings, serviceState(services, service), isStory)
      }
      for (const pool of pools.byId.values()) {
        tell(pool, () => poolRow(pools, pool, headroomBytes), rows, happenings)
      }
      return { host, rows, gone, happenings }
    },
    allRows() {
      const rows: SubjectRow[] = []
      for (const process of processes.bySlot) {
        if (process !== undefined) rows.push(processRow(processes, process, headroomBytes))
      }
      for (const service of services.byId.values()) {
        if (service.isShown) rows.push(serviceRow(services, service, headroomBytes))
      }
      for (const pool of pools.byId.values()) rows.push(poolRow(pools, pool, headroomBytes))
      return rows
    },
    requestFull(id) {
      const process = processes.bySlot.find((candidate) => candidate?.id === id)
      if (process !== undefined) sampler.requestFull(process.slot)
    },
    missing: () => sampler.missing(),
  }
}
