import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import type { Trail, Trails } from './trails.ts'
import { drawSparkline, extendTrails, scaleLevels, trailCells } from './trails.ts'

function trailOf(levels: readonly number[]): Trail {
  const trails: Trails = new Map()
  for (const levelBytes of levels) extendTrails(trails, [rowFixture('a', { levelBytes })])
  const trail = trails.get('a')
  assert.ok(trail)
  return trail
}

const count = (to: number): number[] => Array.from({ length: to }, (_, index) => index + 1)

test('few levels have a cell each, more share one, and the newest is always there', () => {
  assert.deepEqual(trailCells(trailOf(count(3)), 8), [1, 2, 3])
  assert.deepEqual(trailCells(trailOf(count(9)), 8), [2, 4, 6, 8, 9])
  assert.deepEqual(trailCells(trailOf(count(17)), 8), [3, 6, 9, 12, 15, 17])
  assert.equal(trailCells(trailOf(count(1000)), 8).at(-1), 1000)
  assert.ok(trailCells(trailOf(count(1000)), 8).length <= 8)
})

test('the trails of what is gone are forgotten', () => {
  const trails: Trails = new Map()
  extendTrails(trails, [rowFixture('a'), rowFixture('b')])
  extendTrails(trails, [rowFixture('b')])
  assert.deepEqual([...trails.keys()], ['b'])
})

test('a line that hardly moves is drawn flat', () => {
  assert.deepEqual(scaleLevels([0, 50, 100]), [0, 0.5, 1])
  assert.deepEqual(scaleLevels([0, 0]), [0, 0])
  assert.ok(scaleLevels([1000, 1001]).every((share) => share < 0.1))
})

test('a sparkline goes from its low to its high', () => {
  assert.equal(drawSparkline(trailOf([10, 20, 30]), 8, [...'123']), '123')
  assert.equal(drawSparkline(undefined, 8, [...'123']), '')
})
