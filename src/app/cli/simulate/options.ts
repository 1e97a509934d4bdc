/** @module What a person asked of the simulation. */
import type { PrintkSetting } from '../../../core/console/records.ts'

export interface SimulateOptions {
  /** Start from the incident, not from this host. */
  readonly incident?: true
  readonly root?: string
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
  readonly json?: true
}
