import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Explanation } from './explain.ts'
import { explainReport } from './explain.ts'
import { memoryPartsOf, whyNoParts } from './memory-parts.ts'
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

test("all of the kernel's memory in a group is told, also what has no line of its own", () => {
  const { report, ...rest } = explain('6.1-cgroup-limit-v1.log')
  const usage = { ...report.memcgUsage, kmem: { usageKb: 9_000, limitKb: 2 ** 50 } }
  const { kernel: _told, ...memcgStat } = report.memcgStat
  const { parts = [] } =
    memoryPartsOf({ ...rest, report: { ...report, memcgStat, memcgUsage: usage } }) ?? {}
  const kernel = parts.filter(({ kind }) => ['slab', 'pageTables', 'kernelStack'].includes(kind))
  assert.equal(
    kernel.reduce((sum, { bytes }) => sum + bytes, 0),
    9_000 * 1024,
  )
  assert.equal(parts.find(({ kind }) => kind === 'unaccounted')?.label, 'counted twice')
})

test('what a picture cannot be drawn of is said in a sentence', () => {
  assert.match(
    whyNoParts(explain('6.12-cpuset.log')),
    /^the report has the zones of node 1 alone, /,
  )
  const whole = explain('6.1-incident.log')
  assert.match(whyNoParts({ ...whole, balance: undefined }), /does not have the counters/)
  assert.match(whyNoParts({ ...whole, kind: 'memcg' }), /what the group held/)
})

test('figures that contradict each other give no picture', () => {
  const whole = explain('6.1-incident.log')
  assert.ok(whole.balance !== undefined)
  assert.equal(memoryPartsOf({ ...whole, balance: { ...whole.balance, isSound: false } }), null)
  assert.equal(memoryPartsOf({ ...whole, balance: undefined }), null)
})
