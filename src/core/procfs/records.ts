/** @module What a pass over /proc and /sys yields. */

/**
 * All processes of the host, one slot each, struct of arrays. A slot belongs to one process (pid +
 * start time) from its first pass to the pass that finds it gone; then it is free (`pid` 0), keeps
 * its other figures until the next fast pass begins, and may then be given to another. Kernel threads
 * have no slot. Arrays are owned by the sampler and overwritten in place; when it grows them it makes
 * new ones, so read them through the table each time.
 */
export interface ProcessTable {
  /** Slots at and above this were never used. */
  readonly length: number
  /** Slots whose process the last fast pass saw for the first time. */
  readonly appeared: readonly number[]
  /** Slots whose process the last fast pass found gone. */
  readonly gone: readonly number[]
  /** Processes in the table, and kernel threads outside it. */
  readonly processes: number
  readonly kernelThreads: number
  /** 0: free slot. */
  readonly pid: Int32Array
  /** Start time in clock ticks since boot (field 22 of proc_pid_stat(5)). */
  readonly startTicks: Float64Array
  /** NaN in any of these: could not be read, or not yet. */
  readonly rssBytes: Float64Array
  readonly anonBytes: Float64Array
  readonly fileBytes: Float64Array
  readonly shmemBytes: Float64Array
  readonly swapBytes: Float64Array
  readonly vszBytes: Float64Array
  /** -1 in any of these: could not be read, or not yet. */
  readonly threads: Int32Array
  readonly fds: Int32Array
  readonly uid: Int32Array
  /** Not 0 when a figure of this slot changed in the last pass. */
  readonly changed: Uint8Array
  /** Boot time of the last full pass over this slot, ms; 0: none yet. */
  readonly fullAtMs: Float64Array
  /** Untrusted text: any bytes that the process chose. */
  readonly comm: readonly string[]
  /** Path in the memory controller's hierarchy (v1) or the unified one (v2); '' unknown. */
  readonly cgroup: readonly string[]
}

/** The host's memory in one row. `null`: this kernel or this user cannot tell. */
export interface HostRow {
  readonly bootMs: number
  readonly wallMs: number
  readonly memTotalBytes: number
  /** MemFree, and the free pages on the CPUs' own lists (/proc/zoneinfo). */
  readonly memFreeBytes: number
  readonly memAvailableBytes: number
  readonly swapTotalBytes: number
  readonly swapFreeBytes: number
  readonly anonBytes: number
  /** Page cache and buffers without shmem. */
  readonly fileBytes: number
  readonly shmemBytes: number
  readonly slabReclaimableBytes: number
  readonly slabUnreclaimableBytes: number
  readonly pageTablesBytes: number
  readonly kernelStackBytes: number
  readonly vmallocBytes: number | null
  readonly percpuBytes: number | null
  readonly hugepagesBytes: number
  readonly socketBytes: number | null
  readonly dmabufBytes: number | null
  readonly bpfBytes: number | null
  /** MemTotal minus everything above that has a name; what drivers and leaks in the kernel hold. */
  readonly unaccountedBytes: number
  readonly processes: number
  readonly psi: PsiRow | null
}

/** /proc/pressure/memory (Documentation/accounting/psi.rst). */
export interface PsiRow {
  readonly someAvg10Pct: number
  readonly someAvg60Pct: number
  readonly fullAvg10Pct: number
  readonly fullAvg60Pct: number
  readonly someTotalUs: number
  readonly fullTotalUs: number
}

/** Something besides a process that can hold memory and grow. */
export interface PoolRow {
  readonly kind: 'cgroup' | 'tmpfs' | 'shm' | 'slab' | 'kernel'
  /** cgroup path, mount point, segment key, cache name, or e.g. `vmalloc`, `page tables`. Untrusted. */
  readonly name: string
  readonly usedBytes: number
  /** Its own limit (memory.max, tmpfs size); `null`: none, the host's applies. */
  readonly limitBytes: number | null
}

/** What the sampler could not read here and why: said to people, never taken for zero. */
export interface Missing {
  /** `fds of other users' processes`, `slab caches`, ... */
  readonly what: string
  /** `needs root`, `this kernel has no CONFIG_MEM_ALLOC_PROFILING`, ... */
  readonly why: string
}
