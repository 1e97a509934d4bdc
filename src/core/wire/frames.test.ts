import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createGuardDecoder,
  createWebDecoder,
  decodeFrames,
  encodeFrame,
  MAX_FRAME_BYTES,
} from './frames.ts'
import type { GuardMessage, WebMessage } from './records.ts'
import { HELLO_FIXTURE, rowFixture, sampleFixture } from './rows.fixture.ts'

function frameOf(message: GuardMessage | WebMessage): Uint8Array {
  const into = new Uint8Array(MAX_FRAME_BYTES)
  const written = encodeFrame(message, into)
  assert.ok(written.ok)
  return into.slice(0, written.value)
}

function rawFrame(type: number, body: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(body)
  const frame = Buffer.alloc(5 + bytes.length)
  frame.writeUInt32LE(1 + bytes.length, 0)
  frame[4] = type
  frame.set(bytes, 5)
  return frame
}

test('a frame is its length, its type and JSON', () => {
  const frame = frameOf({ type: 'subscribe', body: { protocol: 1, keepsEvents: false } })
  const bytes = '\x23\0\0\0\x81{"protocol":1,"keepsEvents":false}'
  assert.deepEqual(Buffer.from(frame), Buffer.from(bytes, 'latin1'))
})

test('messages of the guard come back as they were', () => {
  const messages: GuardMessage[] = [
    { type: 'hello', body: HELLO_FIXTURE },
    { type: 'sample', body: sampleFixture({ rows: [rowFixture('process:1:2')] }) },
  ]
  const decoder = createGuardDecoder()
  assert.deepEqual(decodeFrames(decoder, Buffer.concat(messages.map(frameOf))), messages)
  assert.equal(decoder.fault, null)
})

test('a message that is larger than a frame is refused before it is sent', () => {
  const into = new Uint8Array(MAX_FRAME_BYTES)
  const written = encodeFrame({ type: 'inspect', body: { id: 'é'.repeat(40_000) } }, into)
  assert.deepEqual(written, {
    ok: false,
    error: { code: 'oversized', message: 'the inspect of 40009 characters of JSON fits no frame' },
  })
})

test('the guard takes subscribe, inspect and acknowledge, and nothing else', () => {
  for (const [frame, code, message] of [
    [Buffer.from([0, 0, 0, 0]), 'empty', /without a type/],
    [Buffer.from([0xfd, 0xff, 0, 0]), 'oversized', /65537 bytes, at most 65536/],
    [Buffer.from('GET / HTTP/1.1\r\n'), 'oversized', /at most/],
    [rawFrame(1, '{}'), 'unknown-type', /expected subscribe, inspect, acknowledge, got type 1/],
    [rawFrame(129, '{"protocol":1'), 'not-json', /13 bytes/],
    [rawFrame(129, new Uint8Array([0x22, 0xff, 0x22])), 'not-json', /no JSON/],
    [rawFrame(129, '{"protocol":2}'), 'wrong-shape', /subscribe.protocol: expected 1, got 2/],
    [rawFrame(130, '[]'), 'wrong-shape', /inspect: expected object, got a list/],
    [rawFrame(131, '{"eventId":7}'), 'wrong-shape', /acknowledge.eventId: expected string, got 7/],
  ] as const) {
    const decoder = createWebDecoder()
    assert.deepEqual(decodeFrames(decoder, frame), [], String(message))
    assert.equal(decoder.fault?.code, code)
    assert.match(decoder.fault.message, message)
    const good = frameOf({ type: 'subscribe', body: { protocol: 1, keepsEvents: false } })
    assert.deepEqual(decodeFrames(decoder, good), [], 'nothing comes of a stream after its fault')
  }
})

test('a wrong row of a sample is named by its place', () => {
  const row = { ...rowFixture('a'), verdict: { ...rowFixture('a').verdict, state: 'leaky' } }
  const sample = { ...sampleFixture(), rows: [rowFixture('b'), row] }
  const decoder = createGuardDecoder()
  decodeFrames(decoder, rawFrame(2, JSON.stringify(sample)))
  assert.match(decoder.fault?.message ?? '', /^sample\.rows\.1\.verdict\.state: expected unknown/)
})
