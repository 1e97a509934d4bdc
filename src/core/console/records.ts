/** @module Plain records of this room: what bears on an OOM report of a host and on who prints it. */

/** Parts of a report, in the order in which the kernel prints them. */
export const REPORT_PARTS = [
  'header',
  'stack',
  'mem-info',
  'memcg',
  'slab-table',
  'task-table',
  'summary',
  'kill',
] as const

export type ReportPart = (typeof REPORT_PARTS)[number]

/** A level of printk, 0 (emergency) to 7 (debug), or the default that the host has set. */
export type LineLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 'default'

/** One line as it leaves the kernel, without its stamp. */
export interface ReportLine {
  readonly part: ReportPart
  readonly level: LineLevel
  readonly text: string
}

/** A zone of memory with pages in it (/proc/zoneinfo), in pages. */
export interface ReportZone {
  readonly name: string
  readonly presentPages: number
  readonly managedPages: number
  readonly minPages: number
  readonly lowPages: number
  readonly highPages: number
  /** lowmem_reserve, one for each zone type. */
  readonly reservePages: readonly number[]
}

export interface ReportNode {
  readonly id: number
  readonly zones: readonly ReportZone[]
}

/** One row of the task table: a process that has memory and may be killed (oom_kill.c, dump_task). */
export interface ReportTask {
  readonly comm: string
  readonly pid: number
  readonly uid: number
  readonly totalVmPages: number
  readonly rssAnonPages: number
  readonly rssFilePages: number
  readonly rssShmemPages: number
  readonly pageTableBytes: number
  readonly swapPages: number
  readonly oomScoreAdj: number
}

/** What of a host its reports are made of. Figures that could not be read are left at 0. */
export interface ReportHost {
  /** `uname -r` and `uname -v`. */
  readonly release: string
  readonly version: string
  /** Vendor, product, board and BIOS as the kernel writes them; empty where it writes none. */
  readonly hardware: string
  readonly nodes: readonly ReportNode[]
  /** Sizes of huge pages that the kernel keeps, kB. */
  readonly hugePageKb: readonly number[]
  readonly pageBytes: number
  readonly swapTotalKb: number
  readonly shmemPages: number
  readonly pageTablePages: number
  readonly kernelStackKb: number
  readonly slabReclaimablePages: number
  readonly slabUnreclaimablePages: number
  readonly unevictablePages: number
  readonly mappedPages: number
  readonly hasCgroup2: boolean
  readonly tasks: readonly ReportTask[]
}

/** How lines are stamped on the way out. */
export interface LineStamp {
  /** printk.time; 15 bytes and more. */
  readonly hasTime: boolean
  /** Seconds of uptime: more digits from 100,000 s on. */
  readonly uptimeSec: number
  /** Bytes that CONFIG_PRINTK_CALLER adds, 0 without. */
  readonly callerBytes: number
  /** console_msg_format=syslog puts the level before each line. */
  readonly hasLevel: boolean
}

/** kernel.printk (Documentation/admin-guide/sysctl/kernel.rst), with what overrides it. */
export interface PrintkSetting {
  readonly consoleLevel: number
  /** Where lines go that name no level. */
  readonly defaultLevel: number
  readonly minimumLevel: number
  readonly bootLevel: number
  /** printk.ignore_loglevel: everything is shown. */
  readonly ignoresLevel: boolean
}

/** What is taken away while an OOM is near; see quieting.ts. */
export const REMEDIES = ['none', 'bulk', 'level', 'detach'] as const

export type Remedy = (typeof REMEDIES)[number]

/** What the adaptive console does on this host. */
export interface ConsoleState {
  readonly remedy: Remedy
  /** In force now. */
  readonly isQuiet: boolean
  /** One sentence: what is done when an OOM is near, or why nothing is. */
  readonly about: string
  /** kernel.printk as its owner has it; '' unknown. */
  readonly ownersPrintk: string
  /** A group so close to its limit that it stays quiet for it; `null`: none. Untrusted text. */
  readonly forCgroup: string | null
}
