import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c } from './crc32c.ts'
import { decodeHeader, encodeHeader } from './header.ts'
import { decodeBootId, decodeHostId, encodeBootId, encodeHostId } from './ids.ts'
import { queueRecord } from './queue.ts'
import { RECORD_TYPES } from './records.ts'
import { BOOT_ID, HOST_ID, openQueue } from './ring.fixture.ts'
import { readSlot, SLOT_BYTES } from './slot.ts'

/** RFC 3720, appendix B.4, and the check value of the polynomial. */
for (const [what, bytes, sum] of [
  ['"123456789"', new TextEncoder().encode('123456789'), 0xe3069283],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
] as const) {
  test(`CRC32C of ${what}`, () => assert.equal(crc32c(bytes, 0, bytes.length), sum))
}

function oneSlot(): { bytes: Uint8Array; view: DataView } {
  const queue = openQueue(1, 4, { seq: 2 ** 32 + 6, crc: 0xfeedface, event: 41 })
  const payload = new TextEncoder().encode('{"kind":"lifecycle"}')
  assert.ok(
    queueRecord(
      queue,
      RECORD_TYPES.event,
      payload,
      payload.length,
      12_345_678.91,
      1_764_080_000_123,
    ),
  )
  return { bytes: queue.memory, view: queue.view }
}

test('a slot is laid out as the format says', () => {
  const { bytes, view } = oneSlot()
  const text = (from: number, to: number) => new TextDecoder('latin1').decode(bytes.slice(from, to))
  assert.equal(text(0, 8), 'PLIMRING')
  assert.deepEqual([view.getUint16(8, true), bytes[10], bytes[11]], [1, 1, 0])
  assert.deepEqual([view.getUint16(12, true), view.getUint16(14, true)], [20, 0])
  assert.equal(view.getBigUint64(16, true), 2n ** 32n + 7n)
  assert.equal(view.getBigUint64(24, true), 12_345_678_910_000n)
  assert.equal(view.getBigUint64(32, true) / 1000n, 1_764_080_000_123_000n)
  assert.equal(Buffer.from(bytes.slice(40, 56)).toString('hex'), '0f8fad5bd9cb469fa16570867728950e')
  assert.equal(text(56, 72), HOST_ID)
  assert.deepEqual(
    [view.getUint32(72, true), view.getUint16(76, true), view.getUint16(78, true)],
    [42, 0, 1],
  )
  assert.equal(view.getBigUint64(80, true), 0n)
  assert.deepEqual([view.getUint32(88, true), view.getUint32(92, true)], [0xfeedface, 0])
  assert.equal(text(96, 116), '{"kind":"lifecycle"}')
  assert.ok(bytes.slice(116, 4088).every((byte) => byte === 0))
  assert.deepEqual(
    [view.getUint32(4088, true), view.getUint32(4092, true)],
    [7, crc32c(bytes, 0, 4092)],
  )
})

test('a slot is read as it was written', () => {
  const { bytes, view } = oneSlot()
  const slot = readSlot(bytes, view, 0)
  assert.ok(typeof slot !== 'string')
  assert.deepEqual(
    [slot.seq, slot.bootMs, slot.wallMs, slot.event],
    [2 ** 32 + 7, 12_345_678.91, 1_764_080_000_123, 42],
  )
  assert.equal(decodeBootId(slot.bootId), BOOT_ID)
  assert.equal(decodeHostId(slot.hostId), HOST_ID)
  assert.equal(new TextDecoder().decode(slot.payload), '{"kind":"lifecycle"}')
})

for (const [what, spoil, fault] of [
  ['nothing', (bytes: Uint8Array) => bytes.fill(0), 'empty'],
  ['no first sector', (bytes: Uint8Array) => bytes.fill(0, 0, 512), 'torn'],
  ['no last sector', (bytes: Uint8Array) => bytes.fill(0, 3584), 'torn'],
  ['one bit turned', (bytes: Uint8Array) => bytes.set([(bytes[2000] as number) ^ 1], 2000), 'torn'],
  ['something else', (bytes: Uint8Array) => bytes.fill(7), 'foreign'],
] as const) {
  test(`a place with ${what} is ${fault}`, () => {
    const { bytes, view } = oneSlot()
    spoil(bytes)
    assert.equal(readSlot(bytes, view, 0), fault)
  })
}

test('a whole slot of another version is foreign', () => {
  const { bytes, view } = oneSlot()
  view.setUint16(8, 2, true)
  view.setUint32(4092, crc32c(bytes, 0, 4092), true)
  assert.equal(readSlot(bytes, view, 0), 'foreign')
})

test('a header says of which ring it is', () => {
  const header = {
    slots: 1022,
    createdWallMs: 1_764_080_000_000,
    hostId: HOST_ID,
    hostName: 'höst',
  }
  const bytes = encodeHeader(header, 2)
  assert.equal(bytes.length, SLOT_BYTES)
  assert.deepEqual(decodeHeader(bytes, new DataView(bytes.buffer), 0), header)
  bytes[100] = 0
  assert.equal(decodeHeader(bytes, new DataView(bytes.buffer), 0), null)
})

test('an unknown boot and a long host name are no fault', () => {
  assert.equal(decodeBootId(encodeBootId('')), '')
  assert.equal(decodeHostId(encodeHostId('0123456789abcdefgh')), '0123456789abcdef')
})
