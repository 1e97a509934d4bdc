/**
 * @module Puts together what mail programs and people wrapped: a line without a stamp that is no line of
 * its own belongs to the one before it.
 */
import type { OomLine } from './grammar.ts'
import { classify } from './grammar.ts'
import type { LogRecord } from './records.ts'
import { splitRecord, withoutStampBegun } from './transport.ts'

/** A record is no longer than this; a log of one endless paragraph is cut. */
const MAX_JOINED = 4096
/** A line of a kill, and what a paragraph may have behind it. */
const MAX_KILL = 400
const FIGURE = /^(?:[\w()]+: ?\d+[kK]B|all_unreclaimable\?)/
const HEADER_END = /(?:oom_score_adj|oom_adj|oomkilladj)=-?\d+/
const KILL_BEGIN =
  /^(?:(?:Out of [Mm]emory(?: \([\w]+\))?|Memory cgroup out of memory|No available memory)[:.]|Killed process \d+(?:, UID \d+,)?(?: \([^()]*)?$)/
const KILL_END = /rss:\d+kB|\) score|\)\.?$|oom_score_adj:-?\d+$/
/** What a line of its own begins with, in the middle of a paragraph too. */
const HEADER_TAIL = /^(?:gfp_mask=|order=|oom_score_adj=|nodemask=|oom-killer:)/

/** What people put where they left something out. */
const ELISION = /^(?:[\W_]*|\[?<?(?:snip|\.\.\.|…).*)$/i

function isUnfinished(text: string, line: OomLine | undefined, columns: number): boolean {
  if (/ invoked$/.test(text)) return true
  switch (line?.kind) {
    case 'header':
      return !HEADER_END.test(text)
    case 'buddy':
      return !/ = \d+kB/.test(text)
    case 'task-columns':
      return line.columns.at(-1) !== 'name'
    case 'task-row':
      return line.words.length + 1 < columns
    case 'killed':
      return text.endsWith(',') || !KILL_END.test(text)
    case 'selected':
      return /(?: or| a| sacrifice| and)$/.test(text)
    case 'summary':
      return line.fields.pid === undefined
    default:
      return KILL_BEGIN.test(text) && line === undefined
  }
}

function isRestOf(before: string, text: string, columns: number, isStream: boolean): boolean {
  if (HEADER_TAIL.test(text)) return / invoked\b/.test(before)
  const line = classify(before)
  if ((line?.kind === 'node' || line?.kind === 'zone') && FIGURE.test(text)) return true
  const own = classify(text)
  if (own !== undefined && own.kind !== 'pair') return false
  // Of kills without stamps several may be one paragraph.
  const isKill = line?.kind === 'selected' || line?.kind === 'killed'
  const mayGoOn = isStream || (isKill && before.length < MAX_KILL)
  return isUnfinished(before, line, columns) || (mayGoOn && own === undefined)
}

/** Told twice by two ways into one log. */
function isSame(a: LogRecord, b: LogRecord | undefined): boolean {
  return a.uptimeSec === b?.uptimeSec && a.caller === b.caller && a.text === b.text
}

/** Of the line of a zone, a node or a group. */
const FIGURES = /^(?:(?:Node \d+ )?\w+ (?:free|active_anon):|Memory cgroup stats for )/

/**
 * What stood where a line was broken: a blank, or nothing, where a terminal broke it inside a word, or a mail program
 * at a hyphen. The summary and paths have no blanks at all.
 */
function glueOf(before: string, after: string): '' | ' ' {
  const text = before.trimStart()
  const last = text.slice(text.lastIndexOf(' ') + 1)
  const isInside =
    text.startsWith('oom-kill:') ||
    /[a-z]-$/.test(last) ||
    (text.startsWith('Task in ') && last.startsWith('/') && !after.startsWith('killed ')) ||
    (/^[\w()]+:\d*$/.test(last) && /^\d*[kK]?B\b/.test(after)) ||
    /^\d+\*\d*k?$/.test(last) ||
    (/^\d+$/.test(last) && /^\d*\*\d+[kK]?B?\b/.test(after)) ||
    (/^[a-z_]+$/.test(last) && /^[a-z_]*:\d/.test(after) && FIGURES.test(text))
  return isInside ? '' : ' '
}

const KILL =
  / (?=(?:Memory cgroup out of memory|Out of [Mm]emory): ?[Kk]ill(?:ed)? process \d+(?: ?\(|$))|(?<=or a child|sacrifice child) (?=Killed process \d)/

/** Where lines have no stamps, a mail program makes one paragraph of them. */
function splitKills(text: string): readonly string[] {
  if (!text.includes('ill') || !KILL.test(text)) return [text]
  const kills = text.split(KILL)
  // In prose, or in what another program says, it is no line of its own.
  const kind = classify(kills[0] as string)?.kind
  return kind === 'selected' || kind === 'killed' ? kills : [text]
}

export interface Unwrapper {
  push(record: LogRecord): void
  flush(): void
}

/** @param emit called with each whole record and what it says, in order */
export function createUnwrapper(
  emit: (record: LogRecord, line: OomLine | undefined) => void,
): Unwrapper {
  let held: LogRecord | undefined
  let columns = 0
  /** Whether lines of this log begin with stamps, so that one without is the rest of another. */
  let isStream = false
  let last: LogRecord | undefined
  const tell = (record: LogRecord): void => {
    const line = classify(record.text)
    if (line?.kind === 'task-columns') columns = line.columns.length
    emit(record, line)
  }
  /** Of several in one paragraph the last may go on. */
  const hold = (record: LogRecord): void => {
    const records = splitRecord(record).flatMap((each) =>
      splitKills(each.text).map((text) => ({ ...each, text })),
    )
    for (const each of records.slice(0, -1)) tell(each)
    held = records.at(-1)
  }
  const flush = (): void => {
    if (held === undefined) return
    const isAgain = held.uptimeSec !== null && isSame(held, last)
    last = held
    // Kernels give each line its time; a mail program breaks and fills what has syslog's alone.
    const isWhole = held.uptimeSec !== null || !isStream
    if (!isAgain) tell(isWhole ? held : { ...held, text: withoutStampBegun(held.text) })
    held = undefined
  }
  return {
    push(record) {
      isStream ||= record.isStamped
      if (held === undefined || record.isStamped) {
        flush()
        hold(record)
        return
      }
      const text = record.text.trim()
      const isRest =
        !ELISION.test(text) &&
        held.text.length < MAX_JOINED &&
        isRestOf(held.text.trimStart(), text, columns, isStream)
      if (isRest) {
        hold({ ...held, text: `${held.text}${glueOf(held.text, text)}${text}` })
      } else {
        flush()
        hold(record)
      }
    },
    flush,
  }
}
