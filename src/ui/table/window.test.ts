import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { windowOf } from './window.ts'

for (const [what, [topPx, heightPx, rowPx, count], expected] of [
  ['at the top', [0, 400, 40, 1_000], { first: 0, end: 16 }],
  ['below a heading', [200, 400, 40, 1_000], { first: 0, end: 11 }],
  ['half-way', [-4_000, 400, 40, 1_000], { first: 94, end: 116 }],
  ['at the end', [-39_600, 400, 40, 1_000], { first: 984, end: 1_000 }],
  ['a table that became shorter', [-39_600, 400, 40, 10], { first: 9, end: 10 }],
  ['none', [0, 400, 40, 0], { first: 0, end: 0 }],
] as const) {
  test(`rows in sight ${what}`, () => {
    assert.deepEqual(windowOf(topPx, heightPx, rowPx, count), expected)
  })
}

test('whatever is scrolled, rows in sight are few, in order and there', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 10_000 }),
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: 20, max: 120 }),
      fc.integer({ min: 0, max: 10_000 }),
      (topPx, heightPx, rowPx, count) => {
        const { first, end } = windowOf(topPx, heightPx, rowPx, count)
        assert.ok(first >= 0 && end <= count && first <= end)
        assert.ok(end - first <= heightPx / rowPx + 15)
        for (let row = 0; row < count; row += Math.max(1, Math.floor(count / 50))) {
          const y = topPx + row * rowPx
          if (y >= 0 && y + rowPx <= heightPx) assert.ok(row >= first && row < end)
        }
      },
    ),
  )
})
