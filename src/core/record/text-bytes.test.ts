import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { putAscii, putWhole, type TextBytes } from './text-bytes.ts'

function written(bytes: number, write: (text: TextBytes) => void): string {
  const text = { bytes: new Uint8Array(bytes), length: 0 }
  write(text)
  return new TextDecoder().decode(text.bytes.subarray(0, text.length))
}

test('every whole number is written as it is', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      assert.equal(
        written(20, (text) => putWhole(text, value)),
        String(value),
      )
    }),
  )
})

for (const [value, expected] of [
  [0, '0'],
  [-0.5, '0'],
  [1.9, '1'],
  [Number.NaN, '-'],
  [Number.POSITIVE_INFINITY, '-'],
] as const) {
  test(`${value} is written as ${expected}`, () =>
    assert.equal(
      written(20, (text) => putWhole(text, value)),
      expected,
    ))
}

test('what cannot be printed is a question mark, and what finds no room is left out', () => {
  assert.equal(
    written(9, (text) => putAscii(text, 'a\n\u001bé b~cdefg')),
    'a??? b~cd',
  )
})
