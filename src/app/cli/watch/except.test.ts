import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import { judgeWithout } from './except.ts'
import { LEAK, snapshotFixture } from './scene.fixture.ts'

function rising(id: string, changed: Partial<SubjectRow>): SubjectRow {
  return rowFixture(id, { ...changed, verdict: LEAK.verdict })
}
const API = rising('process:1:1', { name: 'api', serviceId: 'service:a', cgroup: '/a' })
const DB = rising('process:2:1', { name: 'db', serviceId: 'service:a', cgroup: '/a' })
const SERVICE = rising('service:a', { kind: 'service', name: 'shop' })
const CGROUP = rising('cgroup:/a', { kind: 'cgroup', name: '/a', cgroup: '/a' })
const ALL = [API, DB, SERVICE, CGROUP]

const CASES: readonly [rows: SubjectRow[], exceptions: string[], left: SubjectRow[]][] = [
  [ALL, [], ALL],
  [ALL, ['api'], [DB, SERVICE, CGROUP]],
  [ALL, ['api', 'db'], []],
  [ALL, ['api db'], ALL],
  [ALL, ['shop'], []],
  [[API, SERVICE, CGROUP], ['api'], []],
  [[{ ...API, verdict: rowFixture('x').verdict }, SERVICE], ['api'], [SERVICE]],
]

for (const [rows, exceptions, left] of CASES) {
  test(`${rows.length} that leak, without ${JSON.stringify(exceptions)}: ${left.length}`, () => {
    const { snapshot, excepted } = judgeWithout(snapshotFixture({ rows }), exceptions)
    assert.deepEqual(snapshot.rows, left)
    assert.equal(excepted.size, rows.length - left.length)
  })
}
