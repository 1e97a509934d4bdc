import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeakState } from '../../core/leak/records.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { rowFixture } from '../../core/wire/rows.fixture.ts'
import { foldStories } from './fold-stories.ts'

function row(id: string, state: LeakState, changed: Partial<SubjectRow> = {}): SubjectRow {
  const base = rowFixture(id)
  return { ...base, ...changed, verdict: { ...base.verdict, state } }
}

const process = (pid: number, state: LeakState, cgroup = '/a/b') =>
  row(`process:${pid}:1`, state, { serviceId: 'service:s', cgroup })
const service = (state: LeakState) => row('service:s', state, { kind: 'service', name: 's' })
const cgroup = (name: string, state: LeakState) =>
  row(`cgroup:${name}`, state, { kind: 'cgroup', name, cgroup: name })

for (const [what, rows, told] of [
  ['one process stands for its service', [process(1, 'confirmed'), service('confirmed')], [0]],
  [
    'a service stands for its processes',
    [process(1, 'growing'), process(2, 'growing'), service('growing')],
    [2],
  ],
  [
    'what stands otherwise is told by itself',
    [process(1, 'confirmed'), process(2, 'steady'), process(3, 'steady'), service('steady')],
    [0, 3],
  ],
  ['a service that leaks over restarts', [process(1, 'unknown'), service('confirmed')], [0, 1]],
  [
    'processes without a row of their service',
    [process(1, 'growing'), process(2, 'growing')],
    [0, 1],
  ],
  [
    'cgroups around a process that tells the same',
    [
      process(1, 'growing'),
      cgroup('/a/b', 'growing'),
      cgroup('/a', 'growing'),
      cgroup('/', 'growing'),
    ],
    [0],
  ],
  [
    'other cgroups, and those that stand otherwise',
    [process(1, 'growing'), cgroup('/a/bc', 'growing'), cgroup('/a', 'confirmed')],
    [0, 1, 2],
  ],
] as const) {
  test(what, () => {
    assert.deepEqual(
      foldStories(rows),
      told.map((index) => rows[index]),
    )
  })
}
