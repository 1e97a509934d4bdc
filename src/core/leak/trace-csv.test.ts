import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TraceRow } from './records.ts'
import { endTraceText, feedTraceText, openTraceParser, type TraceIssue } from './trace-csv.ts'

/** Rows of a text that is fed in pieces of `piece` characters, and what was wrong with it. */
function parse(text: string, piece = 7): { rows: TraceRow[]; issue: TraceIssue | null } {
  const rows: TraceRow[] = []
  const parser = openTraceParser((row) => rows.push({ ...row }))
  for (let at = 0; at < text.length; at += piece) {
    const issue = feedTraceText(parser, text.slice(at, at + piece))
    if (issue !== null) return { rows, issue }
  }
  return { rows, issue: endTraceText(parser) }
}

const UNREAD = {
  rssFileBytes: NaN,
  rssShmemBytes: NaN,
  swapBytes: NaN,
  vszBytes: NaN,
  threads: NaN,
  fds: NaN,
}

test('columns are found by name in any order, others are read past', () => {
  const { rows, issue } = parse('note,rss_anon,t_s,swap\nhello,4096,0.5,1e3\n,8192,1,\n')
  assert.equal(issue, null)
  assert.deepEqual(rows, [
    { ...UNREAD, tSec: 0.5, rssAnonBytes: 4096, swapBytes: 1000 },
    { ...UNREAD, tSec: 1, rssAnonBytes: 8192 },
  ])
})

const SAME: readonly (readonly [what: string, text: string])[] = [
  ['line feeds', 't_s,rss_anon\n0,1\n1,2\n'],
  ['no line feed at the end', 't_s,rss_anon\n0,1\n1,2'],
  ['carriage returns', 't_s,rss_anon\r\n0,1\r\n1,2\r\n'],
  ['a byte order mark', '\ufefft_s,rss_anon\n0,1\n1,2\n'],
  ['quoted names and spaces', '"t_s", "rss_anon"\n0, 1\n1, 2\n'],
  ['empty lines', 't_s,rss_anon\n\n0,1\n\n1,2\n\n'],
]

test('ways to write the same trace', () => {
  for (const [what, text] of SAME) {
    for (const piece of [1, 7, text.length]) {
      const { rows, issue } = parse(text, piece)
      assert.equal(issue, null, what)
      const figures = rows.map((row) => [row.tSec, row.rssAnonBytes])
      assert.deepEqual(
        figures,
        [
          [0, 1],
          [1, 2],
        ],
        `${what}, in pieces of ${piece}`,
      )
    }
  }
})

const BAD: readonly (readonly [text: string, line: number, column: number, what: RegExp])[] = [
  ['', 1, 1, /header with the column t_s, got ""/],
  ['0,1\n1,2\n', 1, 1, /header with the column t_s/],
  ['t_s,rss\n0,1\n', 1, 1, /header with the column rss_anon/],
  ['t_s,rss_anon,t_s\n', 1, 14, /column t_s is there twice/],
  ['t_s,rss_anon\n0,1\n1,abc\n', 3, 3, /rss_anon: expected a figure or an empty cell, got "abc"/],
  ['t_s,rss_anon\n,1\n', 2, 1, /t_s: expected seconds, got ""/],
  ['t_s,rss_anon\n0,-4096\n', 2, 3, /rss_anon: .* got "-4096"/],
  ['t_s,rss_anon\n0,NaN\n', 2, 3, /rss_anon: .* got "NaN"/],
  ['t_s,rss_anon\n0,0x10\n', 2, 3, /rss_anon: .* got "0x10"/],
  ['t_s,rss_anon\n0,1,2\n', 2, 6, /expected 2 cells as in the header, got 3/],
  ['t_s,rss_anon\n0,1\n1', 3, 2, /expected 2 cells as in the header, got 1/],
  [`t_s,rss_anon\n${'1'.repeat(70_000)}`, 2, 65_536, /a line of at most 65536 characters/],
]

test('bad input is named by line and column', () => {
  for (const [text, line, column, what] of BAD) {
    const { issue } = parse(text)
    assert.match(issue?.what ?? 'nothing', what)
    assert.deepEqual([issue?.line, issue?.column], [line, column], text.slice(0, 60))
  }
})

test('rows before a bad one were given out', () => {
  const { rows, issue } = parse('t_s,rss_anon\n0,1\n1,x\n2,3\n')
  assert.equal(rows.length, 1)
  assert.equal(issue?.line, 3)
})
