/**
 * @module The recorder's law: of every image that a power cut may leave, where each sector of each write
 * since the last flush is there or not, recovery yields whole records that were written and nothing else,
 * and all that was flushed, unless the ring has come round to it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { queueRecord, type RingEnd } from './queue.ts'
import { RECORD_TYPES } from './records.ts'
import { recoverRing } from './recover.ts'
import { emptyImage, openQueue, type RingWrite, SECTOR_BYTES, takeWrite } from './ring.fixture.ts'
import { readSlot, SLOT_BYTES } from './slot.ts'

const QUEUED = 4
type Op = { readonly bytes: number } | 'flush' | 'write'

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ bytes: fc.integer({ min: 0, max: 11_000 }) }) },
  { weight: 2, arbitrary: fc.constant('write' as const) },
  { weight: 1, arbitrary: fc.constant('flush' as const) },
)

interface Written {
  readonly event: number
  readonly firstSeq: number
  readonly parts: number
  readonly payload: Uint8Array
}

/** Each payload is one of its kind, so that a mixture of two is neither. */
function payloadOf(event: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, at) => (event * 37 + at * 7 + (at >> 8)) & 255)
}

/** For every sector of every loose write: whether it lands; the later write lies over the earlier. */
function cut(settled: Uint8Array, loose: readonly RingWrite[], lands: () => boolean): Uint8Array {
  const image = settled.slice()
  for (const { position, bytes } of loose) {
    for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
      if (lands()) image.set(bytes.subarray(at, at + SECTOR_BYTES), position + at)
    }
  }
  return image
}

function endOf(image: Uint8Array): RingEnd {
  const view = new DataView(image.buffer)
  let end: RingEnd = { seq: 0, crc: 0, event: 0 }
  for (let at = 2 * SLOT_BYTES; at < image.length; at += SLOT_BYTES) {
    const slot = readSlot(image, view, at)
    if (typeof slot !== 'string' && slot.seq > end.seq) end = slot
  }
  return end
}

function check(slots: number, lives: readonly (readonly Op[])[], lands: () => boolean): void {
  let image = emptyImage(slots)
  /** All that was ever handed to the disk, by the number of its first slot and its content. */
  const written: Written[] = []
  const flushed = new Set<Written>()
  for (const ops of lives) {
    const queue = openQueue(QUEUED, slots, endOf(image))
    const loose: RingWrite[] = []
    const looseRecords = new Set<Written>()
    const drain = (): void => {
      for (let write = takeWrite(queue); write !== undefined; write = takeWrite(queue)) {
        loose.push(write)
      }
    }
    for (const each of ops) {
      if (each === 'write') drain()
      else if (each === 'flush') {
        drain()
        image = cut(image, loose, () => true)
        loose.length = 0
        for (const record of looseRecords) flushed.add(record)
        looseRecords.clear()
      } else {
        const payload = payloadOf(written.length, each.bytes)
        const firstSeq = queue.head.seq + 1
        if (!queueRecord(queue, RECORD_TYPES.event, payload, payload.length, 1, 2)) {
          drain()
          continue
        }
        const { event, parts } = queue.head
        const record = { event, firstSeq, parts, payload }
        written.push(record)
        looseRecords.add(record)
      }
    }
    drain()
    image = cut(image, loose, lands)

    const { items, counts } = recoverRing(image)
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      slots,
    )
    assert.equal(counts.foreign, 0)
    for (const item of items) {
      const isWritten = written.some(
        ({ event, firstSeq, payload }) =>
          event === item.event &&
          firstSeq === item.seq &&
          Buffer.compare(payload, item.payload) === 0,
      )
      assert.ok(isWritten, `record ${item.event} at ${item.seq} was never written`)
    }
    const overwritten = new Set(
      loose.flatMap(({ position, bytes }) =>
        Array.from({ length: bytes.length / SLOT_BYTES }, (_, i) => position / SLOT_BYTES + i),
      ),
    )
    for (const record of flushed) {
      const places = Array.from(
        { length: record.parts },
        (_, i) => 2 + ((record.firstSeq + i) % slots),
      )
      if (places.some((place) => overwritten.has(place))) flushed.delete(record)
      else if (queue.head.seq - record.firstSeq >= slots) flushed.delete(record)
      else
        assert.ok(items.some(({ seq, event }) => seq === record.firstSeq && event === record.event))
    }
  }
}

test('whatever of the unflushed writes is lost or torn, what was flushed is whole', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: QUEUED + 1, max: 12 }),
      fc.array(fc.array(op, { maxLength: 25 }), { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.boolean()),
      (slots, lives, lands) => check(slots, lives, () => lands.next().value as boolean),
    ),
    { numRuns: 300 },
  )
})
