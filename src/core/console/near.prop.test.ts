import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GIB, MIB } from '../../base/units.ts'
import { createNearness, followRoom, lineBytes } from './near.ts'

const TOTAL = fc.integer({ min: 64, max: 2_000_000 }).map((mib) => mib * MIB)
/** Steps in time, and the room as a share of memory. */
const LOOKS = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true })),
  {
    minLength: 1,
    maxLength: 200,
  },
)

test('enter and leave take turns, and leave comes above the line alone', () => {
  fc.assert(
    fc.property(TOTAL, LOOKS, (total, looks) => {
      const near = createNearness()
      let wasNear = false
      let atMs = 0
      for (const [stepMs, share] of looks) {
        atMs += stepMs
        const room = share * total
        const change = followRoom(near, atMs, room, total)
        if (change !== null) assert.equal(change, wasNear ? 'leave' : 'enter')
        wasNear = near.isNear
        if (room < lineBytes(total)) assert.ok(near.isNear, 'below the line it is near')
        if (change === 'leave') assert.ok(room > (lineBytes(total) * 5) / 3)
        assert.ok(near.nextPollMs >= 20 && near.nextPollMs <= 1000)
      }
    }),
  )
})

test('between the line and five thirds of it nothing changes that stands still', () => {
  const between = fc.double({ min: 1.0001, max: 5 / 3 - 0.0001, noNaN: true })
  fc.assert(
    fc.property(TOTAL, between, fc.boolean(), (total, lines, isNear) => {
      const near = createNearness(isNear)
      const room = lines * lineBytes(total)
      for (let atMs = 0; atMs < 5000; atMs += 100) {
        assert.equal(followRoom(near, atMs, room, total), null)
      }
    }),
  )
})

test('the less room there is, the sooner it looks again', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(TOTAL, share, share, (total, a, b) => {
      const poll = (room: number): number => {
        const near = createNearness()
        return followRoom(near, 0, room * total, total) === 'enter' ? 0 : near.nextPollMs
      }
      const [less, more] = [Math.min(a, b), Math.max(a, b)]
      assert.ok(poll(less) <= poll(more))
    }),
  )
})

test('a leak as fast as 4 GiB/s is seen with room left for more than a look', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2048, max: 2_000_000 }), (mib) => {
      const total = mib * MIB
      const near = createNearness()
      let atMs = 0
      let room = total
      while (followRoom(near, atMs, room, total) !== 'enter') {
        atMs += near.nextPollMs
        room = Math.max(0, room - (near.nextPollMs / 1000) * 4 * GIB)
      }
      assert.ok(room > lineBytes(total) - (25 / 1000) * 4 * GIB, `${room} of ${total}`)
    }),
  )
})
