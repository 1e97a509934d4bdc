import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bookBytes, bytesDue, createPace, MAX_CREDIT_MS } from './line-pace.ts'

const steps = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 500 })
const baud = fc.constantFrom(300, 9600, 19_200, 115_200)

test('a line that always has something to carry carries a tenth of its baud rate', () => {
  fc.assert(
    fc.property(steps, baud, (pauses, rate) => {
      const pace = createPace(rate, 0)
      let nowMs = 0
      let carried = 0
      for (const pause of pauses) {
        nowMs += pause
        const due = bytesDue(pace, nowMs)
        bookBytes(pace, due)
        carried += due
      }
      const exact = (nowMs * rate) / 10_000
      assert.ok(carried <= exact + 1e-6 && carried > exact - 1.000001, `${carried} of ${exact}`)
    }),
  )
})

test('a line never carries more than its rate, however little there was before', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(200), { maxLength: 500 }), baud, (pauses, offers, rate) => {
      const pace = createPace(rate, 0)
      let nowMs = 0
      let carried = 0
      pauses.forEach((pause, i) => {
        nowMs += pause
        const due = bytesDue(pace, nowMs)
        const got = Math.min(due, offers[i] ?? 0)
        bookBytes(pace, got)
        carried += got
      })
      assert.ok(carried <= (nowMs * rate) / 10_000 + 1e-6)
    }),
  )
})

test('a line that was idle catches up no more than a reader that was late', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), baud, (idleMs, rate) => {
      const pace = createPace(rate, 0)
      bytesDue(pace, idleMs)
      bookBytes(pace, 0)
      assert.ok(bytesDue(pace, idleMs) <= Math.max(1, (MAX_CREDIT_MS * rate) / 10_000))
    }),
  )
})

test('a reader that is late, or finds a part, carries the rate all the same', () => {
  const late = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 500 })
  const share = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { maxLength: 500 })
  fc.assert(
    fc.property(late, share, baud, (pauses, shares, rate) => {
      const pace = createPace(rate, 0)
      let nowMs = 0
      let carried = 0
      pauses.forEach((pause, i) => {
        nowMs += pause
        const got = Math.ceil(bytesDue(pace, nowMs) * (shares[i] ?? 1))
        bookBytes(pace, got)
        carried += got
      })
      const exact = (nowMs * rate) / 10_000
      assert.ok(carried >= exact - (MAX_CREDIT_MS * rate) / 10_000 - 1.000001)
    }),
  )
})
