/** @module What a scenario is: a machine that runs out of memory, and what is true of it by construction. */
import type { Kernel } from '../archive/kernels.ts'
import type { Guest } from '../machine/guest.ts'

/** What may be changed of a scenario from outside; each has the incident's value where it is not said. */
export interface Setting {
  readonly kernel: Kernel
  /** Idle processes: rows of the task table. */
  readonly tasks: number
  readonly baud: number
  readonly memoryMib: number
  /** Set before the scene, over the scenario's own. */
  readonly sysctls: Readonly<Record<string, string>>
}

export const INCIDENT = { tasks: 200, baud: 19_200, memoryMib: 512, sysctls: {} } as const

/** One OOM of the scene, as an expert with the whole machine before them would tell it. */
export interface OomTruth {
  readonly kind: 'global' | 'memcg' | 'cpuset' | 'mempolicy' | 'sysrq' | 'panic'
  /** Names of who may have asked; several where it is the luck of the moment. */
  readonly triggers: readonly string[]
  /** Name of who was killed, `null` where nobody was. */
  readonly killed: string | null
  /** Whether the killed held no more than its ordinary share. */
  readonly isInnocent: boolean
  /** Who or what had the memory: a process' name, or `tmpfs`, `slab`, `hugetlb`, `page cache`. */
  readonly culprit: string | null
}

export interface Scenario {
  readonly name: string
  /** What happens, in one sentence. */
  readonly summary: string
  readonly guest: (setting: Setting) => Guest
  readonly ooms: readonly OomTruth[]
  /** Seconds that it needs beside those of its bytes on the line. */
  readonly playSec: number
}
