/**
 * @module Where each key of a TOML text stands. The parser gives values without their lines; this
 * goes over a text that it has accepted, and so need not check anything.
 */

/** Line numbers from 1, by dotted path: `web.port`, `notify.webhook.0.url`. */
export type KeyLines = ReadonlyMap<string, number>

interface Scan {
  readonly text: string
  at: number
  line: number
  readonly lines: Map<string, number>
}

const QUOTES = ['"""', "'''", '"', "'"] as const

function advance(scan: Scan, count: number): void {
  const end = Math.min(scan.text.length, scan.at + count)
  for (; scan.at < end; scan.at++) if (scan.text[scan.at] === '\n') scan.line++
}

/** Takes what a sticky expression finds here. */
function take(scan: Scan, expression: RegExp): string {
  expression.lastIndex = scan.at
  const found = expression.exec(scan.text)?.[0] ?? ''
  advance(scan, found.length)
  return found
}

/** Blanks, line ends and comments. */
function skipSpace(scan: Scan): void {
  take(scan, /(?:\s|#[^\n]*)+/y)
}

/** A string of any of the four kinds, if one begins here. */
function skipString(scan: Scan): boolean {
  const quote = QUOTES.find((each) => scan.text.startsWith(each, scan.at))
  if (quote === undefined) return false
  advance(scan, quote.length)
  while (scan.at < scan.text.length && !scan.text.startsWith(quote, scan.at)) {
    advance(scan, quote[0] === '"' && scan.text[scan.at] === '\\' ? 2 : 1)
  }
  advance(scan, quote.length)
  // Up to two quotes may stand before the closing three.
  while (quote.length === 3 && scan.text[scan.at] === quote[0]) advance(scan, 1)
  return true
}

/** A dotted key, up to what ends it. */
function readKey(scan: Scan): string[] {
  const parts: string[] = []
  for (;;) {
    skipSpace(scan)
    const from = scan.at
    if (skipString(scan)) parts.push(scan.text.slice(from + 1, scan.at - 1))
    else parts.push(take(scan, /[\w-]*/y))
    skipSpace(scan)
    if (scan.text[scan.at] !== '.') return parts
    advance(scan, 1)
  }
}

function mark(scan: Scan, path: readonly string[], line: number): void {
  const name = path.join('.')
  if (!scan.lines.has(name)) scan.lines.set(name, line)
}

/** Whether the list or table that began goes on; takes the comma or the bracket that ends it. */
function hasMore(scan: Scan, close: string): boolean {
  skipSpace(scan)
  if (scan.text[scan.at] === ',') {
    advance(scan, 1)
    skipSpace(scan)
  }
  if (scan.at < scan.text.length && scan.text[scan.at] !== close) return true
  advance(scan, 1)
  return false
}

function readValue(scan: Scan, path: readonly string[]): void {
  skipSpace(scan)
  const first = scan.text[scan.at]
  if (first === '[') {
    advance(scan, 1)
    for (let i = 0; hasMore(scan, ']'); i++) {
      mark(scan, [...path, `${i}`], scan.line)
      readValue(scan, [...path, `${i}`])
    }
  } else if (first === '{') {
    advance(scan, 1)
    while (hasMore(scan, '}')) readPair(scan, path)
  } else if (!skipString(scan) && take(scan, /[^\n,\]}#]+/y) === '') {
    // So that no text whatever can hold this up.
    advance(scan, 1)
  }
}

function readPair(scan: Scan, prefix: readonly string[]): void {
  const { line } = scan
  const key = readKey(scan)
  for (let i = 1; i <= key.length; i++) mark(scan, [...prefix, ...key.slice(0, i)], line)
  advance(scan, 1)
  readValue(scan, [...prefix, ...key])
}

/** @param text TOML that was parsed without an error */
export function locateKeys(text: string): KeyLines {
  const scan: Scan = { text, at: 0, line: 1, lines: new Map() }
  const counts = new Map<string, number>()
  let prefix: readonly string[] = []
  for (skipSpace(scan); scan.at < text.length; skipSpace(scan)) {
    if (scan.text[scan.at] !== '[') {
      readPair(scan, prefix)
      continue
    }
    const isList = scan.text.startsWith('[[', scan.at)
    const { line } = scan
    advance(scan, isList ? 2 : 1)
    prefix = readKey(scan)
    advance(scan, isList ? 2 : 1)
    if (isList) {
      const name = prefix.join('.')
      const index = counts.get(name) ?? 0
      counts.set(name, index + 1)
      mark(scan, prefix, line)
      prefix = [...prefix, `${index}`]
    }
    mark(scan, prefix, line)
  }
  return scan.lines
}
