import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createRow,
  feedReplay,
  openReplay,
  readReplay,
  summarizeReplay,
} from '../../core/leak/replay.ts'
import { drawTrace } from './draw-trace.ts'
import { addToPicture, createPicture } from './trace-picture.ts'

test('whatever the trace, it is drawn within 80 columns', () => {
  const sample = fc.record({
    apartSec: fc.double({ min: 0, max: 1e6, noNaN: true }),
    level: fc.oneof(fc.integer({ min: 0, max: 2 ** 48 }), fc.constant(NaN)),
  })
  const times = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 200 }), times, (samples, startsSec) => {
      const replay = openReplay(null, startsSec)
      const picture = createPicture(null)
      const row = createRow()
      row.tSec = 0
      for (const { apartSec, level } of samples) {
        row.tSec += apartSec
        row.rssAnonBytes = level
        const judged = feedReplay(replay, row)
        if (!Number.isNaN(judged)) addToPicture(picture, row.tSec, judged)
      }
      const trace = {
        name: 'any.csv',
        picture,
        verdict: readReplay(replay),
        detection: summarizeReplay(replay),
        startsSec,
        headroomBytes: replay.headroomBytes,
        isHeadroomGiven: false,
      }
      for (const line of drawTrace(trace, false)) assert.ok(line.length <= 80, line)
    }),
  )
})
