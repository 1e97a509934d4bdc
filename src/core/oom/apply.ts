/** @module What each kind of line adds to a report that is being put together. */
import type { Draft } from './draft.ts'
import type { OomLine } from './grammar.ts'
import type { KilledProcess, LogRecord } from './records.ts'
import { parseTaskRow, readColumns } from './task-row.ts'

const MAX_TASKS = 200_000
const MAX_TRACE = 64
const MAX_KILLED = 10_000
/** Zones, blocks, objects and counters of one report: more than any machine has. */
const MAX_PARTS = 4096
/** Names come from the log: as many as a report may have, and the first value of each. */
const MAX_FIGURES = 512

function addFigures(into: Record<string, number>, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) {
    if (Object.hasOwn(into, name) || Object.keys(into).length >= MAX_FIGURES) continue
    into[name] = value
  }
}

function addSums(into: Record<string, number>, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) {
    if (Object.hasOwn(into, name)) into[name] = (into[name] ?? 0) + value
    else addFigures(into, { [name]: value })
  }
}

function addPart<Part>(parts: Part[], part: Part): void {
  if (parts.length < MAX_PARTS) parts.push(part)
}

function applyTotal(draft: Draft, line: Extract<OomLine, { kind: 'total' }>): void {
  switch (line.name) {
    case 'pages RAM':
      draft.pagesRam ??= line.value
      break
    case 'pages reserved':
      draft.pagesReserved ??= line.value
      break
    case 'pages HighMem':
      draft.pagesHighMem ??= line.value
      break
    case 'pagecache':
      draft.pageCachePages ??= line.value
      break
    case 'swap cache':
      draft.swapCachePages ??= line.value
      break
    case 'free swap':
      draft.swapFreeKb ??= line.value
      break
    case 'total swap':
      draft.swapTotalKb ??= line.value
      break
  }
}

/** A path that was cut short by another's line is none. */
function pathOf(text: string | undefined): string | null {
  return text?.startsWith('/') === true ? text : null
}

function applySummary(draft: Draft, fields: Readonly<Record<string, string>>): void {
  draft.hasSummary = true
  draft.constraint = fields.constraint ?? draft.constraint
  draft.nodemask = fields.nodemask ?? draft.nodemask
  draft.memsAllowed = fields.mems_allowed ?? draft.memsAllowed
  draft.oomMemcg = pathOf(fields.oom_memcg) ?? draft.oomMemcg
  draft.taskMemcg = pathOf(fields.task_memcg) ?? draft.taskMemcg
  if (fields.task !== undefined && fields.pid !== undefined && /^\d+$/.test(fields.pid)) {
    draft.selected ??= { comm: fields.task, pid: Number(fields.pid) }
  }
}

function applyPair(draft: Draft, line: Extract<OomLine, { kind: 'pair' }>): boolean {
  const [first = 0, second] = line.values
  if (draft.mode === 'memcg') {
    addFigures(draft.memcgStat, { [line.name]: first })
    return true
  }
  if (draft.mode === 'slab' && second !== undefined) {
    addPart(draft.slabs, { name: line.name, usedKb: first, totalKb: second })
    return true
  }
  return false
}

/** Trigger's pid: the stack's first line names whoever asked; an oops in between names another. */
function applyCpu(draft: Draft, line: Extract<OomLine, { kind: 'cpu' }>): void {
  draft.release ??= line.release
  const { trigger } = draft
  if (trigger === null || trigger.pid !== null) return
  if (line.comm !== null && line.comm !== trigger.comm) return
  draft.trigger = { comm: trigger.comm, pid: line.pid }
}

/** Takes a line into an open report; false where it says nothing of one. */
export function apply(draft: Draft, line: OomLine, record: LogRecord): boolean {
  if (line.kind === 'pair') return applyPair(draft, line)
  draft.mode = 'none'
  switch (line.kind) {
    case 'cpu':
      applyCpu(draft, line)
      return true
    case 'cpuset':
      if (draft.trigger !== null && line.comm !== draft.trigger.comm) return false
      draft.memsAllowed ??= line.memsAllowed
      return true
    case 'trace-head':
      if (draft.hasTraceHead) return false
      draft.hasTraceHead = true
      return true
    case 'trace':
      if (draft.hasMemInfo || draft.tasks.length > 0 || draft.trace.length >= MAX_TRACE)
        return false
      if (line.isCertain) draft.trace.push(line.symbol)
      return true
    case 'mem-info':
      draft.hasMemInfo = true
      return true
    case 'counters':
      draft.hasMemInfo = true
      addFigures(draft.counters, line.figures)
      return true
    case 'node':
      addPart(draft.nodes, { node: line.node, kb: line.kb })
      return true
    case 'zone':
      addPart(draft.zones, { node: line.node, name: line.name, kb: line.kb })
      return true
    case 'buddy':
      addPart(draft.buddies, line.buddy)
      return true
    case 'hugepages':
      addPart(draft.hugepages, line)
      return true
    case 'total':
      applyTotal(draft, line)
      return true
    case 'slab-head':
      draft.mode = 'slab'
      return true
    case 'task-head':
      draft.hasTaskHead = true
      return true
    case 'task-columns':
      draft.hasTaskHead = true
      draft.columns = readColumns(line.columns)
      return true
    case 'task-row':
      if (draft.tasks.length < MAX_TASKS) {
        draft.tasks.push(parseTaskRow(record.line, line.pid, line.words, draft.columns))
      }
      return true
    case 'memcg-usage':
      draft.memcgUsage[line.name] ??= { usageKb: line.usageKb, limitKb: line.limitKb }
      return true
    case 'memcg-stats':
      draft.mode = 'memcg'
      draft.oomMemcg ??= line.path === '' ? null : line.path
      // Until 5.2 a line for each group below it, with what that one has itself.
      addSums(draft.memcgStat, line.figures)
      return true
    case 'task-in':
      draft.taskMemcg = line.taskMemcg
      draft.oomMemcg = line.oomMemcg
      return true
    case 'summary':
      applySummary(draft, line.fields)
      return true
    case 'selected':
      draft.selected = { comm: line.comm, pid: line.pid }
      draft.isMemcgKill ||= line.isMemcg
      return true
    case 'group-kill':
      draft.isGroupKill = true
      return true
    case 'no-killable':
      draft.isNoKillable = true
      draft.isEnded = true
      return true
    case 'reaped':
      return draft.killed.some(({ pid }) => pid === line.pid)
    case 'panic':
      if (!/[Mm]emory|oom/i.test(line.text)) return false
      draft.panic = line.text
      draft.isEnded = true
      return true
    default:
      return false
  }
}

export function addKilled(
  draft: Draft,
  killed: KilledProcess,
  line: Extract<OomLine, { kind: 'killed' }>,
): void {
  draft.isEnded = true
  draft.isAllocatingTask ||= line.isAllocating
  draft.isMemcgKill ||= line.isMemcg
  if (draft.killed.length < MAX_KILLED) draft.killed.push(killed)
}
