import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseByteCount, parsePositive } from './options.ts'

const SIZES: readonly (readonly [text: string, bytes: number])[] = [
  ['67108864', 67108864],
  ['64MiB', 67108864],
  ['1.5GiB', 1610612736],
  ['1KiB', 1024],
]

test('a size is a count of bytes with or without an IEC unit', () => {
  for (const [text, bytes] of SIZES) assert.equal(parseByteCount('--bound', text), bytes)
})

test('what is no size is refused with its option and what was got', () => {
  for (const text of ['', '0', '-1', '64MB', '1e9', '0.5', 'MiB', '64 MiB', 'NaN']) {
    assert.throws(() => parseByteCount('--bound', text), {
      code: 'PLM_USAGE',
      message: `--bound expects bytes or a size such as 64MiB or 1GiB, got ${JSON.stringify(text)}`,
    })
  }
})

test('a pace is a number above 0', () => {
  assert.equal(parsePositive('--rate', '0.25'), 0.25)
  for (const text of ['', ' ', '0', '-2', 'fast', 'Infinity']) {
    assert.throws(() => parsePositive('--rate', text), { code: 'PLM_USAGE' })
  }
})
