/** @module Who had the memory among processes: each by the kernel's own measure, and those of one name together. */
import type { OomReport, TaskRow } from './records.ts'

export interface Group {
  readonly comm: string
  readonly processes: number
  /** Sum of their footprints without files; shared pages count as often as they are shared. */
  readonly pages: number
}

/** The kernel's measure without the adjustment: rss + swap + page tables (oom_kill.c, oom_badness), pages. */
export function footprint(row: TaskRow, pageKb: number): number {
  return (row.rss ?? 0) + (row.swapents ?? 0) + (row.pageTableBytes ?? 0) / 1024 / pageKb
}

/** By footprint, largest first. */
export function rankTasks(report: OomReport, pageKb: number): readonly TaskRow[] {
  return [...report.tasks].sort((a, b) => footprint(b, pageKb) - footprint(a, pageKb))
}

/** What is a process' own: its anonymous memory where the table tells it apart, else its rss. */
function ownPages(row: TaskRow): number {
  return (row.rssAnon ?? row.rss ?? 0) + (row.swapents ?? 0)
}

/** Processes by name, largest sum first; threads that share a memory count once. */
export function groupTasks(report: OomReport): readonly Group[] {
  const groups = new Map<string, { processes: number; pages: number; seen: Set<string> }>()
  for (const row of report.tasks) {
    const group = groups.get(row.comm) ?? { processes: 0, pages: 0, seen: new Set() }
    groups.set(row.comm, group)
    group.processes++
    // Two rows of one memory look the same in each figure; small ones do by chance.
    if ((row.rss ?? 0) > 1000) {
      const memory = `${row.totalVm} ${row.rss} ${row.pageTableBytes} ${row.swapents}`
      if (row.uid === null && group.seen.has(memory)) continue
      group.seen.add(memory)
    }
    group.pages += ownPages(row)
  }
  return [...groups]
    .map(([comm, { processes, pages }]) => ({ comm, processes, pages }))
    .sort((a, b) => b.pages - a.pages)
}
