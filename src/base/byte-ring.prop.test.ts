import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createByteRing, dropBytes, peekBytes, pushBytes } from './byte-ring.ts'

test('bytes come out as they went in, and never more than fit', () => {
  const step = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.integer({ min: 0, max: 12 }))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.array(step), (capacity, steps) => {
      const ring = createByteRing(new Uint8Array(capacity))
      const model: number[] = []
      for (const each of steps) {
        if (typeof each === 'number') {
          dropBytes(ring, each)
          model.splice(0, each)
        } else {
          const fits = model.length + each.length <= capacity
          assert.equal(pushBytes(ring, each), fits)
          if (fits) model.push(...each)
        }
        assert.equal(ring.queuedBytes, model.length)
        const seen = [...peekBytes(ring)]
        assert.deepEqual(seen, model.slice(0, seen.length))
        assert.equal(seen.length === 0, model.length === 0)
      }
    }),
  )
})
