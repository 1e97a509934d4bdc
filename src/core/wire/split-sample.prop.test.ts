import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeFrame, MAX_FRAME_BYTES } from './frames.ts'
import type { SubjectRow } from './records.ts'
import { HOST_FIXTURE, rowFixture } from './rows.fixture.ts'
import { jsonStringBytes, splitSample } from './split-sample.ts'

const text = fc.string({ unit: 'binary', maxLength: 60 })

test('the size of a string as JSON is never estimated too small', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (codes) => {
      const string = String.fromCharCode(...codes)
      assert.ok(jsonStringBytes(string) >= Buffer.byteLength(JSON.stringify(string)))
    }),
  )
})

test('every part fits a frame, and together they are the tick', () => {
  const row: fc.Arbitrary<SubjectRow> = fc
    .tuple(text, text, fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map(([name, cgroup, level]) =>
      rowFixture(`cgroup:${cgroup}`, { name, cgroup, unit: name, levelBytes: level }),
    )
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 20 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(text),
      (some, repeat, gone) => {
        const rows = Array.from({ length: repeat }, () => some).flat()
        const sample = { tick: 7, full: true, host: HOST_FIXTURE, rows, gone }
        const { parts, dropped } = splitSample(sample)
        const into = new Uint8Array(MAX_FRAME_BYTES)
        for (const body of parts) assert.ok(encodeFrame({ type: 'sample', body }, into).ok)
        assert.equal(dropped, 0)
        assert.deepEqual(
          parts.flatMap((part) => part.rows),
          rows,
        )
        assert.deepEqual(
          parts.flatMap((part) => part.gone),
          gone,
        )
        assert.deepEqual(
          parts.map(({ part, parts, host }) => [part, parts, host !== null]),
          parts.map((_, index) => [index, parts.length, index === 0]),
        )
      },
    ),
    { numRuns: 50 },
  )
})

test('figures with the longest digits fit as well', () => {
  const verdict = Object.fromEntries(
    Object.entries(rowFixture('a').verdict).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : -1.7976931348623157e308,
    ]),
  )
  const longest = { ...rowFixture('a'), verdict } as unknown as SubjectRow
  const row = { ...longest, levelBytes: -1.7976931348623157e308, fds: -1.7976931348623157e308 }
  const rows = Array.from({ length: 500 }, () => row)
  const { parts } = splitSample({ tick: 1, full: true, host: HOST_FIXTURE, rows, gone: [] })
  const into = new Uint8Array(MAX_FRAME_BYTES)
  for (const body of parts) assert.ok(encodeFrame({ type: 'sample', body }, into).ok)
})

test('a row too long for any frame is left out and counted', () => {
  const rows = [rowFixture('a'), rowFixture('b', { name: 'n'.repeat(70_000) }), rowFixture('c')]
  const split = splitSample({ tick: 1, full: false, host: HOST_FIXTURE, rows, gone: [] })
  assert.equal(split.dropped, 1)
  assert.deepEqual(
    split.parts.flatMap((part) => part.rows.map(({ id }) => id)),
    ['a', 'c'],
  )
})
