/** @module What the freeze is modelled from: plain data, with nothing in it that the model would have to look up. */
import type { HostConsole } from '../cost.ts'
import type { LineStamp, PrintkSetting, ReportLine } from '../records.ts'

/** What a machine takes for its own part; measured, not chosen. */
export interface Mechanics {
  /** How long who does not get oom_lock sleeps: schedule_timeout_uninterruptible(1), at HZ=250 (page_alloc.c). */
  readonly tickMs: number
  /** Direct reclaim that finds nothing, until the allocator gives up (MAX_RECLAIM_RETRIES rounds). */
  readonly reclaimMs: number
  /** How fast a killed process gives its memory back. */
  readonly freeBytesPerMs: number
}

export interface Setting {
  /** Two runs with the same seed are the same. */
  readonly seed: number
  readonly seconds: number
  /** What programs can take at the start. */
  readonly memoryBytes: number
  /** Processes that grow until they are killed. */
  readonly leakers: number
  readonly leakBytesPerSec: number
  /** Seconds after which a killed leaker is started again; `null`: it is not. */
  readonly restartSec: number | null
  /** Processes that wake every 20 ms, take 1 MiB and give it back; the killer spares them. */
  readonly others: number
  /** Cgroups with memory.max; in each a leaker, and one of those others. */
  readonly containers: number
  readonly containerLimitBytes: number
  readonly consoles: readonly HostConsole[]
  readonly printk: PrintkSetting
  readonly stamp: LineStamp
  /** vm.oom_dump_tasks. */
  readonly dumpsTasks: boolean
  /** With the table of tasks. */
  readonly report: readonly ReportLine[]
  readonly containerReport: readonly ReportLine[]
  /** Whether the agent quiets the console before an OOM, and restores it after. */
  readonly isAdaptive: boolean
  readonly mechanics: Mechanics
}
