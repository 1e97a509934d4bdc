/** @module Draws one trace with its verdict in 80 columns, with or without colours. */
import { escapeForTerminal } from '../../base/escape.ts'
import { formatBytes, formatDuration } from '../../base/format.ts'
import { nearestXterm256, STATE_COLOURS } from '../../base/palette.ts'
import { explainVerdict } from '../../core/leak/explain.ts'
import type { Detection, Verdict } from '../../core/leak/records.ts'
import { DOTS_ACROSS, DOTS_DOWN, drawDots } from './braille.ts'
import { columnsOf, type TracePicture } from './trace-picture.ts'

const ROWS = 10
const LABEL = 9
const WIDTH = 68

export interface DrawnTrace {
  readonly name: string
  readonly picture: TracePicture
  /** As of the last row. */
  readonly verdict: Verdict
  readonly detection: Detection
  readonly startsSec: readonly number[]
  readonly headroomBytes: number | null
  /** Whether the headroom was given, or is the default. */
  readonly isHeadroomGiven: boolean
}

/** Breaks at spaces, so that no line is longer than the picture where that can be. */
function wrap(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] as string
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= LABEL + 2 + WIDTH) {
      lines[lines.length - 1] = `${line} ${word}`
    } else lines.push(word)
  }
  return lines
}

type Paint = (text: string) => string

/** `text` in the colour of a state, as a dark terminal shows it well and a light one does too. */
function painter(state: Verdict['state'], hasColours: boolean): Paint {
  if (!hasColours) return (text) => text
  const index = nearestXterm256(STATE_COLOURS[state].dark)
  return (text) => `\u001b[38;5;${index}m${text}\u001b[39m`
}

/** Dots of the line, each column's joined to the one before, so that a steep rise has no holes. */
function lineOfDots(picture: TracePicture, bottom: number, span: number): readonly string[] {
  const { low, high } = columnsOf(picture, WIDTH * DOTS_ACROSS)
  const dotOf = (level: number) => Math.round(((level - bottom) / span) * (ROWS * DOTS_DOWN - 1))
  const lows = low.map(dotOf)
  const highs = high.map(dotOf)
  const joined = lows.map((from, i) => {
    const before = highs[i - 1]
    return before !== undefined && before < from ? before + 1 : from
  })
  const joinedHighs = highs.map((to, i) => {
    const before = lows[i - 1]
    return before !== undefined && before > to ? before - 1 : to
  })
  return drawDots(joined, joinedHighs, ROWS)
}

function columnAt(picture: TracePicture, tSec: number): number {
  const span = Math.max(picture.endSec - picture.startSec, Number.MIN_VALUE)
  const column = Math.floor(((tSec - picture.startSec) / span) * WIDTH)
  return Math.min(WIDTH - 1, Math.max(0, column))
}

const ONSET = '▲'
const ALARM = '!'
const RESTART = '|'

function markLine(trace: DrawnTrace): string {
  const marks = new Array<string>(WIDTH).fill(' ')
  const { detection, picture } = trace
  for (const start of trace.startsSec) marks[columnAt(picture, start)] = RESTART
  if (detection.onsetSec !== null) marks[columnAt(picture, detection.onsetSec)] = ONSET
  for (const alarm of detection.alarmsSec) marks[columnAt(picture, alarm)] = ALARM
  return marks.join('')
}

function legend(trace: DrawnTrace): string {
  const { onsetSec, detectedAtSec, alarmsSec } = trace.detection
  const words: string[] = []
  if (onsetSec !== null) words.push(`${ONSET} grows since ${formatDuration(onsetSec)}`)
  if (detectedAtSec !== null) words.push(`${ALARM} alarm at ${formatDuration(detectedAtSec)}`)
  const takenBack = alarmsSec.length - (detectedAtSec === null ? 0 : 1)
  if (takenBack > 0) words.push(`${ALARM} ${takenBack} taken back`)
  if (trace.startsSec.length > 0) words.push(`${RESTART} restart`)
  return words.join('   ')
}

function timeAxis(picture: TracePicture): string {
  const left = formatDuration(picture.startSec)
  const right = formatDuration(picture.endSec)
  return left + right.padStart(WIDTH - left.length)
}

/** The lines to print: a sentence, the picture with its marks, what was assumed. */
export function drawTrace(trace: DrawnTrace, hasColours: boolean): readonly string[] {
  const { picture, verdict } = trace
  const paint = painter(verdict.state, hasColours)
  const name = { kind: 'process', name: escapeForTerminal(trace.name) }
  const sentence = wrap(explainVerdict(verdict, name)).map(paint)
  if (Number.isNaN(picture.startSec)) return sentence
  const { low, high } = columnsOf(picture, 1)
  const bottom = low[0] as number
  const top = high[0] as number
  const span = Math.max(top - bottom, 1)
  const rows = lineOfDots(picture, bottom, span).map((dots, row) => {
    const label = row === 0 ? formatBytes(top) : row === ROWS - 1 ? formatBytes(bottom) : ''
    return `${label.padStart(LABEL)} ┤${paint(dots.trimEnd())}`
  })
  const margin = ' '.repeat(LABEL + 2)
  const told = legend(trace)
  const assumed = trace.isHeadroomGiven ? '' : ' (assumed; say --headroom SIZE)'
  return [
    ...sentence,
    '',
    ...rows,
    `${' '.repeat(LABEL)} └${'─'.repeat(WIDTH)}`,
    ...(told === '' ? [] : [(margin + markLine(trace)).trimEnd()]),
    margin + timeAxis(picture),
    ...(told === '' ? [] : ['', told]),
    `free above the first sample: ${formatBytes(trace.headroomBytes)}${assumed}`,
  ]
}
