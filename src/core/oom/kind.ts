/** @module Which shortage it was: the machine's, a group's, some nodes', or none, as the whole report shows. */
import type { OomKind, OomReport } from './records.ts'

export type KindEvidence = Pick<
  OomReport,
  | 'constraint'
  | 'oomMemcg'
  | 'isMemcgKill'
  | 'order'
  | 'trace'
  | 'panic'
  | 'killed'
  | 'memcgUsage'
  | 'counters'
  | 'pagesRam'
>

const MEMCG_SYMBOLS =
  /^(?:mem_cgroup_out_of_memory|mem_cgroup_oom_synchronize|try_charge|mem_cgroup_do_charge)/

/**
 * The constraint's own word is not always true: memcg OOMs of 5.0 to 5.2 say CONSTRAINT_NONE. The trace, the
 * group's figures and the kill line know better.
 */
export function judgeKind(report: KindEvidence): OomKind {
  if (report.order === -1 || report.trace.includes('moom_callback')) return 'sysrq'
  if (report.constraint === 'CONSTRAINT_CPUSET') return 'cpuset'
  if (report.constraint === 'CONSTRAINT_MEMORY_POLICY') return 'mempolicy'
  const isMemcg =
    report.constraint === 'CONSTRAINT_MEMCG' ||
    report.isMemcgKill ||
    report.oomMemcg !== null ||
    report.memcgUsage.memory !== undefined ||
    report.trace.some((symbol) => MEMCG_SYMBOLS.test(symbol))
  if (isMemcg) return 'memcg'
  if (report.panic !== null && report.killed.length === 0) return 'panic'
  if (report.constraint === 'CONSTRAINT_NONE' || report.pagesRam !== null) return 'global'
  if (Object.keys(report.counters).length > 0) return 'global'
  return 'unknown'
}
