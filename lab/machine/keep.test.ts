import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRoom } from './keep.ts'

for (const length of [0, 1, 1000, 100_000]) {
  test(`a flood of lines of ${length} bytes is kept to its bound`, () => {
    const hasRoom = createRoom(1_000_000)
    const kept = Array.from({ length: 100_000 }, () => hasRoom(length)).filter((isKept) => isKept)
    assert.ok(kept.length > 0)
    assert.ok(kept.length * (length + 100) <= 1_000_000, `${kept.length} lines`)
  })
}

test('a line that is too long leaves room for the next', () => {
  const hasRoom = createRoom(1000)
  assert.deepEqual([hasRoom(2000), hasRoom(100)], [false, true])
})
