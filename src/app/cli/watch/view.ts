/** @module The whole screen as lines. Pure: what is known, what is looked at, how large it is. */
import { formatDuration } from '../../../base/format.ts'
import { STATE_COLOURS } from '../../../base/palette.ts'
import { explainVerdict } from '../../../core/leak/explain.ts'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { formatTime } from './clock.ts'
import { detailLines } from './detail.ts'
import { helpLines } from './help.ts'
import { hostBar, hostParts, legend } from './host-bar.ts'
import type { Line, Look } from './look.ts'
import { fitLine, glyphsOf } from './look.ts'
import type { Model } from './model.ts'
import type { Screen } from './screen.ts'
import { selectedIndex } from './screen.ts'
import type { Sentence } from './sentence.ts'
import { sayHost, sayWatched } from './sentence.ts'
import type { WatchSnapshot } from './source.ts'
import { tableLines } from './table.ts'
import { safeText, wrapText } from './text.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Scene {
  readonly model: Model
  readonly screen: Screen
  /** As arranged by the screen's sort, group and filter. */
  readonly list: readonly SubjectRow[]
  readonly size: Size
  readonly look: Look
}

/** What is left out, in this order, where there are fewer lines. */
const LEGEND_FROM = 18
const SOURCE_FROM = 14
const WHY_FROM = 14
const BAR_FROM = 8
const KEYS_FROM = 6
const SECOND_LINE_FROM = 18
/** From here on one line holds a sentence. */
const WIDE_FROM = 120

/** Lines that a sentence has, whether it needs them or not. */
function textHeight({ width, height }: Size): number {
  return height >= SECOND_LINE_FROM && width < WIDE_FROM ? 2 : 1
}

/** The conclusion, with its time where it is no longer true for sure. */
export function conclude(snapshot: WatchSnapshot | null, look: Look): Sentence {
  if (snapshot === null) return { text: 'Looking for an agent', state: null }
  if (snapshot.host === null && !snapshot.connected) {
    return { text: `No figures: ${snapshot.reason}`, state: null }
  }
  const sentence = sayHost(snapshot, look.utcOffsetMin)
  if (snapshot.connected || snapshot.host === null) return sentence
  const clock = formatTime(snapshot.host.wallMs, look.utcOffsetMin)
  return { ...sentence, text: `As of ${clock}: ${sentence.text}` }
}

function sayInterval(ms: number): string {
  return ms % 1000 === 0 ? formatDuration(ms / 1000) : `${ms} ms`
}

/** Which source, how long, what it could not read, why this one. */
export function sayFrom(snapshot: WatchSnapshot, isPaused: boolean): string {
  const { missing, hostName } = snapshot
  const state = isPaused ? 'PAUSED' : snapshot.connected ? '' : 'DISCONNECTED, trying again'
  const from =
    snapshot.from === 'agent' ? 'agent' : `own samples every ${sayInterval(snapshot.intervalMs)}`
  const watched = snapshot.host === null ? '' : ` for ${sayWatched(snapshot)}`
  const unread =
    missing.length === 0 ? '' : `not read: ${missing.map(({ what }) => what).join(', ')}`
  const source = `${hostName === '' ? '' : `${hostName}: `}${from}${watched}`
  return [state, source, unread, snapshot.reason].filter((text) => text !== '').join('; ')
}

/** A text in exactly as many lines, so that nothing below it moves; what does not fit is cut. */
function blockLines(text: string, lines: number, width: number): string[] {
  const wrapped = wrapText(text, width)
  return Array.from({ length: lines }, (_, index) =>
    index < lines - 1 ? (wrapped[index] ?? '') : wrapped.slice(index).join(' '),
  )
}

export function headerLines({ model, screen, size, look }: Scene): Line[] {
  const { snapshot } = model
  const { text, state } = conclude(snapshot, look)
  const style = state === null ? { isBold: true } : { isBold: true, colour: STATE_COLOURS[state] }
  const shown = blockLines(safeText(text, look.isUnicode), textHeight(size), size.width)
  const lines: Line[] = shown.map((part) => [{ text: part, style }])
  const host = snapshot?.host ?? null
  if (host !== null && size.height >= BAR_FROM) lines.push(hostBar(host, size.width, look))
  // A page of text has its own kinds and its own way back.
  if (screen.page !== 'list') return [...lines, []]
  if (host !== null && size.height >= LEGEND_FROM) {
    lines.push(legend(hostParts(host), size.width, look))
  }
  if (snapshot !== null && size.height >= SOURCE_FROM) {
    const isLoud = screen.isPaused || !snapshot.connected
    const source = sayFrom(snapshot, screen.isPaused)
    lines.push([{ text: source, style: isLoud ? { isReverse: true } : { isDim: true } }])
  }
  return lines
}

