/**
 * @module Takes the transport off a line, by its shape alone: whatever printed, stored, mailed or quoted it.
 * A line may hold several records, and a record several lines.
 */
import type { LogRecord } from './records.ts'

/** Lines are cut here: a record has at most 1 KiB, a line of a damaged log may have no end. */
const MAX_LINE = 16_384

interface Peeled {
  rest: string
  uptimeSec: number | null
  caller: string | null
  isStamped: boolean
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

/** Each is tried at the front until none fits any more. */
const PEELS: readonly Peel[] = [
  [QUOTED],
  // /dev/kmsg and extended netconsole: level and facility, number, microseconds, flag, key=value.
  [
    /^(?:[\w.+-]+,)?(\d{1,4}),\d+,(\d+),[-c+](?:,[^;]*)?;/,
    (match, into) => {
      into.uptimeSec = Number(match[2]) / 1e6
      into.caller = /caller=([TC]\d+)/.exec(match[0])?.[1] ?? into.caller
    },
  ],
  [/^<\d{1,3}>(?:1 (?=\d{4}-))?/],
  [new RegExp(`^(?:${FACILITIES}) *:(?:${LEVELS}) *: ?`)],
  // [ 1234.567890], [2-3219.1870], and dmesg's delta [  +0.000001] and [<    0.000001>].
  [/^\[ *(?:\d-)?(\d{1,12}\.\d{1,9})\] ?/, noteUptime],
  [/^\[ *[+<] *\d+\.\d+>?\] ?/],
  [/^\[ *([TC]\d{1,10})\] ?/, noteCaller],
  // dmesg -T, in any language.
  [/^\[[^[\]]{0,40}\d{1,2}:\d\d:\d\d[^[\]]{0,20}\] ?/u],
  // RFC 5424, with its five fields before the text.
  [new RegExp(String.raw`^${ISO}(?: +\S+)? +kernel \S+ \S+ \S+ `)],
  [new RegExp(String.raw`^${ISO}(?: +\S+)? +kernel(?:\[\d+\])?: ?`)],
  [new RegExp(String.raw`^${ISO}(?: +\S+)? ?(?=\S|$)`)],
  [
    new RegExp(
      String.raw`^${MONTH} +\d{1,2} (?:\d{4} )?${CLOCK} (?:\S+ )?kernel(?:\[\d+\])?: ?`,
      'u',
    ),
  ],
  [new RegExp(String.raw`^${MONTH} +\d{1,2} (?:\d{4} )?${CLOCK} \S+ `, 'u')],
  [/^\S{1,64} kernel(?:\[\d+\])?: ?/],
  [/^kernel: ?/],
]

function peel(line: string): Peeled {
  const into: Peeled = { rest: line, uptimeSec: null, caller: null, isStamped: false }
  for (let isPeeled = true; isPeeled; ) {
    isPeeled = false
    for (const [pattern, note] of PEELS) {
      // People indent what they paste; what the kernel indents has no stamp behind it.
      const text = into.rest.trimStart()
      const match = pattern.exec(text)
      if (match === null || match[0] === '') continue
      note?.(match, into)
      into.rest = text.slice(match[0].length)
      into.isStamped ||= pattern !== QUOTED
      isPeeled = true
    }
  }
  return into
}

/** Where a record begins in the middle of a line, whose own end was lost. */
const INNER_STAMP = /(?=\[ *\d{1,9}\.\d{6}\])/

/** The records of a line; a record of several lines comes as so many, with the same stamps. */
export function stripTransport(line: string, number: number): readonly LogRecord[] {
  const clean = line
    .slice(0, MAX_LINE)
    .replaceAll('\0', '')
    .replace(/\r+$/, '')
    .replace(/^\uFEFF/, '')
    // Mail programs keep columns apart by blanks that do not break.
    .replaceAll('\u00a0', ' ')
  return clean.split(INNER_STAMP).flatMap((piece) => {
    const { rest, uptimeSec, caller, isStamped } = peel(piece)
    return rest.split(/\\x0a|#012/).map((text, index) => ({
      line: number,
      text: text.trimEnd(),
      uptimeSec,
      caller,
      isStamped: isStamped || index > 0,
    }))
  })
}
