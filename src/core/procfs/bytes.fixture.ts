/** @module Text as a parser gets it: at the start of a longer, used buffer. */

export interface Read {
  readonly bytes: Uint8Array
  readonly length: number
}

/** What lies behind `length` is of an earlier reading, and must not be looked at. */
export function readOf(text: string): Read {
  const content = new TextEncoder().encode(text)
  const bytes = new Uint8Array(content.length + 64).fill('9'.charCodeAt(0))
  bytes.set(content)
  return { bytes, length: content.length }
}
