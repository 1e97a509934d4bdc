import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainReport } from '../../core/oom/explain.ts'
import { readReports } from '../../core/oom/read.ts'
import { axisOf, findEntry, hashOf, lanesOf, orderEntries, stormsOf } from './choose-report.ts'
import type { Entry } from './read-log.ts'

const LAB = join(import.meta.dirname, '../../../lab/scenarios/logs')

function read(...names: readonly string[]): readonly Entry[] {
  const text = names.map((name) => readFileSync(join(LAB, name), 'utf8')).join('')
  return readReports(text).map((report) => ({ explanation: explainReport(report), lines: [] }))
}

function pids(entries: readonly Entry[]): readonly (number | undefined)[] {
  return entries.map(({ explanation }) => explanation.report.killed[0]?.pid)
}

const STORM = read('6.1-many-leakers.log')

test('worst first: who held the most died last here', () => {
  assert.deepEqual(pids(STORM), [110, 112, 111])
  assert.deepEqual(pids(orderEntries(STORM, 'worst')), [111, 112, 110])
})

test('the address names a report by the line on which it begins; any other is the first', () => {
  assert.deepEqual(STORM.map(hashOf), ['#line-11', '#line-84', '#line-156'])
  assert.equal(findEntry(STORM, '#line-84'), STORM[1])
  assert.equal(findEntry(STORM, '#<script>'), STORM[0])
  assert.equal(findEntry([], ''), undefined)
})

test('reports of one shortage are one storm, those of another are not', () => {
  assert.deepEqual(
    stormsOf(read('6.1-many-leakers.log', '6.12-cgroup-limit.log')).map(
      ({ entries }) => entries.length,
    ),
    [3, 1],
  )
})

test('kills stand on the axis by time, or by line where a report has no time', () => {
  const axis = axisOf(STORM)
  assert.equal(axis.unit, 'seconds')
  const [lane] = lanesOf(STORM, axis)
  assert.deepEqual(
    lane?.marks.map(({ at }) => Math.round(at * 10)),
    [0, 4, 10],
  )
  const untimed = STORM.map(({ explanation, lines }) => ({
    explanation: { ...explanation, report: { ...explanation.report, uptimeSec: null } },
    lines,
  }))
  assert.deepEqual(axisOf(untimed), { unit: 'lines', from: 11, to: 156 })
})

test('a storm of any size has few lanes and marks, and none of its kills is left out', () => {
  const [first] = STORM
  assert.ok(first !== undefined)
  const { explanation } = first
  const [killed] = explanation.report.killed
  assert.ok(killed !== undefined)
  const many = Array.from({ length: 2000 }, (_, i): Entry => {
    const report = {
      ...explanation.report,
      uptimeSec: i / 10,
      killed: [{ ...killed, comm: `w${i % 40}` }],
    }
    return { explanation: { ...explanation, report }, lines: [] }
  })
  const lanes = lanesOf(many, axisOf(many))
  assert.equal(lanes.length, 6)
  assert.equal(lanes.at(-1)?.name, 'others')
  assert.ok(lanes.every(({ marks }) => marks.length <= 121))
  assert.equal(
    lanes.reduce((sum, { kills }) => sum + kills, 0),
    2000,
  )
})
