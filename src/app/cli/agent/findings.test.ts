import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeakState } from '../../../core/leak/records.ts'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import type { Told } from './findings.ts'
import { findNews } from './findings.ts'

const ID = 'process:4121:777'

/** The states that are told when one process goes through `states`; `null`: it is gone. */
function tell(states: readonly (LeakState | null)[]): (LeakState | null)[][] {
  const told: Told = new Map()
  return states.map((state) => {
    const row = rowFixture(ID, { name: 'leaky', pid: 4121 })
    const rows = state === null ? [] : [{ ...row, verdict: { ...row.verdict, state } }]
    return findNews(new Map(rows.map((each) => [each.id, each])), told).map((each) => each.state)
  })
}

for (const [what, states, news] of [
  ['nothing is said of what is steady', ['unknown', 'steady', 'growing'], [[], [], []]],
  [
    'each step up is told once',
    ['suspected', 'suspected', 'confirmed', 'confirmed'],
    [['suspected'], [], ['confirmed'], []],
  ],
  ['an alarm that is over is told', ['confirmed', 'harmless'], [['confirmed'], ['harmless']]],
  ['an alarm that wavers is not', ['confirmed', 'suspected', 'confirmed'], [['confirmed'], [], []]],
  [
    'a suspicion that comes and goes is told once',
    ['suspected', 'growing', 'suspected', 'steady'],
    [['suspected'], [], [], []],
  ],
  ['a leak that ended is told', ['confirmed', null, null], [['confirmed'], [null], []]],
  ['a suspicion that ended is not', ['suspected', null], [['suspected'], []]],
  [
    'what leaks again is told again',
    ['confirmed', 'harmless', 'confirmed'],
    [['confirmed'], ['harmless'], ['confirmed']],
  ],
] as const) {
  test(what, () => assert.deepEqual(tell(states), news))
}

test('a leak is one finding, not one of its service too', () => {
  const process = rowFixture(ID, { serviceId: 'service:leaky.service' })
  const service = rowFixture('service:leaky.service', { kind: 'service', pid: null })
  const rows = [process, service].map((row) => ({
    ...row,
    verdict: { ...row.verdict, state: 'confirmed' as const },
  }))
  const news = findNews(new Map(rows.map((row) => [row.id, row])), new Map())
  assert.deepEqual(
    news.map((each) => each.subjectId),
    [ID],
  )
})
