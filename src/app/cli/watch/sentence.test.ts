import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../../core/wire/rows.fixture.ts'
import { LEAK, POOL, SERVICE, snapshotFixture } from './scene.fixture.ts'
import { sayHost } from './sentence.ts'

const verdict = (state: SubjectRow['verdict']['state'], id: string, etaSec: number): SubjectRow =>
  rowFixture(id, { name: id, verdict: { ...LEAK.verdict, state, etaSec } })

/** So slow that it calls for nothing now. */
const FAR = { etaSec: 9_000, etaLowSec: 8_000, etaHighSec: 10_000 }
const grows = (id: string, eta: Partial<SubjectRow['verdict']>): SubjectRow =>
  rowFixture(id, { name: id, verdict: { ...LEAK.verdict, state: 'growing', ...eta } })

const CASES: readonly [name: string, rows: readonly SubjectRow[], text: string][] = [
  ['one leak', [POOL, LEAK], 'leak-steady 4121 leaks +9.0 MiB/s since 14:13, 98 s left'],
  [
    'a leak and its service are one',
    [LEAK, { ...SERVICE, verdict: LEAK.verdict }].map((row) =>
      row === LEAK ? { ...row, serviceId: SERVICE.id } : row,
    ),
    'leak-steady 4121 leaks +9.0 MiB/s since 14:13, 98 s left',
  ],
  [
    'two leaks and a suspect',
    [LEAK, verdict('confirmed', 'sooner', 50), verdict('suspected', 'maybe', 10)],
    '2 leak; first to run out is sooner 4121 +9.0 MiB/s since 14:13, 50 s left; 1 more may leak',
  ],
  [
    'a suspect',
    [verdict('suspected', 'maybe', 10)],
    'maybe 4121 may leak +9.0 MiB/s since 14:13, 10 s left',
  ],
  [
    'growth',
    [SERVICE, grows('young', FAR)],
    'Nothing leaks so far; young 4121 grows +9.0 MiB/s; 214 processes watched for 60 s',
  ],
  [
    'more growth',
    [grows('b', FAR), grows('a', { ...FAR, etaSec: 8_500 })],
    'Nothing leaks so far; 2 grow, first a 4121 +9.0 MiB/s; 214 processes watched for 60 s',
  ],
  [
    'growth that fills up soon',
    [grows('far', FAR), verdict('growing', 'near', 70)],
    'Nothing is confirmed after 60 s, but near 4121 grows +9.0 MiB/s since 14:13, 70 s left: watch longer',
  ],
  [
    'growth that may never fill up',
    [grows('cache', FAR), grows('start', { ...FAR, etaHighSec: null })],
    'Nothing leaks so far; 2 grow, first cache 4121 +9.0 MiB/s; 214 processes watched for 60 s',
  ],
  ['nothing', [SERVICE, POOL], 'Nothing leaks; 214 processes watched for 60 s'],
  ['too early', [verdict('unknown', 'new', 1)], 'Too early to say; 214 processes watched for 60 s'],
  ['no rows', [], 'Nothing can be judged: no process could be read'],
]
for (const [name, rows, text] of CASES) {
  test(`the conclusion of ${name}`, () => {
    assert.equal(sayHost(snapshotFixture({ rows }), 0).text, text)
  })
}

test('who has not watched for long does not promise much', () => {
  const sinceWallMs = HOST_FIXTURE.wallMs - 8_000
  const { text } = sayHost(snapshotFixture({ rows: [POOL], sinceWallMs }), 0)
  assert.equal(text, 'Nothing leaks so far; 214 processes watched for 8 s')
})
