/**
 * @module From records to reports. Several may be open at once, one for each caller; a report ends where
 * somebody was killed, where its caller begins another, or where the log ends. Nothing is mandatory.
 */
import { addKilled, apply } from './apply.ts'
import type { Draft } from './draft.ts'
import { createDraft, finish, isOom } from './draft.ts'
import type { OomLine } from './grammar.ts'
import type { KilledProcess, LogRecord, OomReport, ProcessName } from './records.ts'

/** Open at once; the oldest is closed before another one is opened. */
const MAX_OPEN = 64
/** Lines after which a report that says nothing more is over; sooner where nothing proves that it is one. */
const SILENCE_LINES = 5000
const SILENCE_LINES_UNPROVEN = 200
/** The same in time: even at 300 baud no line takes as long. */
const SILENCE_SEC = 120
/** Stamps of several CPUs are not quite in order; more than this backwards is another boot. */
const BACKWARDS_SEC = 10

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

/** Kills that are remembered. */
const MAX_REMEMBERED = 10_000

/**
 * Whether a kill was told before, and with no less of its report: in a mail that quotes a line of it, or has it as HTML,
 * too. No two kills have time, pid and name alike; a copy with its first line is one that somebody wanted.
 */
function createMemory(): (caller: string, draft: Draft) => boolean {
  const partsOf = new Map<string, number>()
  return (caller, draft) => {
    const [killed] = draft.killed
    if (killed === undefined || draft.killSec === null) return false
    const key = `${caller} ${draft.killSec} ${killed.pid} ${killed.comm}`
    const { hasHeader, hasMemInfo, hasTaskHead, hasSummary } = draft
    const parts = [hasHeader, hasMemInfo, hasTaskHead, hasSummary].filter((has) => has).length
    const before = partsOf.get(key)
    if (before !== undefined && (before > parts || (before === parts && !hasHeader))) return true
    if (partsOf.size >= MAX_REMEMBERED) partsOf.clear()
    partsOf.set(key, parts)
    return false
  }
}

export interface Assembler {
  /** @param line what the record says */
  push(record: LogRecord, line: OomLine | undefined): void
  /** The log is over. */
  flush(): void
}

/** @param emit called with each report once it is over, in order of their ends */
export function createAssembler(emit: (report: OomReport) => void): Assembler {
  const open = new Map<string, Draft>()
  const isTold = createMemory()
  let lastKey = ''
  /** A summary of memory that follows is that of a failed allocation, not of an OOM. */
  let isOfAllocation = false

  function close(key: string): void {
    const draft = open.get(key)
    if (draft === undefined) return
    open.delete(key)
    if (isOom(draft) && !isTold(key, draft)) emit(finish(draft))
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
      draft.killSec ??= record.uptimeSec
      note(draft, record)
      return
    }
    const alone = begin(key, record)
    alone.isKillLineOnly = true
    alone.killSec = record.uptimeSec
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
