import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeHeader } from './header.ts'
import { capacityOf, queueRecord, type SlotQueue } from './queue.ts'
import { RECORD_TYPES, type RecoveredRing } from './records.ts'
import { isIntact, recoverRing } from './recover.ts'
import { emptyImage, flushTo, HOST_ID, openQueue } from './ring.fixture.ts'
import { HEADER_SLOTS, SLOT_BYTES } from './slot.ts'
import { damageClauses } from './words.ts'

const SLOTS = 8

function put(queue: SlotQueue, text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  return queueRecord(queue, RECORD_TYPES.event, bytes, bytes.length, 1000, 2000)
}

function textsOf({ items }: RecoveredRing): readonly string[] {
  return items.map(({ payload }) => new TextDecoder().decode(payload))
}

/** A ring that holds the texts, each in a slot of its own. */
function ringOf(texts: readonly string[]): { image: Uint8Array; queue: SlotQueue } {
  const image = emptyImage(SLOTS)
  const queue = openQueue(4, SLOTS)
  for (const text of texts) {
    put(queue, text)
    flushTo(image, queue)
  }
  return { image, queue }
}

function placeOf(seq: number): number {
  return (HEADER_SLOTS + (seq % SLOTS)) * SLOT_BYTES
}

const WHOLE = { whole: 0, torn: 0, stale: 0, missing: 0, foreign: 0, empty: 0 }
const SIX = ['a', 'b', 'c', 'd', 'e', 'f']
const TWELVE = [...SIX, 'g', 'h', 'i', 'j', 'k', 'l']

test('an empty ring holds nothing', () => {
  const ring = recoverRing(emptyImage(SLOTS))
  assert.deepEqual([ring.slots, ring.headersWhole, ring.header?.hostName], [SLOTS, 2, 'tried'])
  assert.deepEqual([ring.counts, ring.items], [{ ...WHOLE, empty: SLOTS }, []])
})

for (const [what, texts, spoil, counts, left] of [
  ['half a lap', SIX, () => {}, { whole: 6, empty: 2 }, SIX],
  ['a lap and a half', TWELVE, () => {}, { whole: 8 }, TWELVE.slice(4)],
  [
    'a torn slot',
    SIX,
    (image: Uint8Array) => image.fill(0, placeOf(4) - 512, placeOf(4)),
    { whole: 5, torn: 1, empty: 2 },
    ['a', 'b', 'd', 'e', 'f'],
  ],
  [
    'a slot that was never written though its neighbours were',
    SIX,
    (image: Uint8Array) => image.fill(0, placeOf(3), placeOf(4)),
    { whole: 5, missing: 1, empty: 2 },
    ['a', 'b', 'd', 'e', 'f'],
  ],
  [
    'a slot that still has what it had a lap before',
    TWELVE,
    (image: Uint8Array) => {
      const before = ringOf(SIX).image
      image.set(before.subarray(placeOf(3), placeOf(4)), placeOf(11))
    },
    { whole: 7, stale: 1 },
    ['e', 'f', 'g', 'h', 'i', 'j', 'l'],
  ],
  [
    'a slot in the place of another',
    SIX,
    (image: Uint8Array) => image.copyWithin(placeOf(3), placeOf(5), placeOf(6)),
    { whole: 5, foreign: 1, empty: 2 },
    ['a', 'b', 'd', 'e', 'f'],
  ],
] as const) {
  test(`${what} is told`, () => {
    const { image } = ringOf(texts)
    spoil(image)
    const ring = recoverRing(image)
    assert.deepEqual(ring.counts, { ...WHOLE, ...counts })
    assert.deepEqual(textsOf(ring), left)
  })
}

test('the ring is read without its headers', () => {
  const { image } = ringOf(SIX)
  image.fill(9, 0, HEADER_SLOTS * SLOT_BYTES)
  const ring = recoverRing(image)
  assert.deepEqual([ring.header, ring.headersWhole, textsOf(ring)], [null, 0, SIX])
})

test('a file that ends too soon, or in a slot, is read as far as it goes', () => {
  const { image } = ringOf(SIX)
  for (const length of [0, 1, SLOT_BYTES, 3 * SLOT_BYTES - 1]) {
    assert.deepEqual(textsOf(recoverRing(image.subarray(0, length))), [])
  }
})

test('a copy that has lost its end, or has more after it, is read by what its header says', () => {
  const { image } = ringOf(TWELVE)
  const cut = recoverRing(image.subarray(0, image.length - 2 * SLOT_BYTES))
  assert.deepEqual(textsOf(cut), ['e', 'h', 'i', 'j', 'k', 'l'])
  assert.deepEqual(cut.counts, { ...WHOLE, whole: 6, missing: 2 })
  const longer = new Uint8Array(image.length + 3 * SLOT_BYTES)
  longer.set(image)
  assert.deepEqual(textsOf(recoverRing(longer)), TWELVE.slice(4))
})

test('a young ring that has lost its end is not whole, though nothing is known to be missing', () => {
  const { image } = ringOf(SIX)
  assert.deepEqual([isIntact(recoverRing(image)), damageClauses(recoverRing(image))], [true, []])
  for (const bytes of [image.length - 1, placeOf(7), HEADER_SLOTS * SLOT_BYTES]) {
    const ring = recoverRing(image.subarray(0, bytes))
    assert.equal(isIntact(ring), false)
    const cut = `the file is ${bytes.toLocaleString('en')} of 40,960 bytes, cut short`
    assert.equal(damageClauses(ring)[0], cut)
  }
})

test('a header that says more slots than any file has is not believed', () => {
  const image = emptyImage(SLOTS)
  const header = { slots: 2 ** 32 - 1, createdWallMs: 1, hostId: HOST_ID, hostName: 'tried' }
  for (const copy of [1, 2]) image.set(encodeHeader(header, copy), (copy - 1) * SLOT_BYTES)
  assert.equal(recoverRing(image).slots, SLOTS)
})

test('a record of several slots is one, or none', () => {
  const image = emptyImage(SLOTS)
  const queue = openQueue(4, SLOTS)
  const long = 'x'.repeat(9000)
  put(queue, long)
  put(queue, 'short')
  flushTo(image, queue)
  const ring = recoverRing(image)
  assert.deepEqual([textsOf(ring), ring.incomplete, ring.breaks], [[long, 'short'], 0, 0])
  image.fill(0, placeOf(2), placeOf(3))
  const torn = recoverRing(image)
  assert.deepEqual([textsOf(torn), torn.incomplete], [['short'], 1])
})

test('what finds no room is not queued, and the next record says so', () => {
  const image = emptyImage(SLOTS)
  const queue = openQueue(2, SLOTS)
  assert.equal(capacityOf(queue), 2)
  assert.deepEqual(
    [put(queue, 'a'), put(queue, 'x'.repeat(9000)), put(queue, 'b')],
    [true, false, true],
  )
  assert.equal(put(queue, 'c'), false)
  assert.equal(queue.dropped, 2)
  flushTo(image, queue)
  put(queue, 'd')
  put(queue, 'e')
  flushTo(image, queue)
  const { items } = recoverRing(image)
  assert.deepEqual(
    items.map(({ payload, isAfterLoss }) => [new TextDecoder().decode(payload), isAfterLoss]),
    [
      ['a', false],
      ['b', true],
      ['d', true],
      ['e', false],
    ],
  )
})

test('a second history in the same file breaks the chain', () => {
  const { image } = ringOf(SIX)
  const other = openQueue(4, SLOTS, { seq: 3, crc: 7, event: 3 })
  put(other, 'other')
  flushTo(image, other)
  assert.equal(recoverRing(image).breaks, 2)
})
