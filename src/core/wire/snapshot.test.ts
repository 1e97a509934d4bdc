import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SampleBody } from './records.ts'
import { rowFixture, sampleFixture } from './rows.fixture.ts'
import { applySample, createSnapshot, interruptSnapshot, type Snapshot } from './snapshot.ts'

function idsOf(snapshot: Snapshot): string {
  return [...snapshot.rows.keys()].sort().join('')
}

/** A sample whose rows and gone subjects are letters. */
function sample(tick: number, ids: string, changed: Partial<SampleBody> = {}): SampleBody {
  const rows = [...ids].map((id) => rowFixture(id, { levelBytes: tick }))
  return sampleFixture({ tick, rows, ...changed })
}

function synced(ids: string): Snapshot {
  const snapshot = createSnapshot()
  assert.equal(applySample(snapshot, sample(1, ids, { full: true })).kind, 'complete')
  return snapshot
}

test('changed rows replace, gone rows go, others stay', () => {
  const snapshot = synced('abc')
  const outcome = applySample(snapshot, sample(2, 'ad', { gone: ['b', 'never-known'] }))
  assert.equal(idsOf(snapshot), 'acd')
  assert.equal(snapshot.rows.get('a')?.levelBytes, 2)
  assert.equal(snapshot.rows.get('c')?.levelBytes, 1)
  assert.ok(outcome.kind === 'complete')
  assert.deepEqual(outcome.change.gone, ['b'])
  assert.equal(outcome.change.rows.length, 2)
})

test('a full tick takes away what it does not list, once all its parts are there', () => {
  const snapshot = synced('abc')
  const parts = { full: true, parts: 2 }
  assert.equal(applySample(snapshot, sample(2, 'a', parts)).kind, 'partial')
  assert.equal(idsOf(snapshot), 'abc')
  const outcome = applySample(snapshot, sample(2, 'x', { ...parts, part: 1, host: null }))
  assert.equal(idsOf(snapshot), 'ax')
  assert.ok(outcome.kind === 'complete')
  assert.deepEqual(outcome.change.gone, ['b', 'c'])
})

test('nothing is of use before the first full tick', () => {
  const snapshot = createSnapshot()
  assert.equal(applySample(snapshot, sample(5, 'a')).kind, 'ignored')
  assert.equal(applySample(snapshot, sample(6, 'a', { full: true })).kind, 'complete')
  assert.equal(applySample(snapshot, sample(7, 'b')).kind, 'complete')
  assert.equal(idsOf(snapshot), 'ab')
})

for (const [what, bodies, reason] of [
  ['a lost tick', [sample(3, 'a')], /expected tick 2, got 3/],
  ['a tick that came before', [sample(1, 'a')], /expected tick 2, got 1/],
  ['a lost first part', [sample(2, 'a', { part: 1, parts: 2 })], /expected part 0 of tick 2/],
  [
    'a lost last part',
    [sample(2, 'a', { parts: 3 }), sample(3, 'b')],
    /tick 2 ended at part 1 of 3/,
  ],
  [
    'a lost middle part',
    [sample(2, 'a', { parts: 3 }), sample(2, 'b', { part: 2, parts: 3, host: null })],
    /expected part 1 of tick 2, got 2 of 3/,
  ],
  ['a tick without the host', [sample(2, 'a', { host: null })], /tick 2 came without the host/],
  ['a tick of absurd size', [sample(2, 'a', { parts: 1e9 })], /claims 1000000000 parts/],
] as const) {
  test(`${what} is said, and everything is wanted anew`, () => {
    const snapshot = synced('ab')
    const outcomes = bodies.map((body) => applySample(snapshot, body))
    const last = outcomes.at(-1)
    assert.ok(last?.kind === 'lost')
    assert.match(last.reason, reason)
    assert.equal(idsOf(snapshot), 'ab', 'what was known stays on view')
    assert.equal(applySample(snapshot, sample(4, 'z')).kind, 'ignored', 'the hole is said once')
    assert.equal(applySample(snapshot, sample(9, 'yz', { full: true })).kind, 'complete')
    assert.equal(idsOf(snapshot), 'yz')
  })
}

test('after an interruption only a full tick counts', () => {
  const snapshot = synced('ab')
  interruptSnapshot(snapshot)
  assert.equal(applySample(snapshot, sample(2, 'c')).kind, 'ignored')
  assert.equal(applySample(snapshot, sample(1, 'c', { full: true })).kind, 'complete')
  assert.equal(idsOf(snapshot), 'c')
})
