import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../core/wire/records.ts'
import { findOom, groupOoms, sayOom, verdictOf } from './host-ooms.ts'

function oom(id: string, wallMs: number, verdict: unknown = 'guilty', bootId = 'a'): Event {
  return {
    id,
    hostId: 'h',
    bootId,
    bootMs: wallMs,
    wallMs,
    kind: 'oom',
    subject: null,
    reason: `${id} was killed`,
    data: { report: { verdict }, kills: 1 },
  }
}

const cases: readonly (readonly [what: string, events: Event[], groups: string[][]])[] = [
  ['none', [], []],
  ['one', [oom('x', 1)], [['x']]],
  [
    'those within five minutes are one, in whatever order they come',
    [oom('z', 500_000), oom('y', 299_999), oom('x', 0)],
    [['x', 'y', 'z']],
  ],
  ['five minutes apart are two, newest first', [oom('x', 0), oom('y', 300_000)], [['y'], ['x']]],
  ['another boot is another', [oom('x', 0), oom('y', 1, 'guilty', 'b')], [['y'], ['x']]],
]
for (const [what, events, groups] of cases) {
  test(what, () => {
    const got = groupOoms(events)
    assert.deepEqual(
      got.map((group) => group.events.map(({ id }) => id)),
      groups,
    )
  })
}

test('any event of a storm names it', () => {
  const ooms = groupOoms([oom('x', 0), oom('y', 2_000), oom('z', 900_000)])
  assert.equal(findOom(ooms, 'y')?.first.id, 'x')
  assert.equal(findOom(ooms, 'w'), undefined)
  assert.equal(findOom(ooms, null), undefined)
})

test('what it comes to in a sentence', () => {
  const [storm] = groupOoms([oom('x', 0), oom('y', 2_000), oom('z', 4_000)])
  assert.equal(storm && sayOom(storm), 'x was killed; and 2 more OOMs within 4 s')
  const [single] = groupOoms([oom('x', 0)])
  assert.equal(single && sayOom(single), 'x was killed')
})

test('a verdict that is none is unknown', () => {
  assert.equal(verdictOf(oom('x', 0, 'innocent')), 'innocent')
  assert.equal(verdictOf(oom('x', 0, '__proto__')), 'unknown')
  assert.equal(verdictOf({ ...oom('x', 0), data: {} }), 'unknown')
})
