/**
 * @module Takes the transport off a line, by its shape alone: whatever printed, stored, mailed or quoted it.
 * A line may hold several records, and a record several lines.
 */
import { clockTextOf } from './clock.ts'
import { openEnvelope } from './envelope.ts'
import type { LogRecord } from './records.ts'

/** Lines are cut here: a record has at most 1 KiB, a line of a damaged log may have no end. */
const MAX_LINE = 4096

interface Peeled {
  rest: string
  uptimeSec: number | null
  caller: string | null
  isStamped: boolean
  /** As its stamps say it. */
  clockText: string | null
}

type Peel = readonly [pattern: RegExp, note?: (match: RegExpExecArray, into: Peeled) => void]

const QUOTED = /^(?:[>|] ?)+(?=\S| {1,40}\S)/
/** A date of syslog's old format: the month in any language, perhaps a year. */
const MONTH = String.raw`\p{L}{3,5}\.?`
const CLOCK = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d+)?`
const ISO = String.raw`\d{4}-\d\d-\d\d[T ]${CLOCK}(?:Z|[+-]\d\d:?\d\d)?`
const FACILITIES = 'kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7]'
const LEVELS = 'emerg|alert|crit|err|error|warn|warning|notice|info|debug'

function noteUptime(match: RegExpExecArray, into: Peeled): void {
  into.uptimeSec = Number(match[1])
}

function noteCaller(match: RegExpExecArray, into: Peeled): void {
  into.caller = match[1] as string
}

function noteRecord(match: RegExpExecArray, into: Peeled): void {
  into.uptimeSec = Number(match[2]) / 1e6
  into.caller = /caller=([TC]\d+)/.exec(match[0])?.[1] ?? into.caller
}

/** Stamps that begin alike. */
interface Stamps {
  /** What one of them begins with; most text has none any more, and is asked this alone. */
  readonly sign: RegExp
  readonly peels: readonly Peel[]
}

const BRACKETS: Stamps = {
  // A row of the task table has neither: [  122].
  sign: /^\[(?:[^\]]*[.:TC]|[A-Za-z][\w /-]{0,30}\] ?\[)/,
  peels: [
    // [ 1234.567890], [2-3219.1870], and dmesg's delta [  +0.000001] and [<    0.000001>].
    [/^\[ *(?:\d-)?(\d{1,12}\.\d{1,9})\] ?/, noteUptime],
    [/^\[ *([TC]\d{1,10})\] ?/, noteCaller],
    [/^\[ *[+<] *\d+\.\d+>?\] ?/],
    // A name that somebody gave the log, before a stamp.
    [/^\[[A-Za-z][\w ./-]{0,30}\] ?(?=\[ *\d{1,12}\.\d)/],
    // dmesg -T, in any language.
    [/^\[[^[\]]{0,40}\d{1,2}:\d\d:\d\d[^[\]]{0,20}\] ?/u],
  ],
}
const ANGLES: Stamps = { sign: /^<\d/, peels: [[/^<\d{1,3}>(?:1 (?=\d{4}-))?/]] }
// A host's name may begin with a digit. A program's tag (`name[12]:`) is none: what it says is not the kernel's.
const HOSTS: readonly Peel[] = [[/^[\w.-]{1,64} kernel(?:\[\d+\])?: ?/]]
const DIGITS: Stamps = {
  sign: /^(?:\d{4}[-/]|\d\d-\d\d |\d\d:\d\d:\d\d |[\w.+-]{1,64},|[\w.-]{1,64} kernel[:[])/,
  peels: [
    // /dev/kmsg and extended netconsole: level and facility, number, microseconds, flag, key=value.
    [/^(?:[\w.+-]{1,64},)?(\d{1,4}),\d+,(\d+),[-c+](?:,[^;]*)?;/, noteRecord],
    // RFC 5424, with its five fields before the text.
    [new RegExp(String.raw`^${ISO}(?: +\S+)? +kernel \S+ \S+ \S+ `)],
    [new RegExp(String.raw`^${ISO}(?: +\S+)? +kernel(?:\[\d+\])?: ?`)],
    // The serial logs of clouds, which name no host.
    [new RegExp(String.raw`^\d{4}/\d\d/\d\d ${CLOCK} ?`)],
    // The files of a container runtime (Kubernetes, CRI).
    [new RegExp(`^${ISO} +std(?:out|err) [FP] ?`)],
    // dmesg --time-format=iso (util-linux, sys-utils/dmesg.c): a comma, a zone with a colon, and no host.
    [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{6}[+-]\d\d:\d\d /],
    [new RegExp(String.raw`^${ISO}(?: +\S+)? ?(?=\S|$)`)],
    // Android's logcat; the kernel has the tag `kernel`, or none.
    [new RegExp(String.raw`^\d\d-\d\d +${CLOCK} +\d+ +\d+ [VDIWEF] +(?:kernel *)?: ?`)],
    // A mail program broke a line behind the date.
    [new RegExp(String.raw`^${CLOCK} \S+ kernel: ?`)],
    ...HOSTS,
  ],
}
const LETTERS: Stamps = {
  sign: new RegExp(
    String.raw`^(?:kernel:|(?:${FACILITIES}) *:|(?:\p{L}{2,4}\.?,? )?${MONTH} +\d{1,2} |[\w.-]{1,64} kernel[:[])`,
    'u',
  ),
  peels: [
    [/^kernel: ?/],
    [new RegExp(`^(?:${FACILITIES}) *:(?:${LEVELS}) *: ?`)],
    [
      new RegExp(
        String.raw`^${MONTH} +\d{1,2} (?:\d{4} )?${CLOCK} (?:\S+ )?kernel(?:\[\d+\])?: ?`,
        'u',
      ),
    ],
    // OpenWrt's logread, and `date`.
    [
      new RegExp(
        String.raw`^\p{L}{2,4}\.?,? ${MONTH} +\d{1,2} ${CLOCK} (?:[A-Z]{2,5} )?\d{4} (?:\w+\.\w+ )?(?:kernel: ?)?`,
        'u',
      ),
    ],
    [new RegExp(String.raw`^${MONTH} +\d{1,2} (?:\d{4} )?${CLOCK} \S+ `, 'u')],
    ...HOSTS,
  ],
}
const QUOTES: Stamps = { sign: QUOTED, peels: [[QUOTED]] }

const BLANK = 0x20
const POINT = 0x2e
const LESS = 0x3c
const MORE = 0x3e
const OPEN = 0x5b
const CLOSE = 0x5d

/** Which may fit, by the first character: a long table has a hundred thousand lines. */
function stampsFor(text: string, code: number): Stamps | undefined {
  if (code === OPEN) return BRACKETS
  if (code === LESS) return ANGLES
  if (code === MORE || code === 0x7c) return QUOTES
  if (isDigit(code)) return DIGITS
  // All the others have a colon.
  return text.includes(':') ? LETTERS : undefined
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Where digits end. */
function skipDigits(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

/**
 * The stamps of almost every line, `[ 1234.567890] ` and `<4>`, without an expression: as the first of BRACKETS and
 * of ANGLES takes them. Where they are another's, it leaves them to those.
 */
function peelByHand(into: Peeled, text: string, code: number): boolean {
  let from = 1
  if (code === LESS) {
    const end = skipDigits(text, from)
    if (end === from || end > 4 || text.charCodeAt(end) !== MORE) return false
    // RFC 5424 has its version here.
    if (text.startsWith('1 ', end + 1)) return false
    into.rest = text.slice(end + 1)
  } else {
    while (text.charCodeAt(from) === BLANK) from++
    const point = skipDigits(text, from)
    if (point === from || point - from > 12 || text.charCodeAt(point) !== POINT) return false
    const end = skipDigits(text, point + 1)
    if (end === point + 1 || end - point > 10 || text.charCodeAt(end) !== CLOSE) return false
    into.uptimeSec = Number(text.slice(from, end))
    into.rest = text.slice(text.charCodeAt(end + 1) === BLANK ? end + 2 : end + 1)
  }
  into.isStamped = true
  return true
}

/** Takes one stamp off the front. */
function peelOnce(into: Peeled): boolean {
  // People indent what they paste; what the kernel indents has no stamp behind it.
  const text = into.rest.trimStart()
  if (text === '') return false
  const code = text.charCodeAt(0)
  if ((code === OPEN || code === LESS) && peelByHand(into, text, code)) return true
  const stamps = stampsFor(text, code)
  if (stamps?.sign.test(text) !== true) return false
  for (const [pattern, note] of stamps.peels) {
    const match = pattern.exec(text)
    if (match === null || match[0] === '') continue
    note?.(match, into)
    into.rest = text.slice(match[0].length)
    into.isStamped ||= pattern !== QUOTED
    into.clockText ??= clockTextOf(match[0])
    return true
  }
  return false
}

function peel(line: string, uptimeSec: number | null = null): Peeled {
  const into: Peeled = {
    rest: line,
    uptimeSec,
    caller: null,
    isStamped: uptimeSec !== null,
    clockText: null,
  }
  while (peelOnce(into));
  return into
}

/** Where a record begins in the middle of a line, whose own end was lost. */
const INNER_STAMP = /\[ *\d{1,9}\.\d{6}\]/y
const INNER_SYSLOG = new RegExp(
  String.raw`(?<=\s)(?=${MONTH} +\d{1,2} ${CLOCK} (?:\S{1,64} )?kernel:)`,
  'u',
)
/** What a program says of itself may look like anything. */
const PROGRAM = /^[\w./-]{1,48}\[\d+\]: /

/** The line in pieces, each but the first with a stamp at its front. */
function splitAtStamps(text: string): readonly string[] {
  // Filled anew by a mail program, all of a report may be one paragraph.
  if (text.includes(' kernel:')) {
    const parts = text.split(INNER_SYSLOG)
    if (parts.length > 1) return parts.map((part) => part.trimEnd())
  }
  const pieces: string[] = []
  let from = 0
  for (let at = text.indexOf('[', 1); at > 0; at = text.indexOf('[', at + 1)) {
    INNER_STAMP.lastIndex = at
    if (!INNER_STAMP.test(text)) continue
    pieces.push(text.slice(from, at).trimEnd())
    from = at
  }
  return [...pieces, text.slice(from)]
}

/** Bytes that no log should have, and blanks that mail programs keep columns apart with. */
function clean(line: string): string {
  let text = line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line
  if (text.includes('\0')) text = text.replaceAll('\0', '')
  // Quoted-printable, as a mail lies on disk.
  if (text.includes('=3D')) text = text.replaceAll('=3D', '=').replace(/=20$/, '')
  if (text.includes('\u00a0')) text = text.replaceAll('\u00a0', ' ')
  if (text.startsWith('\uFEFF')) text = text.slice(1)
  return text.trimEnd()
}

function recordsOf(
  { rest, uptimeSec, caller, isStamped, clockText }: Peeled,
  line: number,
): LogRecord[] {
  const isSeveral = rest.includes('#012') || rest.includes('\\x0a')
  if (!isSeveral) return [{ line, text: rest, uptimeSec, caller, isStamped, clockText }]
  return rest.split(/\\x0a|#012/).map((text, index) => ({
    line,
    text: text.trimEnd(),
    uptimeSec,
    caller,
    isStamped: isStamped || index > 0,
    clockText,
  }))
}

/** What a mail program left of a stamp at the end of a line: the rest of it began the next. */
const STAMP_BEGUN = new RegExp(
  String.raw`\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: +\d{1,2}(?: ${CLOCK}(?: [\w.-]{1,64})?)?)?$`,
)

/** As long as a stamp may be. */
const MAX_STAMP = 90

export function withoutStampBegun(text: string): string {
  const from = Math.max(0, text.length - MAX_STAMP)
  return text.slice(0, from) + text.slice(from).replace(STAMP_BEGUN, '')
}

/** A record to which a line was joined that had the stamp of another in it. */
export function splitRecord(record: LogRecord): readonly LogRecord[] {
  if (!record.text.includes(' kernel:') || PROGRAM.test(record.text)) return [record]
  const [text = '', ...others] = record.text.split(INNER_SYSLOG)
  if (others.length === 0) return [record]
  const { line } = record
  return [
    { ...record, text: text.trimEnd() },
    ...others.flatMap((each) => recordsOf(peel(each), line)),
  ]
}

function recordsInside(line: string, number: number, uptimeSec: number | null): LogRecord[] {
  const first = peel(clean(line), uptimeSec)
  // Most lines have one stamp, or none.
  const { rest: text } = first
  const isOne = text.indexOf('[', 1) < 0 && !text.includes(' kernel:')
  if (isOne || (first.isStamped && PROGRAM.test(text))) return recordsOf(first, number)
  const [rest = '', ...others] = splitAtStamps(text)
  const records = recordsOf({ ...first, rest }, number)
  return others.length === 0
    ? records
    : [...records, ...others.flatMap((piece) => recordsOf(peel(piece), number))]
}

/** The records of a line; a record of several lines comes as so many, with the same stamps. */
export function stripTransport(line: string, number: number): readonly LogRecord[] {
  const inside = openEnvelope(line)
  if (inside === undefined) return recordsInside(line, number, null)
  return inside.flatMap(({ text, uptimeSec }) =>
    text
      .split('\n')
      .flatMap((part) => recordsInside(part, number, uptimeSec))
      // An envelope has a record as a whole.
      .map((record): LogRecord => ({ ...record, isStamped: true })),
  )
}
