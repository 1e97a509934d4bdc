import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Verdict } from '../../core/leak/records.ts'
import { rowFixture } from '../../core/wire/rows.fixture.ts'
import { limitLevelOf, outlookBounds, outlookOf } from './trend.ts'

const CLOCKS = { bootMs: 1_000_000, wallMs: 1_790_000_000_000 }
const LEAK: Partial<Verdict> = {
  state: 'confirmed',
  rateBytesPerSec: 10,
  sinceSec: 900,
  etaSec: 500,
  etaLowSec: 400,
  etaHighSec: 600,
}

function rowWith(changed: Partial<Verdict>) {
  const row = rowFixture('process:1:1', {
    levelBytes: 3_000,
    limit: { kind: 'cgroup', headroomBytes: 5_000 },
  })
  return { ...row, verdict: { ...row.verdict, ...LEAK, ...changed } }
}

test('a trend goes through now, from the onset to the limit, with its interval', () => {
  const { wallMs } = CLOCKS
  assert.deepEqual(outlookOf(rowWith({}), CLOCKS), {
    onset: { wallMs: wallMs - 100_000, bytes: 2_000 },
    now: { wallMs, bytes: 3_000 },
    end: { wallMs: wallMs + 500_000, bytes: 8_000 },
    earliest: { wallMs: wallMs + 400_000, bytes: 8_000 },
    latest: { wallMs: wallMs + 600_000, bytes: 8_000 },
    limitBytes: 8_000,
  })
  assert.equal(limitLevelOf(rowWith({})), 8_000)
})

for (const [what, changed] of [
  ['nothing grows', { rateBytesPerSec: null }],
  ['it shrinks', { rateBytesPerSec: -3 }],
  ['no end is in sight', { etaSec: null }],
  ['nobody knows since when', { sinceSec: null }],
] as const) {
  test(`no trend where ${what}`, () => assert.equal(outlookOf(rowWith(changed), CLOCKS), null))
}

test('no trend without a limit', () => {
  assert.equal(outlookOf({ ...rowWith({}), limit: null }, CLOCKS), null)
})

test('an onset is never ahead, a level never below nothing, an end never beyond two years', () => {
  const ahead = outlookOf(rowWith({ sinceSec: 2_000 }), CLOCKS)
  assert.equal(ahead?.onset.wallMs, CLOCKS.wallMs)
  assert.equal(outlookOf(rowWith({ sinceSec: 0 }), CLOCKS)?.onset.bytes, 0)
  const far = outlookOf(rowWith({ etaSec: 1e12, etaHighSec: null }), CLOCKS)
  assert.equal(far?.end.wallMs, CLOCKS.wallMs + 2 * 365 * 86_400_000)
  assert.equal(far?.latest, null)
})

test('the picture holds onset and cone; a cone that never ends is cut', () => {
  for (const changed of [{}, { etaHighSec: null }, { etaHighSec: 1e6 }]) {
    const outlook = outlookOf(rowWith(changed), CLOCKS)
    assert.ok(outlook)
    const { fromMs, toMs } = outlookBounds(outlook)
    assert.ok(fromMs < outlook.onset.wallMs && toMs > outlook.end.wallMs)
    assert.ok(toMs - CLOCKS.wallMs <= 3 * 500_000 * 1.06)
  }
})
