/** @module Text into memory that is there already, where nothing may be allocated: digits are written by hand. */

const ZERO = 48
const MINUS = 45
const QUESTION = 63
export const BLANK = 32
export const LINE_END = 10

/** Where the next byte goes. What finds no room is left out. */
export interface TextBytes {
  readonly bytes: Uint8Array
  length: number
}

export function putByte(text: TextBytes, byte: number): void {
  if (text.length < text.bytes.length) text.bytes[text.length++] = byte
}

/** ASCII that can be printed; anything else is a question mark. */
export function putAscii(text: TextBytes, from: string): void {
  for (let i = 0; i < from.length; i++) {
    const code = from.charCodeAt(i)
    putByte(text, code >= BLANK && code < 127 ? code : QUESTION)
  }
}

/** A whole number; a minus for what is none. */
export function putWhole(text: TextBytes, value: number): void {
  if (!Number.isFinite(value)) {
    putByte(text, MINUS)
    return
  }
  let rest = Math.trunc(Math.abs(value))
  if (value <= -1) putByte(text, MINUS)
  let unit = 1
  while (unit * 10 <= rest) unit *= 10
  for (; unit >= 1; unit /= 10) {
    const digit = Math.floor(rest / unit)
    putByte(text, ZERO + digit)
    rest -= digit * unit
  }
}
