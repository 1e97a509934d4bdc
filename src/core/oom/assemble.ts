/**
 * @module From records to reports. Several may be open at once, one for each caller; a report ends where
 * somebody was killed, where its caller begins another, or where the log ends. Nothing is mandatory.
 */
import type { OomLine } from './grammar.ts'
import { judgeKind } from './kind.ts'
import type { KilledProcess, LogRecord, OomReport, ProcessName } from './records.ts'
import type { TaskColumns } from './task-row.ts'
import { HEADLESS_COLUMNS, parseTaskRow, readColumns } from './task-row.ts'

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
}

/** Open at once; the oldest is closed before another one is opened. */
const MAX_OPEN = 64
const MAX_TASKS = 200_000
const MAX_TRACE = 64
const MAX_KILLED = 10_000
/** Lines after which a report that says nothing more is over; sooner where nothing proves that it is one. */
const SILENCE_LINES = 5000
const SILENCE_LINES_UNPROVEN = 200
/** The same in time: even at 300 baud no line takes as long. */
const SILENCE_SEC = 120
/** Stamps of several CPUs are not quite in order; more than this backwards is another boot. */
const BACKWARDS_SEC = 10
/** Zones, blocks, objects and counters of one report: more than any machine has. */
const MAX_PARTS = 4096

function createDraft(record: LogRecord): Draft {
  return {
    firstLine: record.line,
    lastLine: record.line,
    uptimeSec: record.uptimeSec,
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
  }
}

function finish(draft: Draft): OomReport {
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
  return { ...report, hasTable: hasTaskHead, isTruncated: missing.length > 0, missing }
}

/** Whether it proves an OOM: a summary of memory alone is printed for other reasons, too. */
function isOom(draft: Draft): boolean {
  return (
    draft.hasHeader ||
    draft.hasSummary ||
    draft.killed.length > 0 ||
    draft.isNoKillable ||
    (draft.hasTaskHead && draft.tasks.length > 0)
  )
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

function applySummary(draft: Draft, fields: Readonly<Record<string, string>>): void {
  draft.hasSummary = true
  draft.constraint = fields.constraint ?? draft.constraint
  draft.nodemask = fields.nodemask ?? draft.nodemask
  draft.memsAllowed = fields.mems_allowed ?? draft.memsAllowed
  draft.oomMemcg = fields.oom_memcg ?? draft.oomMemcg
  draft.taskMemcg = fields.task_memcg ?? draft.taskMemcg
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
function apply(draft: Draft, line: OomLine, record: LogRecord): boolean {
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
      addFigures(draft.memcgStat, line.figures)
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

function addKilled(
  draft: Draft,
  killed: KilledProcess,
  line: Extract<OomLine, { kind: 'killed' }>,
): void {
  draft.isEnded = true
  draft.isAllocatingTask ||= line.isAllocating
  draft.isMemcgKill ||= line.isMemcg
  if (draft.killed.length < MAX_KILLED) draft.killed.push(killed)
}

/** Whether a line comes too late, or from another boot, to belong to the report. */
function isOver(draft: Draft, record: LogRecord): boolean {
  const silence = isOom(draft) ? SILENCE_LINES : SILENCE_LINES_UNPROVEN
  if (record.line - draft.lastLine > silence) return true
  if (record.uptimeSec === null || draft.lastSec === null) return false
  const sec = record.uptimeSec - draft.lastSec
  return sec > SILENCE_SEC || sec < -BACKWARDS_SEC
}

function note(draft: Draft, record: LogRecord): void {
  draft.lastLine = record.line
  draft.lastSec = record.uptimeSec ?? draft.lastSec
}

/** Names come from the log: as many as a report may have, and the first value of each. */
const MAX_FIGURES = 512

function addFigures(into: Record<string, number>, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) {
    if (Object.hasOwn(into, name) || Object.keys(into).length >= MAX_FIGURES) continue
    into[name] = value
  }
}

function addPart<Part>(parts: Part[], part: Part): void {
  if (parts.length < MAX_PARTS) parts.push(part)
}

/** Lines with which a report begins whose head was lost. */
const HEADLESS: ReadonlySet<OomLine['kind']> = new Set([
  'mem-info',
  'counters',
  'node',
  'zone',
  'task-head',
  'task-columns',
  'task-row',
  'summary',
  'selected',
  'task-in',
  'memcg-usage',
  'memcg-stats',
  'no-killable',
])

export interface Assembler {
  /** @param line what the record says */
  push(record: LogRecord, line: OomLine | undefined): void
  /** The log is over. */
  flush(): void
}

/** @param emit called with each report once it is over, in order of their ends */
export function createAssembler(emit: (report: OomReport) => void): Assembler {
  const open = new Map<string, Draft>()
  let lastKey = ''
  /** A summary of memory that follows is that of a failed allocation, not of an OOM. */
  let isOfAllocation = false

  function close(key: string): void {
    const draft = open.get(key)
    if (draft === undefined) return
    open.delete(key)
    if (isOom(draft)) emit(finish(draft))
  }

  function begin(key: string, record: LogRecord): Draft {
    close(key)
    const oldest = open.keys().next().value
    if (open.size >= MAX_OPEN && oldest !== undefined) close(oldest)
    const draft = createDraft(record)
    open.set(key, draft)
    return draft
  }

  function openHeader(
    key: string,
    line: Extract<OomLine, { kind: 'header' }>,
    record: LogRecord,
  ): void {
    isOfAllocation = false
    const draft = begin(key, record)
    draft.hasHeader = true
    draft.trigger =
      line.comm === null ? null : ({ comm: line.comm, pid: null } satisfies ProcessName)
    draft.gfpMask = line.gfpMask
    draft.gfpText = line.gfpText
    draft.order = line.order
    draft.triggerAdj = line.oomScoreAdj
  }

  function noteKilled(
    key: string,
    line: Extract<OomLine, { kind: 'killed' }>,
    record: LogRecord,
  ): void {
    const killed: KilledProcess = { ...line.killed, line: record.line }
    const held = open.get(key)
    if (held !== undefined && isOver(held, record)) close(key)
    const draft = open.get(key)
    if (draft?.killed.some(({ pid, comm }) => pid === killed.pid && comm === killed.comm)) return
    if (draft !== undefined && (!draft.isEnded || (draft.isGroupKill && line.isMemcg))) {
      addKilled(draft, killed, line)
      note(draft, record)
      return
    }
    const alone = begin(key, record)
    alone.isKillLineOnly = true
    addKilled(alone, killed, line)
  }

  return {
    push(record, line) {
      if (line === undefined) return
      // What has no stamp of its own belongs to whoever spoke last.
      const key = record.caller ?? (record.uptimeSec === null ? lastKey : '')
      lastKey = key
      if (line.kind === 'header') return openHeader(key, line, record)
      if (line.kind === 'allocation-failure') {
        isOfAllocation = true
        return
      }
      if (line.kind === 'killed') return noteKilled(key, line, record)
      let draft = open.get(key)
      if (draft !== undefined && isOver(draft, record)) {
        close(key)
        draft = undefined
      }
      const isNew = HEADLESS.has(line.kind) && (draft === undefined || draft.isEnded)
      if (isNew && !(isOfAllocation && line.kind !== 'summary' && line.kind !== 'selected')) {
        draft = begin(key, record)
      }
      if (draft !== undefined && apply(draft, line, record)) note(draft, record)
    },
    flush() {
      for (const key of [...open.keys()]) close(key)
    },
  }
}
