import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextWaitMs } from './backoff.ts'

test('the wait doubles up to half a minute, and begins anew after a long life', () => {
  const waits = [0]
  for (let i = 0; i < 9; i++) waits.push(nextWaitMs(waits.at(-1) ?? 0, 1_000))
  assert.deepEqual(waits.slice(1), [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  assert.equal(nextWaitMs(30_000, 60_000), 250)
})
