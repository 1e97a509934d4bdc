/**
 * @module Untrusted text (names of processes, kernel log lines) made safe to print. A comm is any
 * 15 bytes that its process likes, terminal escapes included.
 */

/** C0, DEL and C1 controls, bidirectional overrides and line separators: all that moves a cursor or
 * reorders a line. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** One line of JSON that steers no terminal either: JSON itself lets DEL, C1 and bidi marks through. */
export function encodeJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** `text` with everything that could steer a terminal shown as `\xNN` or `\u{NNNN}`. */
export function escapeForTerminal(text: string): string {
  return text.replace(UNSAFE, (unsafe) => {
    const code = unsafe.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** A word that a shell takes as it is. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
