import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LEAK_REASONS, LEAK_STATES } from '../../../core/leak/records.ts'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { SUBJECT_KINDS } from '../../../core/wire/records.ts'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import { foldSingles } from './arrange.ts'
import { plainText } from './look.ts'
import { formatReport } from './report.ts'
import { PLAIN_LOOK, sceneFixture, snapshotFixture } from './scene.fixture.ts'
import { displayWidth } from './text.ts'
import { renderView } from './view.ts'

/** Controls, escapes, bidirectional marks, wide and combining characters, torn surrogates. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\u001b[2J\u001b]0;owned\u0007',
    '\u202egpj.exe',
    '漢字漢字漢字漢字漢字漢字漢字',
    '👩‍👩‍👧‍👦🏳️‍🌈',
    'e\u0301\u0301\u0301\u0301',
    '\ud800\udc00\ud83d',
    '',
    ' ',
    'a b\tc\r\nd',
  ),
)
const bytes = fc.oneof(
  fc.double({ min: 0, max: 1e15, noNaN: true }),
  fc.constantFrom(0, 1023.99, 2 ** 60),
)
const orNull = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { nil: null })

const row: fc.Arbitrary<SubjectRow> = fc
  .record({
    kind: fc.constantFrom(...SUBJECT_KINDS),
    name: hostile,
    container: orNull(hostile),
    cgroup: orNull(hostile),
    unit: orNull(hostile),
    pid: orNull(fc.nat(4_194_304)),
    processes: orNull(fc.nat(5000)),
    levelBytes: bytes,
    state: fc.constantFrom(...LEAK_STATES),
    reason: fc.constantFrom(...LEAK_REASONS),
    rate: orNull(fc.double({ min: -1e12, max: 1e12, noNaN: true })),
    eta: orNull(fc.double({ min: 0, max: 1e12, noNaN: true })),
    since: orNull(fc.double({ min: -1e12, max: 1e12, noNaN: true })),
  })
  .map(({ state, reason, rate, eta, since, levelBytes, ...changed }) =>
    rowFixture(`${changed.kind}:${changed.name}:${levelBytes}`, {
      ...changed,
      levelBytes,
      verdict: {
        ...rowFixture('x').verdict,
        levelBytes,
        state,
        reason,
        rateBytesPerSec: rate,
        etaSec: eta,
        sinceSec: since,
      },
    }),
  )

const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u

test('whatever the names are, the screen has its lines and none is too wide or steers', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      hostile,
      fc.integer({ min: 1, max: 220 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('list', 'detail', 'help'),
      fc.boolean(),
      fc.nat(30),
      (rows, filter, width, height, page, isUnicode, top) => {
        const snapshot = snapshotFixture({ rows, reason: filter, hostName: filter })
        const scene = sceneFixture(
          snapshot,
          { width, height },
          { page, top, filter, isTyping: isUnicode, selectedId: rows[0]?.id ?? null },
          { ...PLAIN_LOOK, isUnicode },
        )
        const { lines } = renderView(scene)
        assert.equal(lines.length, height)
        for (const line of lines) {
          const text = plainText(line)
          assert.ok(displayWidth(text) <= width, `${displayWidth(text)} > ${width}: ${text}`)
          assert.doesNotMatch(text, UNSAFE)
        }
      },
    ),
  )
})

test('whatever the names are, no line of a report is too wide or steers', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      fc.integer({ min: 20, max: 220 }),
      (rows, width) => {
        const { model, list, screen } = sceneFixture(snapshotFixture({ rows }), {
          width,
          height: 1,
        })
        const options = { width, look: PLAIN_LOOK, sort: 'worst', limit: 5, except: [] } as const
        for (const text of formatReport(model, foldSingles(list, screen), options).split('\n')) {
          assert.ok(displayWidth(text) <= width, text)
          assert.doesNotMatch(text, UNSAFE)
        }
      },
    ),
  )
})
