import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LabelledTrace } from '../../lab/traces/labelled.ts'
import { DAY_SEC } from '../../src/base/units.ts'
import type { Detection } from '../../src/core/leak/records.ts'
import { explainMiss } from './report.ts'
import { scoreTrace } from './score.ts'
import { summarize } from './summary.ts'

/** A day by the second thousandth: 100 bytes, and from the middle on, where it leaks, 1 a second. */
function life(leaking: boolean): LabelledTrace {
  const tSec = Float64Array.from({ length: 1001 }, (_, i) => i)
  const none = new Float64Array(1001)
  const level = tSec.map((t) => 100 + (leaking ? Math.max(0, t - 500) : 0))
  return {
    family: 'made',
    spec: { file: 'made-1.csv.gz', headroomBytes: 1000, sampleSec: 1, startsSec: null },
    trace: {
      tSec,
      rssAnonBytes: level,
      rssFileBytes: none,
      rssShmemBytes: none,
      swapBytes: none,
      vszBytes: none,
      threads: none,
      fds: none,
    },
    truth: { leaking, onsetSec: leaking ? 500 : null, rateBytesPerSec: leaking ? 1 : null },
  }
}

const SILENT: Detection = {
  leaking: false,
  detectedAtSec: null,
  alarmsSec: [],
  onsetSec: null,
  rateBytesPerSec: null,
  rateLow: null,
  rateHigh: null,
  etaSec: null,
  reason: 'flat',
}

function saying(alarmsSec: readonly number[], stands: boolean): Detection {
  if (!stands) return { ...SILENT, alarmsSec }
  return {
    leaking: true,
    detectedAtSec: alarmsSec[alarmsSec.length - 1] ?? null,
    alarmsSec,
    onsetSec: 480,
    rateBytesPerSec: 1.2,
    rateLow: 0.9,
    rateHigh: 1.4,
    etaSec: 1000,
    reason: 'rises-steadily',
  }
}

test('a leak that was found, with its figures', () => {
  const outcome = scoreTrace(life(true), saying([700], true))
  assert.ok(outcome.isFound && !outcome.isFalseAlarm && outcome.isLeakingAtEnd)
  assert.equal(outcome.used, 0.2)
  assert.ok(Math.abs((outcome.rateError ?? 9) - 0.2) < 1e-9)
  assert.equal(outcome.isRateCovered, true)
  // 800 bytes were left at 1 a second.
  assert.equal(outcome.etaError, 0.25)
  assert.equal(outcome.onsetError, 0.1)
  assert.equal(outcome.harmlessDays, 500 / DAY_SEC)
  assert.equal(explainMiss(outcome), null)
})

test('after a restart, what was used counts from the new process on', () => {
  const whole = life(true)
  const level = whole.trace.rssAnonBytes.map((bytes, t) => (t < 600 ? bytes : 100 + (t - 600)))
  const restarted = {
    ...whole,
    spec: { ...whole.spec, startsSec: [599.5] },
    trace: { ...whole.trace, rssAnonBytes: level },
  }
  assert.equal(scoreTrace(restarted, saying([700], true)).used, 0.1)
})

const CASES: readonly (readonly [
  what: string,
  leaking: boolean,
  said: Detection,
  found: boolean,
  falseAlarm: boolean,
  miss: RegExp | null,
])[] = [
  ['silence over a harmless life', false, SILENT, false, false, null],
  ['silence over a leak', true, SILENT, false, false, /not found \(flat\)/],
  ['an alarm taken back', false, saying([9], false), false, true, /false alarm at 9 s, taken back/],
  [
    'an alarm that stands',
    false,
    saying([9], true),
    false,
    true,
    /false alarm .*stands at the end/,
  ],
  ['a leak that was forgotten', true, saying([800], false), true, false, /found at .* taken back/],
  [
    'an alarm before the onset alone',
    true,
    saying([400], true),
    false,
    true,
    /before the leak began/,
  ],
  ['an early alarm, then a true one', true, saying([9, 700], true), true, true, /before the leak/],
]

test('what counts as found and what as false', () => {
  for (const [what, leaking, said, found, falseAlarm, miss] of CASES) {
    const outcome = scoreTrace(life(leaking), said)
    assert.equal(outcome.isFound, found, what)
    assert.equal(outcome.isFalseAlarm, falseAlarm, what)
    if (miss === null) assert.equal(explainMiss(outcome), null, what)
    else assert.match(explainMiss(outcome) ?? '', miss, what)
  }
})

test('precision counts alarms that were taken back; at the end they are forgiven', () => {
  const outcomes = [
    scoreTrace(life(true), saying([700], true)),
    scoreTrace(life(true), saying([800], false)),
    scoreTrace(life(false), saying([9], false)),
    scoreTrace(life(false), SILENT),
  ]
  const summary = summarize(outcomes)
  assert.equal(summary.precision, 2 / 3)
  assert.equal(summary.recall, 1)
  assert.equal(summary.precisionAtEnd, 1)
  assert.equal(summary.recallAtEnd, 0.5)
  assert.ok(Math.abs(summary.f1 - 0.8) < 1e-9)
  const days = (2 * 500 + 2 * 1000) / DAY_SEC
  assert.ok(Math.abs(summary.falsePer1000Days - 1000 / days) < 1e-6)
})
