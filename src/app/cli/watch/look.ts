/** @module How things look on this terminal: colours or not, Unicode or ASCII; lines made of spans. */
import type { Shade } from '../../../base/palette.ts'
import { nearestXterm256 } from '../../../base/palette.ts'
import type { LeakState } from '../../../core/leak/records.ts'
import { STATE_WORDS } from '../../../core/wire/subject-words.ts'
import { cutEnd, displayWidth, safeText } from './text.ts'

export interface Look {
  /** 256 colours, or none. */
  readonly isColour: boolean
  /** Bold, dim and reverse: no colours, so NO_COLOR leaves them. */
  readonly hasAttributes: boolean
  readonly isUnicode: boolean
  readonly isLight: boolean
  /** Of the reader's time zone. */
  readonly utcOffsetMin: number
}

export interface Style {
  readonly colour?: Shade
  readonly isBold?: boolean
  readonly isDim?: boolean
  readonly isReverse?: boolean
}

export interface Span {
  readonly text: string
  readonly style?: Style
}

export type Line = readonly Span[]

interface Glyphs {
  readonly ellipsis: string
  readonly times: string
  readonly sorted: string
  /** From the lowest level to the highest. */
  readonly levels: readonly string[]
  readonly block: string
  readonly between: string
  readonly shapes: Readonly<Record<LeakState, string>>
}

const UNICODE: Glyphs = {
  ellipsis: '…',
  times: '×',
  sorted: '▾',
  levels: [...'▁▂▃▄▅▆▇█'],
  block: '█',
  between: ' · ',
  shapes: {
    confirmed: STATE_WORDS.confirmed.shape,
    suspected: STATE_WORDS.suspected.shape,
    growing: STATE_WORDS.growing.shape,
    harmless: STATE_WORDS.harmless.shape,
    steady: STATE_WORDS.steady.shape,
    unknown: STATE_WORDS.unknown.shape,
  },
}

const ASCII: Glyphs = {
  ellipsis: '~',
  times: 'x',
  sorted: '*',
  levels: [...'_.-:=+*#'],
  block: '#',
  between: ' | ',
  shapes: {
    confirmed: '!',
    suspected: '?',
    growing: '+',
    harmless: 'o',
    steady: '-',
    unknown: '.',
  },
}

export function glyphsOf(look: Look): Glyphs {
  return look.isUnicode ? UNICODE : ASCII
}

/** The terminal as its environment describes it. */
export interface TerminalTraits {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTty: boolean
  /** Bits of colour that the terminal has (tty.WriteStream.getColorDepth). */
  readonly colourDepth: number
  readonly utcOffsetMin: number
}

/** Serial consoles and the kernel's own have letters only in their fonts. */
const LETTERS_ONLY = /^(linux|vt\d|dumb|ansi|cons)/

export function chooseLook({ env, isTty, colourDepth, utcOffsetMin }: TerminalTraits): Look {
  const term = env.TERM ?? ''
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  const isPlain = !isTty || term === 'dumb'
  const isColourful = colourDepth >= 8 && !env.NO_COLOR
  // COLORFGBG is `foreground;background`; 7 and 15 are white.
  const background = env.COLORFGBG?.split(';').at(-1)
  return {
    isColour: !isPlain && isColourful,
    hasAttributes: !isPlain,
    isUnicode: /utf-?8/i.test(locale) && !(isTty && LETTERS_ONLY.test(term)),
    isLight: background === '7' || background === '15',
    utcOffsetMin,
  }
}

/** A line of safe text in at most `width` columns. */
export function fitLine(line: Line, width: number, look: Look): Line {
  const { ellipsis } = glyphsOf(look)
  const fitted: Span[] = []
  let left = width
  for (const span of line) {
    const safe = safeText(span.text, look.isUnicode)
    const text = cutEnd(safe, left, ellipsis)
    if (text !== '') fitted.push({ ...span, text })
    left -= displayWidth(text)
    if (text !== safe) break
  }
  return fitted
}

function sgr(style: Style, look: Look): string {
  const codes: string[] = []
  if (look.hasAttributes && style.isBold) codes.push('1')
  if (look.hasAttributes && style.isDim) codes.push('2')
  if (look.hasAttributes && style.isReverse) codes.push('7')
  if (look.isColour && style.colour) {
    codes.push(`38;5;${nearestXterm256(look.isLight ? style.colour.light : style.colour.dark)}`)
  }
  return codes.length === 0 ? '' : `\u001b[${codes.join(';')}m`
}

/** The line as bytes for the terminal; attributes end with it. */
export function paintLine(line: Line, look: Look): string {
  let painted = ''
  for (const { text, style } of line) {
    const start = style === undefined ? '' : sgr(style, look)
    painted += start === '' ? text : `${start}${text}\u001b[0m`
  }
  return painted
}

export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('')
}
