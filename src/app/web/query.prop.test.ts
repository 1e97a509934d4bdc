import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDeployRequest, parseEventQuery, parseMarkRequest, parseSpan } from './query.ts'

const NOW_MS = 1_790_000_000_000

test('whatever an address asks for, a span is whole, bounded and in order, or refused', () => {
  const value = fc.oneof(fc.string(), fc.nat().map(String), fc.double().map(String))
  const asked = fc.dictionary(fc.constantFrom('fromMs', 'toMs', 'points'), value)
  fc.assert(
    fc.property(asked, (given) => {
      const span = parseSpan((name) => given[name], NOW_MS)
      if (!span.ok) return assert.match(span.error.message, /^(fromMs|toMs|points): expected/)
      const { fromMs, toMs, points } = span.value
      assert.ok([fromMs, toMs, points].every(Number.isSafeInteger))
      assert.ok(fromMs < toMs && points >= 2 && points <= 4_000)
    }),
  )
})

test('without anything asked for, the last hour and the newest events', () => {
  assert.deepEqual(
    parseSpan(() => undefined, NOW_MS),
    {
      ok: true,
      value: { fromMs: NOW_MS - 3_600_000, toMs: NOW_MS, points: 600 },
    },
  )
  assert.deepEqual(
    parseEventQuery(() => undefined),
    { ok: true, value: { sinceMs: 0, limit: 200 } },
  )
})

for (const [untilWallMs, isTaken] of [
  [null, true],
  [NOW_MS + 1, true],
  [NOW_MS, false],
  [8.64e15, true],
  [8.64e15 + 1, false],
] as const) {
  test(`a mark until ${untilWallMs} is ${isTaken ? 'taken' : 'refused: it is over, or no date'}`, () => {
    const body = JSON.stringify({ mark: 'muted', comment: '', untilWallMs })
    assert.equal(parseMarkRequest(body, NOW_MS).ok, isTaken)
  })
}

test('no body makes a parser throw', () => {
  const text = fc.oneof(fc.string(), fc.json())
  fc.assert(
    fc.property(text, (body) => {
      for (const parsed of [parseMarkRequest(body, NOW_MS), parseDeployRequest(body)]) {
        if (!parsed.ok) assert.equal(parsed.error.code, 'bad-request')
      }
    }),
  )
})
