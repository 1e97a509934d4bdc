/** @module What a scenario is: a machine that runs out of memory, and what is true of it by construction. */
import type { Kernel, KernelVersion } from '../archive/kernels.ts'
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

/** Why there was no memory. */
export type Cause =
  | 'process-leak'
  | 'many-processes'
  | 'cgroup-limit'
  | 'constraint'
  | 'shmem'
  | 'kernel-memory'
  | 'hugetlb'
  | 'manual'

/** One OOM of the scene, as an expert with the whole machine before them would tell it. */
export interface OomTruth {
  readonly kind: 'global' | 'memcg' | 'cpuset' | 'mempolicy' | 'sysrq' | 'panic'
  /** Names of who may have asked; several where it is the luck of the moment. `*` at the end is any ending. */
  readonly triggers: readonly string[]
  /** Name of who was killed, `null` where nobody was. */
  readonly killed: string | null
  /** Names of who died with it, as members of one cgroup (memory.oom.group). */
  readonly diedToo?: readonly string[]
  /** Whether the killed held no more than its ordinary share. */
  readonly isInnocent: boolean
  /** Who or what had the memory: a process' name, or `tmpfs`, `slab`, `hugetlb`, `page cache`. */
  readonly culprit: string | null
  readonly cause: Cause
  /** Path of the cgroup whose limit it was. */
  readonly memcg?: string
  /** Whether there was swap, and none of it left. */
  readonly isSwapFull?: true
  /** Whether the same may come several times in a row. */
  readonly mayRepeat?: true
}

export interface Scenario {
  readonly name: string
  /** What happens, in one sentence. */
  readonly summary: string
  readonly guest: (setting: Setting) => Guest
  /** In the order in which they come. */
  readonly ooms: readonly OomTruth[]
  /** Whether a bystander that allocates waits while a report is printed: not where it has memory all the same. */
  readonly doOthersWait: boolean
  /** Seconds that it needs beside those of its bytes on the line. */
  readonly playSec: number
  /** Kernels of the archive that cannot play it. */
  readonly notOn?: readonly KernelVersion[]
}
