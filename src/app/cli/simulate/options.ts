/** @module What a person asked of the simulation, and where each figure comes from. */
import type { Incident } from '../../../core/console/model/host.ts'
import { INCIDENT } from '../../../core/console/model/host.ts'
import type { PrintkSetting } from '../../../core/console/records.ts'

export interface SimulateOptions {
  readonly tasks?: number
  readonly baud?: readonly number[]
  readonly printk?: PrintkSetting
  readonly oomDumpTasks?: boolean
  readonly kernel?: string
  readonly memory?: number
  readonly leakers?: number
  readonly rate?: number
  readonly containers?: number
  readonly containerMemory?: number
  readonly restart?: number
  readonly seconds?: number
  readonly seed?: number
  readonly json?: boolean
}

/** Containers alone, where a person asks for containers and says nothing of other leaks. */
export function incidentOf(options: SimulateOptions): Incident {
  const containers = options.containers ?? INCIDENT.containers
  return {
    ...INCIDENT,
    release: options.kernel ?? INCIDENT.release,
    memoryBytes: options.memory ?? INCIDENT.memoryBytes,
    tasks: options.tasks ?? INCIDENT.tasks,
    bauds: options.baud ?? INCIDENT.bauds,
    printk: options.printk ?? INCIDENT.printk,
    dumpsTasks: options.oomDumpTasks ?? INCIDENT.dumpsTasks,
    leakers: options.leakers ?? (containers > 0 ? 0 : INCIDENT.leakers),
    leakBytesPerSec: options.rate ?? INCIDENT.leakBytesPerSec,
    containers,
    containerLimitBytes: options.containerMemory ?? INCIDENT.containerLimitBytes,
    restartSec: options.restart ?? INCIDENT.restartSec,
    seconds: options.seconds ?? INCIDENT.seconds,
    seed: options.seed ?? INCIDENT.seed,
  }
}
