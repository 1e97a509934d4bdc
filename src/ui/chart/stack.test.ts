import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Layer } from './stack.ts'
import { mixColours, stackColumns, stackLayers, stackSeries } from './stack.ts'

const LAYERS: readonly Layer[] = [
  { kind: 'anon', label: 'anonymous', bytes: [1, 2, null, null] },
  { kind: 'file', label: 'page cache', bytes: [10, null, 30, null] },
]

test('layers sum up from the bottom; what no layer knows is a gap', () => {
  assert.deepEqual(stackLayers(LAYERS), [
    [1, 2, null, null],
    [11, 2, 30, null],
  ])
  assert.deepEqual(stackLayers([]), [])
})

test('the highest sum is drawn first, so that the lower ones cover it', () => {
  const series = stackSeries(LAYERS, '#ffffff', ({ light }) => light)
  assert.deepEqual(
    series.map(({ label }) => label),
    ['page cache', 'anonymous'],
  )
  assert.deepEqual(stackColumns(LAYERS)[0], [11, 2, 30, null])
})

for (const [ink, surface, share, mixed] of [
  ['#000000', '#ffffff', 0, '#ffffff'],
  ['#000000', '#ffffff', 1, '#000000'],
  ['#ff0000', '#0000ff', 0.5, '#800080'],
  ['#010203', '#010203', 0.72, '#010203'],
] as const) {
  test(`${ink} on ${surface} to ${share}`, () => {
    assert.equal(mixColours(ink, surface, share), mixed)
  })
}
