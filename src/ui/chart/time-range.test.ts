import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundsOf, fitBounds, parseRange, RANGES } from './time-range.ts'

const parse = (search: string) => parseRange(new URLSearchParams(search))
const QUARTER_MS = 900_000

for (const [search, expected] of [
  ['', { kind: 'last', key: '15m', lengthMs: QUARTER_MS }],
  ['range=2w', { kind: 'last', key: '2w', lengthMs: 14 * 86_400_000 }],
  ['range=3w', { kind: 'last', key: '15m', lengthMs: QUARTER_MS }],
  ['from=1000&to=2000', { kind: 'fixed', fromMs: 1_000, toMs: 2_000 }],
  ['from=2000&to=1000&range=1h', { kind: 'last', key: '1h', lengthMs: 3_600_000 }],
  ['from=1e300&to=1e301', { kind: 'last', key: '15m', lengthMs: QUARTER_MS }],
  ['from=x&to=y', { kind: 'last', key: '15m', lengthMs: QUARTER_MS }],
] as const) {
  test(`?${search} is a part of time`, () => assert.deepEqual(parse(search), expected))
}

test('what follows the present ends with the last sample; what is fixed stays', () => {
  assert.deepEqual(boundsOf(parse('range=1h'), 5_000_000), { fromMs: 1_400_000, toMs: 5_000_000 })
  const { fromMs, toMs } = boundsOf(parse('from=1000&to=2000'), 5_000_000)
  assert.deepEqual([fromMs, toMs], [1_000, 2_000])
})

test('the shortest range begins with the first sample, and is a minute at least', () => {
  const toMs = 5_000_000
  const from = (search: string, firstMs?: number) => fitBounds(parse(search), toMs, firstMs).fromMs
  assert.equal(from('', 4_800_000), 4_800_000)
  assert.equal(from('', 4_999_000), 4_940_000)
  assert.equal(from('', 1_000), toMs - QUARTER_MS)
  assert.equal(from(''), toMs - QUARTER_MS)
  assert.equal(from('range=1h', 4_800_000), 1_400_000)
  assert.equal(from('from=1000&to=2000', 1_500), 1_000)
})

test('ranges reach from a quarter of an hour to two weeks, each longer than the last', () => {
  const lengths = RANGES.map(({ lengthMs }) => lengthMs)
  assert.deepEqual([lengths[0], lengths.at(-1)], [QUARTER_MS, 14 * 86_400_000])
  assert.deepEqual(
    lengths,
    [...lengths].sort((a, b) => a - b),
  )
})
