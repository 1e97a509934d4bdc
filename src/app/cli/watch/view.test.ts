import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainText } from './look.ts'
import { LEAK, PLAIN_LOOK, POOL, sceneFixture, snapshotFixture } from './scene.fixture.ts'
import type { Scene } from './view.ts'
import { renderView } from './view.ts'

function textOf(scene: Scene): string[] {
  return renderView(scene).lines.map((line) => plainText(line).trimEnd())
}

const SIZE = { width: 80, height: 18 }

test('the screen begins with the conclusion, and the worst row stands first', () => {
  assert.deepEqual(textOf(sceneFixture(snapshotFixture(), SIZE)), [
    'leak-steady 4121 leaks +9.0 MiB/s since 14:13, 98 s left',
    '',
    '############+k===========........  8.0 GiB of 16.0 GiB available, pressure 0.0 %',
    '# anonymous 6.0 GiB  = page cache 5.0 GiB  . free 4.0 GiB  ? unaccounted 384 MiB',
    'db1: agent for 60 s; connected to guard 812 at /run/plimsoll/guard.sock',
    '   VERDICT▾  WHO                KIND       SIZE         RATE       LEFT    TREND',
    '>▲ leaks     leak-steady 4121   anon    108 MiB    9.0 MiB/s       98 s       ▁█',
    ' – steady    nginx.service ×4   anon   80.0 MiB            -          -       ▁█',
    ' ✓ harmless  tmpfs /dev/shm     shmem   4.0 MiB            -          -       ▁█',
    ...new Array<string>(6).fill(''),
    'leak-steady 4121 leaks +9.0 MiB/s, 98 s left (90 s to 2 min) until its address',
    'space limit: it rises steadily and does not level off',
    'q quit · ? help · Enter open · s sort worst · / filter · g show all · space pau…',
  ])
})

test('nothing moves when a sentence gets longer or the trend begins', () => {
  const first = textOf(sceneFixture(snapshotFixture({ rows: [POOL], ticks: 1 }), SIZE))
  const later = textOf(sceneFixture(snapshotFixture(), SIZE))
  assert.equal(first[5], later[5])
  assert.equal(first.indexOf(first[5] ?? ''), later.indexOf(later[5] ?? ''))
})

test('what is not Unicode is ASCII to the last letter', () => {
  const look = { ...PLAIN_LOOK, isUnicode: false }
  const row = { ...LEAK, name: 'größe' }
  for (const page of ['list', 'detail', 'help'] as const) {
    const lines = textOf(
      sceneFixture(snapshotFixture({ rows: [row] }), SIZE, { page, selectedId: LEAK.id }, look),
    )
    assert.match(lines.join('\n'), /^[\x20-\x7e\n]+$/)
    if (page !== 'help') assert.match(lines.join('\n'), /gr\?\?e 4121/)
  }
})

const STATES: readonly [name: string, scene: Scene, words: readonly RegExp[]][] = [
  ['looking for a source', sceneFixture(null, SIZE), [/^Looking for an agent$/m]],
  [
    'no agent where one was named',
    sceneFixture(
      snapshotFixture({ connected: false, host: null, rows: [], reason: 'no guard listens on /x' }),
      SIZE,
    ),
    [/^No figures: no guard listens on \/x$/m, /plimsoll watch --own/],
  ],
  [
    'the agent went away',
    sceneFixture(snapshotFixture({ connected: false, reason: 'the guard closed /x' }), SIZE),
    [/^As of 14:13:20: leak-steady 4121 leaks/m, /^DISCONNECTED, trying again; .*closed \/x$/m],
  ],
  [
    'no privilege: what could not be read is said',
    sceneFixture(
      snapshotFixture({ missing: [{ what: 'slab caches', why: 'needs root' }], privileged: false }),
      SIZE,
    ),
    [/; not read: slab caches;/],
  ],
  [
    'nothing to show',
    sceneFixture(snapshotFixture({ rows: [] }), SIZE),
    [/^Nothing can be judged/m, /^No process could be read here/m],
  ],
  [
    'a filter that nothing matches',
    sceneFixture(snapshotFixture(), SIZE, { filter: 'absent' }),
    [/^Nothing matches\./m, /filter "absent" · 0 of 3/],
  ],
  ['paused', sceneFixture(snapshotFixture(), SIZE, { isPaused: true }), [/^PAUSED; /m]],
  [
    'typing',
    sceneFixture(snapshotFixture(), SIZE, { isTyping: true, filter: 'ngi' }),
    [/^filter: ngi_ {2}1 found/m],
  ],
  [
    'own samples',
    sceneFixture(snapshotFixture({ from: 'own', intervalMs: 500, reason: 'no guard' }), SIZE),
    [/^db1: own samples every 500 ms for 60 s; no guard$/m],
  ],
  [
    'one in full',
    sceneFixture(
      snapshotFixture(),
      { width: 80, height: 24 },
      { page: 'detail', selectedId: LEAK.id },
    ),
    [
      /^rate {5}\+9\.0 MiB\/s \(\+8\.6 MiB\/s to \+9\.5 MiB\/s\)$/m,
      /^left {5}98 s \(90 s to 2 min\); 11 % of what was free is used$/m,
      /^since {4}14:13, 12 s ago; confirmed at 14:13$/m,
      /^limit {4}its address space limit \(RLIMIT_AS\), 900 MiB below it$/m,
      /^has {6}pid 4121, uid 1000, threads 1, descriptors 4$/m,
      /^next {5}sudo cat \/proc\/4121\/smaps_rollup$/m,
    ],
  ],
  [
    'one that ended meanwhile',
    sceneFixture(snapshotFixture(), SIZE, { page: 'detail', selectedId: 'process:9:9' }),
    [/process:9:9 is gone/],
  ],
]
for (const [name, scene, words] of STATES) {
  test(`the screen tells: ${name}`, () => {
    const text = textOf(scene).join('\n')
    for (const word of words) assert.match(text, word)
  })
}

test('on a small screen the conclusion and the worst row stay', () => {
  const lines = textOf(sceneFixture(snapshotFixture(), { width: 40, height: 5 }))
  assert.equal(lines.length, 5)
  assert.match(lines[0] ?? '', /^leak-steady 4121 leaks \+9\.0 MiB\/s/)
  assert.match(lines[2] ?? '', /^>▲ leak-steady 4121 +108 MiB +98 s$/)
})

test('a wide screen says why, which limit, and counts', () => {
  const [, , , , head, first] = textOf(sceneFixture(snapshotFixture(), { width: 200, height: 18 }))
  assert.match(head ?? '', /WHY +LIMIT +THR +FDS UNIT/)
  assert.match(first ?? '', /rises steadily +rlimit-as +1 +4 -$/)
})
