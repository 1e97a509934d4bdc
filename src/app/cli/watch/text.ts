/**
 * @module Untrusted text on a terminal: made harmless, measured in columns, cut to fit.
 *
 * Width by code point, after UAX #11 (East Asian Width) and Unicode's Emoji_Presentation. What is
 * invisible or changes the width of its neighbours (format characters, variation selectors) is shown
 * escaped, so that no terminal disagrees about the rest.
 */
import { escapeForTerminal } from '../../../base/escape.ts'

const PLAIN = /^[\x20-\x7e]*$/
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Variation_Selector}]/gu
const NOT_ASCII = /[^\x20-\x7e]/gu
const ZERO = /^[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7ff]$/u
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]$/u

/** `text` that moves no cursor and hides nothing; without Unicode, in ASCII. */
export function safeText(text: string, isUnicode: boolean): string {
  if (PLAIN.test(text)) return text
  const shown = escapeForTerminal(text).replace(
    INVISIBLE,
    (unsafe) => `\\u{${(unsafe.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return isUnicode ? shown : shown.replace(NOT_ASCII, '?')
}

function widthOf(character: string): number {
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/** Columns that safe text takes. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

/** As much of the start of `text` as fits into `width` columns. */
function takeColumns(text: string, width: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, width))
  let taken = ''
  let used = 0
  for (const character of text) {
    used += widthOf(character)
    if (used > width) break
    taken += character
  }
  return taken
}

/** `text` in at most `width` columns; what is cut off at its end is marked. */
export function cutEnd(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text
  return width <= 0 ? '' : takeColumns(text, width - 1) + ellipsis
}

/** As {@link cutEnd}, but of the start: the end of a path says more. */
export function cutStart(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text
  if (width <= 0) return ''
  const characters = [...text]
  let used = 1
  let from = characters.length
  while (from > 0) {
    used += widthOf(characters[from - 1] as string)
    if (used > width) break
    from--
  }
  return ellipsis + characters.slice(from).join('')
}

/** As {@link cutEnd}, but of the middle: names that begin alike end differently. */
export function cutMiddle(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text
  if (width <= 1) return cutEnd(text, width, ellipsis)
  const start = takeColumns(text, Math.floor((width - 1) / 2))
  return start + cutStart(text, width - displayWidth(start), ellipsis)
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

/** Lines of at most `width` columns, broken between words where that goes; at least one. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (width > 1 && displayWidth(line) > width) {
      const head = takeColumns(line, width)
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  lines.push(line)
  return lines
}
