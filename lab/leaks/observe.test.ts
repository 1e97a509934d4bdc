import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import { observationOf, rowAt } from './observation.fixture.ts'
import { isReplaced, measureRate } from './observe.ts'
import type { MemberFigures } from './sample.ts'

function members(...sizes: readonly (readonly [pid: number, mib: number])[]): MemberFigures[] {
  return sizes.map(([pid, mib]) => ({ ...rowAt(0, mib * MIB), pid }))
}

const REPLACEMENTS: readonly {
  readonly title: string
  readonly before: MemberFigures[]
  readonly after: MemberFigures[]
  readonly replaced: boolean
}[] = [
  { title: 'the first sample', before: [], after: members([1, 1]), replaced: false },
  {
    title: 'the worker and its successor',
    before: members([1, 1], [2, 200]),
    after: members([1, 1], [3, 2]),
    replaced: true,
  },
  {
    title: 'a worker that ended, and none in its place',
    before: members([1, 1], [2, 200]),
    after: members([1, 1]),
    replaced: false,
  },
  {
    title: 'a short-lived child beside the one that holds the memory',
    before: members([1, 80], [2, 80], [3, 80]),
    after: members([1, 80], [3, 80], [4, 80]),
    replaced: false,
  },
  {
    title: 'one more worker',
    before: members([1, 1], [2, 200]),
    after: members([1, 1], [2, 200], [3, 2]),
    replaced: false,
  },
]

for (const { title, before, after, replaced } of REPLACEMENTS) {
  test(`${title} is ${replaced ? 'a' : 'no'} replacement`, () => {
    assert.equal(isReplaced(before, after), replaced)
  })
}

function isNear(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && Math.abs(actual / expected - 1) < 1e-6, `${actual}`)
}

test('the rate counts from the onset on', () => {
  const late = observationOf('leak-late', (tSec) => (50 + 10 * Math.max(0, tSec - 40)) * MIB)
  isNear(measureRate(late), 10 * MIB)
})

test('the rate of a service is that of its last process', () => {
  const service = observationOf('leak-worker', (tSec) => 9 * MIB * (tSec < 35 ? tSec : tSec - 35))
  isNear(measureRate({ ...service, startsSec: [35] }), 9 * MIB)
})

test('a leak that was hardly seen has no rate', () => {
  const late = observationOf('leak-late', () => MIB)
  assert.equal(measureRate({ ...late, rows: late.rows.slice(0, 82) }), undefined)
})
