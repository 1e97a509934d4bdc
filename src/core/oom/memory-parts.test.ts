import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Explanation } from './explain.ts'
import { explainReport } from './explain.ts'
import { memoryPartsOf } from './memory-parts.ts'
import { readReports } from './read.ts'

const LAB = join(import.meta.dirname, '../../../lab/scenarios/logs')

function explain(name: string): Explanation {
  const [report] = readReports(readFileSync(join(LAB, name), 'utf8'))
  assert.ok(report !== undefined)
  return explainReport(report)
}

const CASES: readonly (readonly [log: string, of: 'machine' | 'group', largest: string])[] = [
  ['6.1-incident.log', 'machine', 'anon'],
  ['5.10-hugepages.log', 'machine', 'huge pages'],
  ['6.12-cgroup-limit.log', 'group', 'anon'],
  ['6.1-cgroup-limit-v1.log', 'group', 'anon'],
]

for (const [log, of, largest] of CASES) {
  test(`${log}: the parts of the ${of} add up to the whole`, () => {
    const memory = memoryPartsOf(explain(log))
    assert.equal(memory?.of, of)
    const sum = memory?.parts.reduce((total, { bytes }) => total + bytes, 0) ?? 0
    assert.ok(Math.abs(sum - (memory?.wholeBytes ?? 0)) < 4096)
    const most = memory?.parts.reduce((a, b) => (b.bytes > a.bytes ? b : a))
    assert.equal(most?.label, largest)
  })
}

test('figures that contradict each other give no picture', () => {
  const whole = explain('6.1-incident.log')
  assert.ok(whole.balance !== undefined)
  assert.equal(memoryPartsOf({ ...whole, balance: { ...whole.balance, isSound: false } }), null)
  assert.equal(memoryPartsOf({ ...whole, balance: undefined }), null)
})
