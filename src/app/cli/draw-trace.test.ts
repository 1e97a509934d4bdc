import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import {
  createRow,
  feedReplay,
  openReplay,
  readReplay,
  summarizeReplay,
} from '../../core/leak/replay.ts'
import { drawDots } from './braille.ts'
import { type DrawnTrace, drawTrace } from './draw-trace.ts'
import { addToPicture, columnsOf, createPicture } from './trace-picture.ts'

/** A trace of `samples` seconds whose level in MiB is `curve`. */
function drawn(name: string, samples: number, curve: (t: number) => number): DrawnTrace {
  const replay = openReplay(1000 * MIB, [5])
  const picture = createPicture(1)
  const row = createRow()
  for (let t = 0; t < samples; t++) {
    row.tSec = t
    row.rssAnonBytes = curve(t) * MIB
    addToPicture(picture, t, feedReplay(replay, row))
  }
  const verdict = readReplay(replay)
  const detection = summarizeReplay(replay)
  const headroomBytes = 1000 * MIB
  return { name, picture, verdict, detection, startsSec: [5], headroomBytes, isHeadroomGiven: true }
}

const leak = () => drawn('leak.csv', 300, (t) => 50 + 3 * Math.max(0, t - 60))

test('a leak is drawn in 80 columns with its onset and its alarm', () => {
  const lines = drawTrace(leak(), false)
  for (const line of lines) assert.ok(line.length <= 80, line)
  const text = lines.join('\n')
  assert.match(text, /^leak\.csv leaks \+/)
  const marks = lines.find((line) => line.includes('▲')) ?? ''
  assert.ok(marks.indexOf('▲') < marks.indexOf('!'), text)
  assert.ok(marks.indexOf('|') < marks.indexOf('▲'), text)
  assert.match(text, /▲ grows since .* ! alarm at /)
  assert.match(text, /free above the first sample: 1000 MiB$/)
})

test('colours come only where they are asked for', () => {
  assert.ok(!drawTrace(leak(), false).join('').includes('\u001b'))
  assert.ok(drawTrace(leak(), true).join('').includes('\u001b[38;5;'))
})

test('a name cannot steer the terminal', () => {
  const text = drawTrace(
    drawn('\u001b[2Jx\u0007', 10, () => 1),
    false,
  ).join('')
  assert.ok(text.startsWith('\\x1b[2Jx\\x07'), text)
})

test('a trace without a row is drawn as a sentence alone', () => {
  assert.equal(
    drawTrace(
      drawn('none.csv', 0, () => 1),
      false,
    ).length,
    1,
  )
})

test('dots stand where they belong', () => {
  assert.deepEqual(drawDots([0, 3], [0, 3], 1), ['⡈'])
  assert.deepEqual(drawDots([0, NaN, 7, 7], [7, NaN, 7, 7], 2), ['⡇⠉', '⡇ '])
})

test('a picture keeps its extremes however long it grows', () => {
  const picture = createPicture(null)
  for (let t = 0; t < 100_000; t++) addToPicture(picture, t, t === 77_777 ? 9 : t === 3 ? -9 : 1)
  const { low, high } = columnsOf(picture, 10)
  assert.equal(low[0], -9)
  assert.equal(high[7], 9)
  assert.deepEqual([low[5], high[5]], [1, 1])
})

test('a short pause is drawn through, a long one is a gap', () => {
  const picture = createPicture(1)
  for (const t of [0, 1, 2, 5, 6, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59])
    addToPicture(picture, t, 1)
  const { low } = columnsOf(picture, 60)
  assert.equal(low[4], 1)
  assert.ok(Number.isNaN(low[30]))
})
