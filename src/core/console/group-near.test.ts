import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB } from '../../base/units.ts'
import { followGroups } from './group-near.ts'

for (const [what, before, roomGib, expected] of [
  ['less than what a second fills', null, 0.9, '/a'],
  ['more', null, 1.1, null],
  ['more, and it was near', '/b', 1.1, '/a'],
  ['far more, and it was near', '/b', 1.7, null],
  ['no limit', '/b', Number.POSITIVE_INFINITY, null],
  ['nothing left', null, 0, '/a'],
] as const) {
  test(`a group with ${what}: ${expected}`, () => {
    assert.equal(followGroups(before, { path: '/a', roomBytes: roomGib * GIB }, 1000), expected)
  })
}

test('no groups with a limit', () => assert.equal(followGroups('/a', undefined, 1000), null))
