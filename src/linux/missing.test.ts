import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainHidden, explainTable, explainUnnamed } from './missing.ts'
import { openMounts } from './mounts.ts'
import { openProcTree, PAGE } from './proc-tree.fixture.ts'
import { openProcesses } from './processes.ts'

function explain(unreadable: readonly string[]): string[] {
  using tree = openProcTree()
  const { procRoot } = tree
  for (const pid of [100, 101]) tree.set({ pid, startTicks: 1 })
  for (const path of unreadable) {
    tree.remove(`proc/${path}`)
    // Without it the process would be gone.
    if (path.endsWith('statm')) tree.write(`proc/${path}`, 'nonsense')
  }
  const processes = openProcesses({ procRoot, pageSize: PAGE, clockTicksPerSec: 100, maxFds: 0 })
  processes.fastPass(1000)
  return explainTable(processes.table).map(({ what }) => what)
}

for (const [unreadable, expected] of [
  [[], []],
  [['100/fd'], ['descriptors of 1 processes']],
  [['100/fd', '101/fd'], ['descriptors of all processes']],
  [['101/statm'], ['memory of 1 processes']],
] as const) {
  test(`said to be missing where ${unreadable.join(' and ') || 'nothing'} is unreadable`, () => {
    assert.deepEqual(explain(unreadable), expected)
  })
}

test('hidden processes and unnamed containers are said, their absence is not', () => {
  assert.deepEqual([explainHidden(''), explainUnnamed(0)], [[], []])
  assert.match(explainHidden('invisible')[0]?.why ?? '', /hidepid=invisible/)
  assert.match(explainUnnamed(3)[0]?.what ?? '', /3 containers/)
})

for (const [options, expected] of [
  ['rw', ''],
  ['rw,hidepid=invisible', 'invisible'],
  ['rw,gid=4,hidepid=2', '2'],
  ['rw,hidepid=0', ''],
  ['rw,hidepid=off', ''],
] as const) {
  test(`how /proc hides processes when it is mounted with ${options}`, () => {
    using tree = openProcTree()
    const line = `22 27 0:21 / ${tree.procRoot} rw - proc proc ${options}\n`
    tree.write('proc/self/mountinfo', line)
    assert.equal(openMounts(tree.procRoot).hidepid(1000), expected)
  })
}

test('mounts are read again after half a minute', () => {
  using tree = openProcTree()
  const mounts = openMounts(tree.procRoot)
  assert.deepEqual(mounts.list(1000), [])
  assert.match(mounts.missing()[0]?.what ?? '', /tmpfs/)
  tree.write('proc/self/mountinfo', '25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw\n')
  assert.equal(mounts.list(20_000), mounts.list(1000))
  assert.equal(mounts.list(31_000).length, 1)
  assert.deepEqual(mounts.missing(), [])
})
