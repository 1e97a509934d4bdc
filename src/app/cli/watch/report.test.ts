import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatReport } from './report.ts'
import { LEAK, PLAIN_LOOK, POOL, sceneFixture, snapshotFixture } from './scene.fixture.ts'

const OPTIONS = { width: 80, look: PLAIN_LOOK, sort: 'worst', limit: 2, except: [] } as const

test('a report has the conclusion, the table with reasons, what is left out and what to do next', () => {
  const missing = [{ what: 'slab caches', why: 'needs root' }]
  const { model, list } = sceneFixture(snapshotFixture({ missing }), { width: 80, height: 24 })
  assert.deepEqual(formatReport(model, list, OPTIONS).split('\n'), [
    'leak-steady 4121 leaks +9.0 MiB/s since 14:13, 98 s left',
    '############+k===========........  8.0 GiB of 16.0 GiB available, pressure 0.0 %',
    '# anonymous 6.0 GiB  = page cache 5.0 GiB  . free 4.0 GiB  ? unaccounted 384 MiB',
    'db1: agent for 60 s; not read: slab caches; connected to guard 812 at',
    '/run/plimsoll/guard.sock',
    '',
    '   VERDICT▾  WHO                KIND       SIZE         RATE       LEFT    TREND',
    ' ▲ leaks     leak-steady 4121   anon    108 MiB    9.0 MiB/s       98 s       ▁█',
    '   it rises steadily and does not level off',
    ' – steady    nginx.service ×4   anon   80.0 MiB            -          -       ▁█',
    'and 1 more; --limit shows them',
    '',
    'next: sudo cat /proc/4121/smaps_rollup',
  ])
})

test('before there is a trend its place is for names', () => {
  const scene = sceneFixture(snapshotFixture({ ticks: 1 }), { width: 80, height: 24 })
  assert.match(formatReport(scene.model, scene.list, OPTIONS), /LEFT$/m)
})

test('where nothing leaks there is nothing to do next', () => {
  const scene = sceneFixture(snapshotFixture({ rows: [POOL] }), { width: 80, height: 24 })
  assert.doesNotMatch(formatReport(scene.model, scene.list, OPTIONS), /next:|--limit/)
})

test('without figures a report says why', () => {
  const snapshot = snapshotFixture({ host: null, rows: [], connected: false, reason: 'no guard' })
  const { model, list } = sceneFixture(snapshot, { width: 80, height: 24 })
  assert.match(formatReport(model, list, OPTIONS), /^No figures: no guard\nDISCONNECTED/)
  assert.ok(!list.includes(LEAK))
})
