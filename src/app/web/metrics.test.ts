import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Verdict } from '../../core/leak/records.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { rowFixture } from '../../core/wire/rows.fixture.ts'
import { chooseSubjects, MAX_SUBJECTS } from './metrics-subjects.ts'
import { formatMetricsTable, METRICS } from './metrics-table.ts'

const STEADY = rowFixture('a').verdict

function row(id: string, changed: Partial<SubjectRow>, verdict: Partial<Verdict> = {}): SubjectRow {
  return rowFixture(id, { ...changed, verdict: { ...STEADY, ...verdict } })
}

test('processes of one name are one: sizes and rates add up, the worst verdict and end count', () => {
  const groups = chooseSubjects(
    [
      row('1', { name: 'php', levelBytes: 10 }),
      row(
        '2',
        { name: 'php', levelBytes: 20 },
        { state: 'suspected', rateBytesPerSec: 3, etaSec: 9 },
      ),
      row(
        '3',
        { name: 'php', levelBytes: 30 },
        { state: 'growing', rateBytesPerSec: 4, etaSec: 5 },
      ),
      row('4', { name: 'php', levelBytes: 1, unit: 'other.service' }),
    ],
    false,
  )
  assert.equal(groups.length, 2)
  const [{ labels, ...worst } = assert.fail()] = groups
  assert.deepEqual(labels, { kind: 'process', name: 'php', unit: '', container: '' })
  assert.deepEqual(worst, { levelBytes: 60, rateBytesPerSec: 7, etaSec: 5, state: 'suspected' })
})

test('label sets are bounded, the worst first; for the public the largest', () => {
  const rows = Array.from({ length: 500 }, (_, i) => row(`${i}`, { name: `p${i}`, levelBytes: i }))
  rows.push(row('leak', { name: 'leak', levelBytes: 0 }, { state: 'confirmed', etaSec: 60 }))
  rows.push(row('unit', { name: 'x.service', kind: 'service', levelBytes: 9_999 }))
  const full = chooseSubjects(rows, false)
  assert.equal(full.length, MAX_SUBJECTS)
  assert.equal(full[0]?.labels.name, 'leak')
  assert.equal(full[1]?.labels.name, 'x.service')
  const open = chooseSubjects(rows, true)
  assert.equal(open.length, MAX_SUBJECTS)
  assert.deepEqual(
    open.slice(0, 2).map((group) => group.labels.name),
    ['p499', 'p498'],
  )
})

test('a name is cut and made whole characters', () => {
  const [group] = chooseSubjects([row('1', { name: `${'x'.repeat(119)}\u{1f600}` })], false)
  assert.equal(group?.labels.name, `${'x'.repeat(119)}\ufffd`)
})

test('names keep to the conventions', () => {
  assert.equal(new Set(METRICS.map((metric) => metric.name)).size, METRICS.length)
  for (const { name, type, help } of METRICS) {
    assert.match(name, /^plimsoll_[a-z0-9]+(_[a-z0-9]+)*$/)
    assert.equal(name.endsWith('_total'), type === 'counter', name)
    assert.doesNotMatch(name, /_(ms|milliseconds|kib|mib|percent|minutes)(_|$)/)
    assert.match(help, /\.$/, name)
  }
})

test('docs/metrics.md lists the metrics that there are; UPDATE_DOCS=1 rewrites it', () => {
  const path = 'docs/metrics.md'
  const text = readFileSync(path, 'utf8')
  const table = /<!-- metrics -->\n.*<!-- \/metrics -->/s
  assert.match(text, table)
  const fresh = text.replace(
    table,
    () => `<!-- metrics -->\n${formatMetricsTable()}\n<!-- /metrics -->`,
  )
  if (process.env.UPDATE_DOCS === '1') writeFileSync(path, fresh)
  else assert.equal(text, fresh, 'run this test with UPDATE_DOCS=1')
})
