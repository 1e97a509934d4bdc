import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Verdict } from '../leak/records.ts'
import { rowFixture } from './rows.fixture.ts'
import { compareWorst } from './worst-first.ts'

test('leaks come first, the soonest exhausted of them first, then the largest', () => {
  const row = (id: string, levelBytes: number, verdict: Partial<Verdict>) => {
    const plain = rowFixture(id, { levelBytes })
    return { ...plain, verdict: { ...plain.verdict, ...verdict } }
  }
  const rows = [
    row('small', 1, {}),
    row('harmless', 2, { state: 'harmless' }),
    row('huge', 9, {}),
    row('growing', 1, { state: 'growing' }),
    row('late', 5, { state: 'confirmed', etaSec: 900 }),
    row('never', 6, { state: 'confirmed' }),
    row('soon', 1, { state: 'confirmed', etaSec: 60 }),
    row('suspect', 1, { state: 'suspected', etaSec: 1 }),
  ]
  assert.deepEqual(
    rows.sort(compareWorst).map((each) => each.id),
    ['soon', 'late', 'never', 'suspect', 'growing', 'huge', 'harmless', 'small'],
  )
})
