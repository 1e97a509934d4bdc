/** @module A report while it is being put together, and what it is once it is over. */
import { judgeKind } from './kind.ts'
import type { LogRecord, OomReport, TaskRow } from './records.ts'
import type { TaskColumns } from './task-row.ts'
import { HEADLESS_COLUMNS } from './task-row.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] }

/** What a report holds while it is being put together. */
export interface Draft extends Mutable<Omit<OomReport, 'isTruncated' | 'missing' | 'hasTable'>> {
  columns: TaskColumns
  counters: Record<string, number>
  memcgUsage: Record<string, { usageKb: number; limitKb: number }>
  memcgStat: Record<string, number>
  hasHeader: boolean
  hasMemInfo: boolean
  hasTaskHead: boolean
  hasSummary: boolean
  /** Where pairs of a name and a number belong. */
  mode: 'none' | 'memcg' | 'slab'
  isEnded: boolean
  hasTraceHead: boolean
  /** Uptime of its last line, where lines have one. */
  lastSec: number | null
  /** Of its first kill. */
  killSec: number | null
}

export function createDraft(record: LogRecord): Draft {
  return {
    firstLine: record.line,
    lastLine: record.line,
    uptimeSec: record.uptimeSec,
    clockText: record.clockText,
    isKillLineOnly: false,
    trigger: null,
    gfpMask: null,
    gfpText: null,
    order: null,
    triggerAdj: null,
    release: null,
    trace: [],
    selected: null,
    killed: [],
    constraint: null,
    nodemask: null,
    memsAllowed: null,
    oomMemcg: null,
    taskMemcg: null,
    isMemcgKill: false,
    isGroupKill: false,
    isAllocatingTask: false,
    isNoKillable: false,
    panic: null,
    counters: {},
    nodes: [],
    zones: [],
    buddies: [],
    hugepages: [],
    swapFreeKb: null,
    swapTotalKb: null,
    pagesRam: null,
    pagesReserved: null,
    pagesHighMem: null,
    pageCachePages: null,
    swapCachePages: null,
    memcgUsage: {},
    memcgStat: {},
    tasks: [],
    slabs: [],
    columns: HEADLESS_COLUMNS,
    hasHeader: false,
    hasMemInfo: false,
    hasTaskHead: false,
    hasSummary: false,
    mode: 'none',
    isEnded: false,
    hasTraceHead: false,
    lastSec: record.uptimeSec,
    killSec: null,
  }
}

/** memory.stat of v1: `total_rss` has the groups below, too, `rss` what the group itself has. */
function withBelow(stat: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const totals = Object.entries(stat).filter(([name]) => name.startsWith('total_'))
  if (totals.length === 0) return stat
  const below = totals.map(([name, value]) => [name.slice('total_'.length), value] as const)
  return { ...stat, ...Object.fromEntries(below) }
}

function withoutBlanks(text: string): string {
  return text.replaceAll(' ', '')
}

/** A name that a terminal broke in the table is whole in the line of the kill. */
function withWholeNames({ tasks, killed }: Draft): readonly TaskRow[] {
  const whole = new Map(killed.map(({ pid, comm }) => [pid, comm]))
  return tasks.map((row) => {
    const comm = whole.get(row.pid)
    const isSame = comm !== undefined && withoutBlanks(comm) === withoutBlanks(row.comm)
    return isSame ? { ...row, comm } : row
  })
}

export function finish(draft: Draft): OomReport {
  const {
    columns: _columns,
    hasHeader,
    hasMemInfo,
    hasTaskHead,
    hasSummary: _hasSummary,
    mode: _mode,
    isEnded: _isEnded,
    hasTraceHead: _hasTraceHead,
    lastSec: _lastSec,
    killSec: _killSec,
    ...report
  } = draft
  const isMemcg = judgeKind(report) === 'memcg'
  const parts: readonly (readonly [boolean, string])[] = [
    [hasHeader, 'header'],
    [hasMemInfo || isMemcg, 'memory summary'],
    [!isMemcg || Object.keys(report.memcgUsage).length > 0, 'usage of the cgroup'],
    [hasTaskHead, 'task table'],
    [report.killed.length > 0 || report.panic !== null || report.isNoKillable, 'kill line'],
  ]
  const missing = parts.filter(([has]) => !has).map(([, name]) => name)
  const memcgStat = withBelow(report.memcgStat)
  const tasks = withWholeNames(draft)
  return {
    ...report,
    tasks,
    memcgStat,
    hasTable: hasTaskHead,
    isTruncated: missing.length > 0,
    missing,
  }
}

/** Whether it proves an OOM: a summary of memory alone is printed for other reasons, too. */
export function isOom(draft: Draft): boolean {
  return (
    draft.hasHeader ||
    draft.hasSummary ||
    // Of a kill until 5.0 the choice may be all that a log has.
    draft.selected !== null ||
    draft.killed.length > 0 ||
    draft.isNoKillable ||
    (draft.hasTaskHead && draft.tasks.length > 0)
  )
}
