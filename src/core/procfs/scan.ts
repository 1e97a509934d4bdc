/**
 * @module Reading numbers and words out of the bytes that the kernel prints. No string is built for
 * a number: a pass over thousands of processes a second must leave no garbage. All functions take
 * the bytes and the end of what was read (`bytes` is a reused buffer, longer than its content), and
 * none ever throws: what is not there is NaN or -1.
 */

export const NEWLINE = 10
export const SPACE = 32
export const TAB = 9

/** Bytes of an ASCII literal, to compare keys with. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

/** First index of `byte` in [from, end), or -1. */
export function findByte(bytes: Uint8Array, byte: number, from: number, end: number): number {
  const at = bytes.indexOf(byte, from)
  return at < end ? at : -1
}

/** Last index of `byte` in [from, end), or -1. */
export function findLastByte(bytes: Uint8Array, byte: number, from: number, end: number): number {
  const at = end > from ? bytes.lastIndexOf(byte, end - 1) : -1
  return at >= from ? at : -1
}

/** First index at or after `from` that holds neither space nor tab. */
export function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
  return at
}

/** First index at or after `from` that holds space, tab or newline; `end` if none does. */
export function skipWord(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== SPACE && bytes[at] !== TAB && bytes[at] !== NEWLINE) at++
  return at
}

/**
 * Decimal integer at `from`, blanks before it skipped.
 * Absent: NaN when no digit is there. Above 2^53 it is rounded (addresses, `unlimited` counters).
 */
export function parseDecimal(bytes: Uint8Array, from: number, end: number): number {
  let at = skipBlanks(bytes, from, end)
  let value = Number.NaN
  for (; at < end; at++) {
    const digit = bytes[at] - 48
    if (!(digit >= 0 && digit <= 9)) break
    value = (value || 0) * 10 + digit
  }
  return value
}

/** Whether `key` stands at `at`. */
export function startsWith(bytes: Uint8Array, at: number, end: number, key: Uint8Array): boolean {
  if (at + key.length > end) return false
  for (let index = 0; index < key.length; index++) {
    if (bytes[at + index] !== key[index]) return false
  }
  return true
}

/** Calls `visit` with the bounds of every line; a last line without newline counts. */
export function forEachLine(
  bytes: Uint8Array,
  length: number,
  visit: (start: number, end: number) => void,
): void {
  for (let start = 0; start < length; ) {
    const newline = findByte(bytes, NEWLINE, start, length)
    const end = newline < 0 ? length : newline
    if (end > start) visit(start, end)
    start = end + 1
  }
}

const decoder = new TextDecoder()

/** Text of [from, end) as UTF-8; a byte that is none becomes U+FFFD. Builds a string. */
export function decodeText(bytes: Uint8Array, from: number, end: number): string {
  return decoder.decode(bytes.subarray(from, Math.max(from, end)))
}

/** FNV-1a of [from, end): tells whether text changed without building it. */
export function hashBytes(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
  return hash
}
