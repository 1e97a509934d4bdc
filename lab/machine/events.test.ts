import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseGuestEvent } from './events.ts'

for (const [line, event] of [
  ['{"event":"stall","atMs":1.5,"name":"a"}', { event: 'stall', atMs: 1.5, name: 'a' }],
  ['{"event":1}', undefined],
  ['{"atMs":1}', undefined],
  ['null', undefined],
  ['', undefined],
  ['{"event":"sta', undefined],
  ['Kernel panic - not syncing', undefined],
] as const) {
  test(`an event line: ${line}`, () => assert.deepEqual(parseGuestEvent(line), event))
}
