import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createConsoleReader } from './console-text.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test('a line is told once it has wholly arrived, with its bytes on the wire', () => {
  const reader = createConsoleReader()
  assert.deepEqual(reader.push(1, bytes('[ 1.0] a')), [])
  assert.deepEqual(reader.push(2, bytes('b\r')), [])
  assert.deepEqual(reader.push(3, bytes('\n[ 1.1] c\r\n[')), [
    { atMs: 3, text: '[ 1.0] ab', wireBytes: 11 },
    { atMs: 3, text: '[ 1.1] c', wireBytes: 10 },
  ])
  assert.equal(reader.rest(), '[')
})

test('a line without an end is cut, so that a broken machine fills nothing', () => {
  const reader = createConsoleReader()
  const lines = Array.from({ length: 20 }, () => reader.push(0, bytes('x'.repeat(1000)))).flat()
  assert.ok(lines.length > 0)
  assert.ok(reader.rest().length <= 8192)
  const sum = lines.reduce((total, line) => total + line.wireBytes, 0)
  assert.equal(sum + reader.rest().length, 20_000)
})