function keysLine({ screen, list, look, model }: Scene): Line {
  const { between } = glyphsOf(look)
  if (screen.isTyping) {
    return [
      { text: `filter: ${screen.filter}`, style: { isBold: true } },
      { text: '_', style: { isReverse: true } },
      { text: `  ${list.length} found; Enter keeps it, Esc ends it`, style: { isDim: true } },
    ]
  }
  if (screen.page !== 'list') {
    return [
      { text: ['Esc back', 'up down scroll', 'q quit'].join(between), style: { isDim: true } },
    ]
  }
  const all = model.snapshot?.rows.length ?? 0
  const told = [
    ...(screen.filter === '' ? [] : [`filter ${JSON.stringify(screen.filter)}`]),
    // Services that say no more than their one process are not looked for, and not missed.
    ...(screen.filter === '' && screen.show === 'all' ? [] : [`${list.length} of ${all}`]),
    ...(screen.isPaused ? ['space goes on'] : []),
  ]
  const keys = [
    'q quit',
    '? help',
    'Enter open',
    `s sort ${screen.sort}`,
    '/ filter',
    `g show ${screen.show}`,
    'space pause',
  ]
  return [
    { text: told.map((text) => text + between).join(''), style: { isBold: true } },
    { text: keys.join(between), style: { isDim: true } },
  ]
}

/** What stands where rows would: why there are none, and what can be done. */
function emptyLines({ model, screen, size }: Scene): Line[] {
  const { snapshot } = model
  if (snapshot === null) return []
  const text =
    snapshot.host === null
      ? '`plimsoll agent` starts an agent; `plimsoll watch --own` does without one.'
      : screen.filter === '' && screen.show === 'all'
        ? 'No process could be read here.'
        : 'Nothing matches. Esc ends the filter, g shows other groups.'
  return [[], ...wrapText(text, size.width).map((part): Line => [{ text: part }])]
}

export interface View {
  /** Exactly as many as the screen has. */
  readonly lines: readonly Line[]
  /** For the keys: lines that rows or text have, and how many lines of text there are. */
  readonly pageLines: number
  readonly textLines: number
}

function bodyOf(scene: Scene, room: number): { body: Line[]; footer: Line[]; pageLines: number } {
  const { model, screen, list, size, look } = scene
  const selected =
    list[
      selectedIndex(
        screen,
        list.map((row) => row.id),
      )
    ]
  const footer: Line[] = []
  if (selected !== undefined && size.height >= WHY_FROM) {
    const why = safeText(explainVerdict(selected.verdict, selected), look.isUnicode)
    const parts = blockLines(why, textHeight(size), size.width)
    footer.push(...parts.map((text): Line => [{ text }]))
  }
  const pageLines = Math.max(1, room - 1 - footer.length)
  const shown = list.slice(screen.top, screen.top + pageLines)
  const table = tableLines(shown, {
    width: size.width,
    look,
    sort: screen.sort,
    trails: model.trails,
    hasTrend: true,
    selectedId: selected?.id ?? null,
  })
  return { body: list.length === 0 ? emptyLines(scene) : table, footer, pageLines }
}

export function renderView(scene: Scene): View {
  const { model, screen, size, look } = scene
  const header = headerLines(scene)
  const keys = size.height >= KEYS_FROM ? [keysLine(scene)] : []
  const room = Math.max(0, size.height - header.length - keys.length)
  let body: Line[]
  let footer: Line[] = []
  let pageLines = room
  let textLines = 0
  if (screen.page === 'list') {
    ;({ body, footer, pageLines } = bodyOf(scene, room))
  } else {
    const text =
      screen.page === 'help'
        ? helpLines(model.snapshot, size.width, look)
        : detailLines(model, screen.selectedId ?? '', size.width, look)
    textLines = text.length
    body = text.slice(screen.top, screen.top + room)
  }
  const space = Math.max(0, size.height - header.length - footer.length - keys.length)
  const filled = Array.from({ length: space }, (_, index): Line => body[index] ?? [])
  const lines = [...header, ...filled, ...footer, ...keys]
    .slice(0, size.height)
    .map((line) => fitLine(line, size.width, look))
  return { lines, pageLines, textLines }
}
