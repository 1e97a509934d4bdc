import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEventMaker } from './event-maker.ts'

const IDENTITY = { hostId: 'h', hostName: 'db1', bootId: '0b1c2d3e-0000-4000-8000-000000000000' }
const WHAT = { kind: 'lifecycle', subject: null, reason: 'deployed', data: {} } as const

test('ids go up within a boot, and are none of the numbers that the guard begins with', () => {
  const makeEvent = createEventMaker(IDENTITY)
  const ids = [100.9, 100.9, 50, 101].map((bootMs) => makeEvent(WHAT, bootMs, 1).id)
  assert.deepEqual(ids, [
    '0b1c2d3e-100500',
    '0b1c2d3e-100501',
    '0b1c2d3e-100502',
    '0b1c2d3e-101500',
  ])
})
