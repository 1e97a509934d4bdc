import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeProcess, openProcTree, PAGE, type ProcTree } from './proc-tree.fixture.ts'
import { openSampler } from './sampler.ts'

const MIB = 2 ** 20

function limitsText(asBytes: number | 'unlimited', dataBytes: number | 'unlimited'): string {
  const line = (name: string, value: number | string): string =>
    `${name.padEnd(26)}${String(value).padEnd(21)}unlimited            bytes     \n`
  return line('Max data size', dataBytes) + line('Max address space', asBytes)
}

function writeGroup(tree: ProcTree, limitBytes: number): void {
  tree.write('sys/fs/cgroup/cgroup.controllers', 'memory\n')
  tree.write('sys/fs/cgroup/a/memory.max', `${limitBytes}\n`)
  tree.write('sys/fs/cgroup/a/memory.high', 'max\n')
  tree.write('sys/fs/cgroup/a/memory.stat', `anon ${40 * MIB}\n`)
}

const PROCESS: FakeProcess = {
  pid: 812,
  startTicks: 7,
  anonBytes: 40 * MIB,
  vszBytes: 100 * MIB,
  dataBytes: 60 * MIB,
  cgroup: '0::/a\n',
}

for (const [what, change, groupLimit, expected] of [
  ['nothing', { limits: limitsText('unlimited', 'unlimited') }, null, undefined],
  ['its address space', { limits: limitsText(300 * MIB, 900 * MIB) }, null, ['rlimit-as', 200]],
  ['its data', { limits: limitsText(900 * MIB, 90 * MIB) }, null, ['rlimit-data', 30]],
  ['its cgroup', { limits: limitsText(900 * MIB, 900 * MIB) }, 64 * MIB, ['cgroup', 24]],
  [
    'its address space, within a cgroup',
    { limits: limitsText(110 * MIB, 'unlimited') },
    64 * MIB,
    ['rlimit-as', 10],
  ],
  [
    'its heap option',
    { args: ['node', '--max-old-space-size=50', 'a.js'] },
    64 * MIB,
    ['heap-option', 10],
  ],
  ['a heap option that it has outgrown', { args: ['java', '-Xmx30m'] }, 64 * MIB, ['cgroup', 24]],
  [
    'a limit below what it has',
    { limits: limitsText(90 * MIB, 'unlimited') },
    null,
    ['rlimit-as', 0],
  ],
] as const) {
  test(`what bounds a process: ${what}`, () => {
    using tree = openProcTree()
    tree.set({ ...PROCESS, ...change })
    if (groupLimit !== null) writeGroup(tree, groupLimit)
    const { procRoot, sysRoot } = tree
    const sampler = openSampler({ procRoot, sysRoot, pageSize: PAGE, maxFds: 0 })
    sampler.fastPass(1000)
    const limit = sampler.readLimit(sampler.table.pid.indexOf(812))
    sampler.close()
    assert.deepEqual(limit && [limit.kind, limit.headroomBytes / MIB], expected)
  })
}

test('no limit of a later bearer of the pid, none of a free slot', () => {
  using tree = openProcTree()
  tree.set(PROCESS)
  const { procRoot, sysRoot } = tree
  const sampler = openSampler({ procRoot, sysRoot, pageSize: PAGE, maxFds: 0 })
  sampler.fastPass(1000)
  const slot = sampler.table.pid.indexOf(812)
  tree.set({ ...PROCESS, startTicks: 8, limits: limitsText(300 * MIB, 'unlimited') })
  assert.equal(sampler.readLimit(slot), undefined)
  assert.equal(sampler.readLimit(99), undefined)
  sampler.close()
})
