import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { TraceRow } from './records.ts'
import { endTraceText, feedTraceText, openTraceParser, TRACE_COLUMNS } from './trace-csv.ts'

const NAMES = Object.keys(TRACE_COLUMNS)
const figure = fc.option(fc.integer({ min: 0, max: 2 ** 45 }), { nil: null })

test('rows come out as they went in, whatever the pieces and the order of the columns', () => {
  const rows = fc.array(fc.array(figure, { minLength: 7, maxLength: 7 }), { maxLength: 20 })
  const order = fc.shuffledSubarray(NAMES, { minLength: NAMES.length })
  fc.assert(
    fc.property(rows, order, fc.integer({ min: 1, max: 50 }), (figures, names, piece) => {
      const lines = figures.map((cells, tSec) =>
        names.map((name) => (name === 't_s' ? tSec : (cells[NAMES.indexOf(name) - 1] ?? ''))),
      )
      const text = [names, ...lines].map((cells) => `${cells.join(',')}\n`).join('')
      const seen: TraceRow[] = []
      const parser = openTraceParser((row) => seen.push({ ...row }))
      for (let at = 0; at < text.length; at += piece) {
        assert.equal(feedTraceText(parser, text.slice(at, at + piece)), null)
      }
      assert.equal(endTraceText(parser), null)
      const expected = figures.map((cells, tSec) => [tSec, ...cells.map((cell) => cell ?? NaN)])
      const fields = Object.values(TRACE_COLUMNS)
      assert.deepEqual(
        seen.map((row) => fields.map((field) => row[field])),
        expected,
      )
    }),
  )
})

test('any text is either read or refused, never thrown at', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\n', ',', '1', 't_s,rss_anon\n'),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const parser = openTraceParser(() => {})
      for (const text of pieces) if (feedTraceText(parser, text) !== null) return
      endTraceText(parser)
    }),
  )
})
