import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EXIT } from '../../../base/errors.ts'
import { encodeJsonLine } from '../../../base/escape.ts'
import { makeDocument } from './document.ts'
import { judgeWithout } from './except.ts'
import { decideExit } from './run-script.ts'
import { LEAK, POOL, SERVICE, snapshotFixture } from './scene.fixture.ts'
import type { WatchSnapshot } from './source.ts'

test('a document begins with its schema and the conclusion, and names what it leaves out', () => {
  const document = makeDocument(
    snapshotFixture(),
    judgeWithout(snapshotFixture(), []),
    [LEAK, SERVICE, POOL],
    2,
    [],
    0,
  )
  assert.match(
    encodeJsonLine(document),
    /^\{"schema":"plimsoll\.watch\/1","sentence":"leak-steady 4121 leaks [^"]+","from":"agent"/,
  )
  assert.equal(document.rowsOmitted, 1)
  assert.equal(document.watchedSec, 60)
  assert.equal(document.states.confirmed, 1)
  assert.deepEqual(
    document.rows.map(({ id, memoryKind }) => [id, memoryKind]),
    [
      [LEAK.id, 'anon'],
      [SERVICE.id, 'anon'],
    ],
  )
  assert.match(
    document.rows[0]?.sentence ?? '',
    /98 s left \(90 s to 2 min\) until its address space limit: it rises steadily/,
  )
})

test('JSON with hostile names is one line that steers no terminal and means the same', () => {
  const name = 'a\u009b2J\u202e\u2028\n\u001b[2J\ud800"'
  const text = encodeJsonLine(
    makeDocument(
      snapshotFixture(),
      judgeWithout(snapshotFixture(), []),
      [{ ...LEAK, name }],
      10,
      [],
      0,
    ),
  )
  assert.match(text, /^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e]+$/)
  const { rows } = JSON.parse(text) as { rows: { name: string }[] }
  assert.equal(rows[0]?.name, name)
})

const SUSPECT = { ...LEAK, verdict: { ...LEAK.verdict, state: 'suspected' as const } }
const UNJUDGED = { ...LEAK, verdict: { ...LEAK.verdict, state: 'unknown' as const } }
const GROWING = { ...LEAK, verdict: { ...LEAK.verdict, state: 'growing' as const } }
const CALM = { ...GROWING, verdict: { ...GROWING.verdict, etaSec: 9_000, etaHighSec: 10_000 } }
const EXITS: readonly [name: string, snapshot: WatchSnapshot | undefined, exit: number][] = [
  ['a leak', snapshotFixture(), EXIT.finding],
  ['nothing', snapshotFixture({ rows: [POOL] }), EXIT.ok],
  ['a suspect', snapshotFixture({ rows: [SUSPECT] }), EXIT.incomplete],
  ['growth that fills up within the hour', snapshotFixture({ rows: [GROWING] }), EXIT.incomplete],
  ['growth that takes longer', snapshotFixture({ rows: [CALM] }), EXIT.ok],
  ['no source', undefined, EXIT.incomplete],
  ['a source without figures', snapshotFixture({ host: null, rows: [] }), EXIT.incomplete],
  ['a source that was lost', snapshotFixture({ connected: false, rows: [] }), EXIT.incomplete],
  ['a leak before the source was lost', snapshotFixture({ connected: false }), EXIT.finding],
  ['an agent that judged nothing yet', snapshotFixture({ rows: [UNJUDGED] }), EXIT.incomplete],
  [
    'own samples that are too few',
    snapshotFixture({ from: 'own', rows: [UNJUDGED] }),
    EXIT.incomplete,
  ],
  [
    'own samples of nothing grave',
    snapshotFixture({ from: 'own', rows: [POOL, UNJUDGED] }),
    EXIT.ok,
  ],
]
for (const [name, snapshot, exit] of EXITS) {
  test(`the exit code of ${name} is ${exit}`, () => assert.equal(decideExit(snapshot), exit))
}
