import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clipToWidth } from './draw-trend.ts'

for (const [what, from, to, expected] of [
  [
    'within',
    [10, 5],
    [20, 6],
    [
      [10, 5],
      [20, 6],
    ],
  ],
  [
    'to far ahead',
    [50, 0],
    [1_000_050, 1_000_000],
    [
      [50, 0],
      [100, 50],
    ],
  ],
  [
    'from long ago',
    [-100, 0],
    [100, 200],
    [
      [0, 100],
      [100, 200],
    ],
  ],
  [
    'over all of it',
    [-100, 0],
    [300, 400],
    [
      [0, 100],
      [100, 200],
    ],
  ],
  [
    'upright',
    [10, 5],
    [10, 9],
    [
      [10, 5],
      [10, 9],
    ],
  ],
  ['before it', [-100, 0], [-1, 5], []],
  ['after it', [101, 0], [500, 5], []],
] as const) {
  test(`a line ${what} is drawn as far as it is in sight`, () => {
    const [a, b] = [from, to].map(([x, y]) => ({ x, y }))
    assert.deepEqual(
      clipToWidth(a!, b!, 0, 100).map(({ x, y }) => [x, y]),
      expected,
    )
  })
}
