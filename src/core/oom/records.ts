/** @module What is found in kernel logs: lines with their stamps, and reports with what each says. */

/** One record of the kernel's log as it came: text without transport, stamps apart. */
export interface LogRecord {
  /** Of the line in its file, from 1. */
  readonly line: number
  readonly text: string
  /** Seconds since boot, where the line says. */
  readonly uptimeSec: number | null
  /** `T1778` or `C0` with CONFIG_PRINTK_CALLER. */
  readonly caller: string | null
  /** Whether it began with a stamp: one without may be the rest of the line before. */
  readonly isStamped: boolean
  /** The time of day, as its stamps say it. */
  readonly clockText: string | null
}

export interface ProcessName {
  readonly comm: string
  readonly pid: number | null
}

export interface KilledProcess {
  readonly comm: string
  readonly pid: number
  readonly line: number
  readonly totalVmKb: number | null
  readonly anonRssKb: number | null
  readonly fileRssKb: number | null
  readonly shmemRssKb: number | null
  readonly pageTablesKb: number | null
  readonly uid: number | null
  readonly oomScoreAdj: number | null
}

/** A row of the task table; pages, but for page tables. */
export interface TaskRow {
  readonly line: number
  readonly comm: string
  readonly pid: number
  readonly uid: number | null
  readonly totalVm: number | null
  readonly rss: number | null
  readonly rssAnon: number | null
  readonly rssFile: number | null
  readonly rssShmem: number | null
  readonly pageTableBytes: number | null
  readonly swapents: number | null
  readonly oomScoreAdj: number | null
}

export interface ZoneInfo {
  readonly node: number
  readonly name: string
  /** Figures of the zone's line in kB, by the kernel's names (`free`, `min`, `managed`...). */
  readonly kb: Readonly<Record<string, number>>
}

/** Free blocks of a zone: pages of each order, and of which migrate types. */
export interface BuddyInfo {
  readonly node: number
  readonly name: string
  readonly blocks: readonly {
    readonly kb: number
    readonly count: number
    readonly types: string
  }[]
}

export interface SlabRow {
  readonly name: string
  readonly usedKb: number
  readonly totalKb: number
}

export const OOM_KINDS = [
  'global',
  'memcg',
  'cpuset',
  'mempolicy',
  'sysrq',
  'panic',
  'unknown',
] as const
export type OomKind = (typeof OOM_KINDS)[number]

/** One OOM as the log shows it. What the log does not say is `null` or empty, and in `missing`. */
export interface OomReport {
  readonly firstLine: number
  readonly lastLine: number
  readonly uptimeSec: number | null
  /** The time of its first line that tells one, in the log's own words. */
  readonly clockText: string | null
  /** Only the line of a kill was found. */
  readonly isKillLineOnly: boolean
  readonly trigger: ProcessName | null
  readonly gfpMask: number | null
  readonly gfpText: string | null
  readonly order: number | null
  readonly triggerAdj: number | null
  /** Kernel, as the stack's first line says it. */
  readonly release: string | null
  readonly trace: readonly string[]
  /** Whom the kernel selected, where that is another than the killed (a child was sacrificed). */
  readonly selected: ProcessName | null
  readonly killed: readonly KilledProcess[]
  readonly constraint: string | null
  readonly nodemask: string | null
  readonly memsAllowed: string | null
  readonly oomMemcg: string | null
  readonly taskMemcg: string | null
  /** The kill line says that a group's limit was behind it. */
  readonly isMemcgKill: boolean
  readonly isGroupKill: boolean
  readonly isAllocatingTask: boolean
  readonly isNoKillable: boolean
  readonly panic: string | null
  /** Counters of the machine in pages, by the kernel's names (`active_anon`...). */
  readonly counters: Readonly<Record<string, number>>
  readonly nodes: readonly {
    readonly node: number
    readonly kb: Readonly<Record<string, number>>
  }[]
  readonly zones: readonly ZoneInfo[]
  readonly buddies: readonly BuddyInfo[]
  readonly hugepages: readonly {
    readonly node: number
    readonly total: number
    readonly free: number
    readonly sizeKb: number
  }[]
  readonly swapFreeKb: number | null
  readonly swapTotalKb: number | null
  readonly pagesRam: number | null
  readonly pagesReserved: number | null
  readonly pagesHighMem: number | null
  readonly pageCachePages: number | null
  readonly swapCachePages: number | null
  readonly memcgUsage: Readonly<
    Record<string, { readonly usageKb: number; readonly limitKb: number }>
  >
  /** memory.stat of the group, bytes. */
  readonly memcgStat: Readonly<Record<string, number>>
  readonly tasks: readonly TaskRow[]
  readonly hasTable: boolean
  readonly slabs: readonly SlabRow[]
  readonly isTruncated: boolean
  /** Parts that a whole report has and this does not. */
  readonly missing: readonly string[]
}
