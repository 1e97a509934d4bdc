import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SEEN_FAMILIES } from '../../../lab/traces/seen/families.ts'
import type { Detect, Trace } from '../../../src/core/leak/records.ts'
import { detectByCoroot } from './coroot.ts'
import { detectByLeastSquares } from './least-squares.ts'
import { fitLine } from './line.ts'
import { detectByMannKendall } from './mann-kendall.ts'
import { detectByPrecog } from './precog.ts'
import { detectByPredictLinear } from './predict-linear.ts'

const BASELINES: readonly (readonly [name: string, detect: Detect])[] = [
  ['least squares', detectByLeastSquares],
  ['Mann-Kendall', detectByMannKendall],
  ['Precog', detectByPrecog],
  ['predict_linear', detectByPredictLinear],
  ['coroot', detectByCoroot],
]

function made(name: string) {
  const family = SEEN_FAMILIES.find((each) => each.name === name)
  assert.ok(family, name)
  return family.make(1)
}

test('every rule finds a straight leak and its rate', () => {
  const { trace, spec, truth } = made('leak-linear')
  for (const [name, detect] of BASELINES) {
    const said = detect(trace, spec)
    assert.ok(said.leaking, name)
    assert.ok((said.detectedAtSec ?? -1) >= (truth.onsetSec ?? Infinity), name)
    const off = (said.rateBytesPerSec ?? 0) / (truth.rateBytesPerSec ?? NaN)
    assert.ok(off > 0.2 && off < 2, `${name}: ${off}`)
  }
})

test('no rule finds a leak in a level line', () => {
  const { trace, spec } = made('flat')
  const level = { ...trace, rssAnonBytes: trace.rssAnonBytes.map(() => 1e8) }
  for (const [name, detect] of BASELINES) assert.deepEqual(detect(level, spec).alarmsSec, [], name)
})

function firstRows(trace: Trace, count: number): Trace {
  const cut = Object.entries(trace).map(([name, column]) => [name, column.subarray(0, count)])
  return Object.fromEntries(cut) as Trace
}

test('no rule looks ahead: what was said before a row does not change with what follows', () => {
  for (const family of ['cache-linear', 'leak-mid-life', 'load-pool']) {
    const { trace, spec } = made(family)
    const half = Math.floor(trace.tSec.length / 2)
    const until = trace.tSec[half - 1] as number
    for (const [name, detect] of BASELINES) {
      const early = detect(firstRows(trace, half), spec).alarmsSec
      const all = detect(trace, spec).alarmsSec.filter((at) => at <= until)
      assert.deepEqual(all, early, `${name} over ${family}`)
    }
  }
})

test('least squares on points that lie on a line, and on some that do not', () => {
  const tSec = Float64Array.from([0, 1, 2, 3])
  const exact = { tSec, levels: Float64Array.from([1, 3, 5, 7]), count: 4, limitBytes: 0 }
  const line = fitLine(exact, 0, 4)
  assert.deepEqual([line.slope, line.r2, line.startLevel, line.endLevel], [2, 1, 1, 7])
  assert.ok(line.slopeError < 1e-9)
  const rough = { ...exact, levels: Float64Array.from([1, 0, 1, 0]) }
  assert.ok(fitLine(rough, 0, 4).r2 < 0.3)
})
