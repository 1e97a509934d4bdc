import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { choose, kernelChoice } from './choose.ts'
import { isWithin, narrowToGroup } from './group.ts'
import { candidateFixture, hostFixture, leakerFixture, PLENTY } from './host.fixture.ts'
import { NO_RULES } from './rules.ts'
import { judgeShortage } from './shortage.ts'

for (const [path, group, expected] of [
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/', true],
  [null, '/a', false],
] as const) {
  test(`${path} is ${expected ? '' : 'not '}within ${group}`, () => {
    assert.equal(isWithin(path, group), expected)
  })
}

test('a group at its limit is short while the host is not, and nobody outside is asked', () => {
  const outside = { ...leakerFixture(50, 60), cgroup: '/other' }
  const inside = candidateFixture('inside', {
    pid: 300,
    cgroup: '/box/sub',
    levelBytes: 90 * MIB,
    grown: [60 * MIB, 60 * MIB, 60 * MIB],
  })
  const large = candidateFixture('large', { pid: 301, cgroup: '/box', levelBytes: 95 * MIB })
  const host = hostFixture([outside, inside, large], [0, 0, 0], [], PLENTY)
  assert.equal(judgeShortage(host.memory).severity, 'calm')
  const group = { path: '/box', limitBytes: 200 * MIB, roomBytes: 4 * MIB }
  const narrowed = narrowToGroup(host, group)
  const shortage = judgeShortage(narrowed.memory)
  assert.equal(shortage.severity, 'critical')
  const choice = choose(narrowed, shortage, { rules: NO_RULES, own: new Set(), skip: new Set() })
  assert.deepEqual(
    choice.ranking.map(({ candidate, by }) => `${candidate.name} by ${by}`),
    ['inside by growth', 'large by badness'],
  )
  assert.equal(kernelChoice(narrowed)?.name, 'large')
})

test('the kernel counts oom_score_adj by the size of the machine, and spares who has -1000', () => {
  const never = candidateFixture('never', { pid: 1001, levelBytes: 400 * MIB, oomScoreAdj: -1000 })
  const tab = candidateFixture('tab', { pid: 1002, levelBytes: 5 * MIB, oomScoreAdj: 300 })
  const database = candidateFixture('database', { pid: 1003, levelBytes: 150 * MIB })
  assert.equal(kernelChoice(hostFixture([never, database, tab]))?.name, 'tab')
  assert.equal(kernelChoice(hostFixture([never])), null)
})
