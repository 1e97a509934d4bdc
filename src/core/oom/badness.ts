/** @module The kernel's own ranking, recomputed: whom it had to choose, and who would have been next. */
import { pageKbOf } from './balance.ts'
import { footprint } from './holders.ts'
import type { OomReport, TaskRow } from './records.ts'

/** Never chosen (OOM_SCORE_ADJ_MIN). */
export const NEVER = -1000

/**
 * Pages against which oom_score_adj counts: RAM and swap, or the group's limit.
 * `null` where the report does not say.
 */
export function totalPagesOf(report: OomReport): number | null {
  const pageKb = pageKbOf(report)
  const memory = report.memcgUsage.memory
  const swapPages = (report.swapTotalKb ?? 0) / pageKb
  if (memory !== undefined) return memory.limitKb / pageKb + swapPages
  return report.pagesRam === null ? null : report.pagesRam + swapPages
}

/** mm/oom_kill.c since 4.17: footprint + adj * totalpages / 1000; `-Infinity`: never. */
export function badness(row: TaskRow, totalPages: number, pageKb: number): number {
  const adj = row.oomScoreAdj ?? 0
  // Nor is the first process (oom_unkillable_task).
  if (adj === NEVER || row.pid === 1) return Number.NEGATIVE_INFINITY
  return footprint(row, pageKb) + (adj * totalPages) / 1000
}

/** Eligible processes by badness, worst first; empty where the machine's size is not known. */
export function rankByBadness(report: OomReport): readonly TaskRow[] {
  const totalPages = totalPagesOf(report)
  if (totalPages === null) return []
  const pageKb = pageKbOf(report)
  const scored = report.tasks.map((row) => ({ row, score: badness(row, totalPages, pageKb) }))
  return scored
    .filter(({ score }) => score > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.score - a.score)
    .map(({ row }) => row)
}
