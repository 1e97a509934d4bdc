import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SLAB_BYTES } from '../../core/leak/ladder.ts'
import { restoreSeries } from './resume.ts'
import type { SeriesIndex } from './series-index.ts'
import { createSeriesIndex, releaseSlot, takeSlot } from './series-index.ts'

function restored(capacity: number, keys: readonly string[]): SeriesIndex {
  const index = createSeriesIndex(capacity)
  const saved = keys.map((key) => ({ key, slab: new Uint8Array(SLAB_BYTES) }))
  assert.equal(restoreSeries(index, saved, true), Math.min(capacity, keys.length))
  return index
}

test('a subject keeps its slot; one that is given back is used again', () => {
  const index = createSeriesIndex(2)
  assert.deepEqual([takeSlot(index, 'a'), takeSlot(index, 'b'), takeSlot(index, 'a')], [0, 1, 0])
  assert.equal(takeSlot(index, 'c'), -1)
  releaseSlot(index, 'a')
  assert.equal(takeSlot(index, 'c'), 0)
  assert.deepEqual(index.keys, ['c', 'b'])
})

test('what was restored and is nobody gives way to who lives', () => {
  const index = restored(3, ['dead-1', 'alive', 'dead-2', 'no room'])
  assert.equal(takeSlot(index, 'alive'), 1)
  assert.equal(takeSlot(index, 'new-1'), 0)
  assert.equal(takeSlot(index, 'new-2'), 2)
  assert.equal(takeSlot(index, 'new-3'), -1)
  assert.deepEqual(index.keys, ['new-1', 'alive', 'new-2'])
})
