import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { parseRoom } from './room.ts'

function room(text: string): readonly number[] {
  const into = { totalBytes: 1, roomBytes: 1 }
  const bytes = Buffer.from(text)
  parseRoom(bytes, bytes.length, into)
  return [into.totalBytes / MIB, into.roomBytes / MIB]
}

for (const [what, text, expected] of [
  ['a plain host', 'MemTotal: 2048 kB\nMemFree: 99 kB\nMemAvailable: 1024 kB\n', [2, 1]],
  ['swap', 'MemTotal: 2048 kB\nMemAvailable: 1024 kB\nSwapFree: 512 kB\n', [2, 1.5]],
  ['huge pages', 'MemTotal: 4096 kB\nMemAvailable: 1024 kB\nHugetlb: 2048 kB\n', [2, 1]],
  [
    'names that begin alike',
    'MemTotalX: 1 kB\nSwapFreed: 1 kB\nMemTotal: 1024 kB\nMemAvailable: 0 kB\n',
    [1, 0],
  ],
  ['a kernel before 3.14', 'MemTotal: 2048 kB\nMemFree: 99 kB\n', [2, Number.NaN]],
  ['nothing', '', [Number.NaN, Number.NaN]],
] as const) {
  test(`the room of ${what}`, () => assert.deepEqual(room(text), expected))
}

test('the room of this host is within it', () => {
  const [total = 0, left = 0] = room(readFileSync('/proc/meminfo', 'utf8'))
  assert.ok(total > 0 && left > 0 && left < total * 4)
})
