/**
 * @module Takes a line of a log out of what a collector, a cloud or a page wrapped around it: JSON of any shape, the
 * journal's export format, HTML. What a program said of itself keeps its name in front: it is not the kernel's.
 */

export interface Enveloped {
  /** A line as it was before; several where the record had several. */
  readonly text: string
  readonly uptimeSec: number | null
}

/** How deep a collector nests what it wraps. */
const MAX_DEPTH = 6
/** Records of one line: a push to Loki has many. */
const MAX_RECORDS = 2000

/**
 * Where the text is: journald's MESSAGE, Docker's log, Fluentd's and Logstash's message, Google's textPayload, Splunk's
 * _raw, CloudWatch's @message, Graylog's short_message, OpenTelemetry's body.
 */
const TEXTS = [
  'MESSAGE',
  'message',
  'log',
  'msg',
  'textPayload',
  '_raw',
  '@message',
  'short_message',
  'body',
  'stringValue',
  'line',
  'text',
]
/** Who says it, where the envelope says. */
const NAMES = ['SYSLOG_IDENTIFIER', 'ident', 'identifier', 'program', 'appname']

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  // journald gives bytes that are no UTF-8 as numbers.
  const isBytes = Array.isArray(value) && value.length > 0 && value.every(Number.isInteger)
  return isBytes ? String.fromCharCode(...(value as number[]).slice(0, 4096)) : null
}

function uptimeOf(fields: Fields): number | null {
  const micros = Number(fields._SOURCE_MONOTONIC_TIMESTAMP ?? fields.__MONOTONIC_TIMESTAMP)
  return Number.isFinite(micros) ? micros / 1e6 : null
}

function nameOf(fields: Fields): string | null {
  const name = NAMES.map((key) => fields[key]).find((value) => typeof value === 'string')
  if (typeof name === 'string') return name
  const { _TRANSPORT: transport } = fields
  return typeof transport === 'string' && transport !== 'kernel' ? transport : null
}

function collect(value: unknown, depth: number, into: Enveloped[]): void {
  if (depth > MAX_DEPTH || into.length >= MAX_RECORDS) return
  if (Array.isArray(value)) {
    // Loki: [time, line].
    const [time, line] = value
    if (value.length >= 2 && typeof time === 'string' && typeof line === 'string') {
      if (/^\d{10,}$/.test(time)) into.push({ text: line, uptimeSec: null })
      return
    }
    for (const each of value) collect(each, depth + 1, into)
    return
  }
  if (!isFields(value)) return
  const text = TEXTS.map((key) => textOf(value[key])).find((found) => found !== null)
  if (text === undefined || text === null) {
    for (const each of Object.values(value)) collect(each, depth + 1, into)
    return
  }
  const name = nameOf(value)
  const isKernel = name === null || name === 'kernel'
  into.push({ text: isKernel ? text : `${name}: ${text}`, uptimeSec: uptimeOf(value) })
}

/** JSON may stand behind a time and a tag. */
const MAX_BEFORE = 200

function openJson(line: string): readonly Enveloped[] | undefined {
  const at = line.indexOf('{"')
  if (at < 0 || at > MAX_BEFORE) return undefined
  const end = line.lastIndexOf('}')
  if (end < line.length - 3) return undefined
  try {
    const found: Enveloped[] = []
    collect(JSON.parse(line.slice(at, end + 1)), 0, found)
    return found.length === 0 ? undefined : found
  } catch {
    return undefined
  }
}

/** A line of JSON that was printed over several. */
const PRETTY = new RegExp(`^\\s*"(?:${TEXTS.join('|')})": ?("(?:[^"\\\\]|\\\\.)*"),?$`)

function openPretty(line: string): readonly Enveloped[] | undefined {
  const literal = PRETTY.exec(line)?.[1]
  if (literal === undefined) return undefined
  try {
    return [{ text: String(JSON.parse(literal)), uptimeSec: null }]
  } catch {
    return undefined
  }
}

/** systemd: docs/JOURNAL_EXPORT_FORMATS.md, one field a line. */
const FIELD = /^(_{0,2}[A-Z][A-Z0-9_]{2,63})=(.*)$/

function openExport(line: string): readonly Enveloped[] | undefined {
  const field = FIELD.exec(line)
  if (field === null) return undefined
  return field[1] === 'MESSAGE' ? [{ text: field[2] as string, uptimeSec: null }] : []
}

const TAG = /<(\/?)(pre|code|br|p|div|span|li|td|tr|blockquote|font|tt|html|body)\b[^<>]{0,200}>/gi
const BREAKS = /^(?:br|p|div|li|tr|pre)$/i
const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  nbsp: ' ',
}

function openHtml(line: string): readonly Enveloped[] | undefined {
  const plain = line
    .replace(TAG, (_, _close, name: string) => (BREAKS.test(name) ? '\n' : ''))
    .replace(/&(?:(lt|gt|amp|quot|nbsp)|#(\d{1,5}));/g, (whole, name?: string, code?: string) =>
      name === undefined ? String.fromCharCode(Number(code ?? 0)) : (ENTITIES[name] ?? whole),
    )
  if (plain === line) return undefined
  return plain
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => ({ text, uptimeSec: null }))
}

const UNDERSCORE = 0x5f
const QUOTE = 0x22

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a
}

/** The lines inside; `undefined` where there is no envelope, as around most. */
export function openEnvelope(line: string): readonly Enveloped[] | undefined {
  const code = line.charCodeAt(0)
  if ((code === UNDERSCORE || isCapital(code)) && line.includes('=')) {
    const found = openExport(line)
    if (found !== undefined) return found
  }
  if (line.includes('{"')) return openJson(line.trimEnd())
  if (line.includes('": "') || line.includes('":"')) {
    const trimmed = line.trim()
    if (trimmed.charCodeAt(0) === QUOTE) return openPretty(trimmed)
  }
  const isHtml = line.includes('</') || line.includes('<br') || line.includes('<pre')
  return isHtml || line.includes('&') ? openHtml(line) : undefined
}
