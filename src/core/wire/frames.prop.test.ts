import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createGuardDecoder,
  createWebDecoder,
  decodeFrames,
  encodeFrame,
  MAX_FRAME_BYTES,
} from './frames.ts'
import type { WebMessage } from './records.ts'

const plain = { noNullPrototype: true }
const message: fc.Arbitrary<WebMessage> = fc.oneof(
  fc.constant({ type: 'subscribe', body: { protocol: 1, keepsEvents: false } } as const),
  fc.record(
    {
      type: fc.constant('inspect' as const),
      body: fc.record({ id: fc.string({ unit: 'grapheme' }) }, plain),
    },
    plain,
  ),
  fc.record(
    {
      type: fc.constant('acknowledge' as const),
      body: fc.record({ eventId: fc.string() }, plain),
    },
    plain,
  ),
)

function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let at = 0
  for (let i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    chunks.push(stream.subarray(at, at + size))
    at += size
  }
  return chunks
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })

test('however a stream is cut, the same messages come of it', () => {
  fc.assert(
    fc.property(fc.array(message), sizes, (messages, cuts) => {
      const into = new Uint8Array(MAX_FRAME_BYTES)
      const frames = messages.map((each) => {
        const written = encodeFrame(each, into)
        assert.ok(written.ok)
        return into.slice(0, written.value)
      })
      const decoder = createWebDecoder()
      const decoded = cut(Buffer.concat(frames), cuts).flatMap((chunk) =>
        decodeFrames(decoder, chunk),
      )
      assert.deepEqual(decoded, messages)
      assert.equal(decoder.fault, null)
    }),
  )
})

test('no bytes make a decoder throw, and how they are cut does not matter', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Plausible lengths and types, so that bodies are reached as well.
    fc.array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 129, 130, 131, 200), fc.json())).map((frames) =>
      Buffer.concat(
        frames.map(([type, json]) => {
          const body = Buffer.from(json)
          const header = Buffer.alloc(5)
          header.writeUInt32LE(body.length + 1)
          header[4] = type
          return Buffer.concat([header, body])
        }),
      ),
    ),
  )
  fc.assert(
    fc.property(bytes, sizes, (stream, cuts) => {
      for (const create of [createWebDecoder, createGuardDecoder]) {
        const [whole, pieces] = [create(), create()]
        const atOnce = decodeFrames<unknown>(whole, stream)
        const piecewise = cut(stream, cuts).flatMap((c) => [...decodeFrames<unknown>(pieces, c)])
        assert.deepEqual(piecewise, atOnce)
        assert.deepEqual(pieces.fault, whole.fault)
      }
    }),
  )
})
