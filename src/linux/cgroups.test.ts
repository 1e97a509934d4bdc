import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCgroups } from './cgroups.ts'
import { openProcTree, type ProcTree } from './proc-tree.fixture.ts'

const MIB = 2 ** 20

/** Who is where: a process for each path. */
function members(...cgroup: string[]) {
  return { length: cgroup.length, pid: new Int32Array(cgroup.length).fill(1), cgroup }
}

interface V2Group {
  readonly anon: number
  readonly current?: number
  readonly max?: number | 'max'
  readonly high?: number | 'max'
  readonly swap?: number
  readonly swapMax?: number | 'max'
}

function writeV2(tree: ProcTree, path: string, group: V2Group): void {
  const base = `sys/fs/cgroup${path}`
  const { anon, current = anon + 500 * MIB, max = 'max', high = 'max', swapMax = 'max' } = group
  tree.write(`${base}/memory.current`, `${current}\n`)
  tree.write(`${base}/memory.max`, `${max}\n`)
  tree.write(`${base}/memory.high`, `${high}\n`)
  tree.write(`${base}/memory.swap.current`, `${group.swap ?? 0}\n`)
  tree.write(`${base}/memory.swap.max`, `${swapMax}\n`)
  tree.write(`${base}/memory.stat`, `anon ${anon}\nfile ${500 * MIB}\nkernel 0\nshmem 0\n`)
}

function openV2(): ProcTree {
  const tree = openProcTree()
  tree.write('sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory pids\n')
  return tree
}

test('v2: groups with processes or a limit, without page cache, largest first', () => {
  using tree = openV2()
  writeV2(tree, '/system.slice', { anon: 90 * MIB })
  writeV2(tree, '/system.slice/a.service', { anon: 30 * MIB })
  writeV2(tree, '/system.slice/b.service', { anon: 60 * MIB, max: 200 * MIB, high: 150 * MIB })
  writeV2(tree, '/pod', { anon: 10 * MIB, max: 64 * MIB })
  writeV2(tree, '/pod/c', { anon: 10 * MIB })
  const cgroups = openCgroups(tree.sysRoot)
  cgroups.refresh(
    members('/system.slice/a.service', '/system.slice/b.service', '/pod/c', '/', ''),
    1000,
  )
  assert.deepEqual(
    cgroups
      .rows()
      .map(({ name, usedBytes, limitBytes }) => [
        name,
        usedBytes / MIB,
        limitBytes && limitBytes / MIB,
      ]),
    [
      ['/system.slice/b.service', 60, 150],
      ['/system.slice/a.service', 30, null],
      ['/pod/c', 10, null],
      ['/pod', 10, 64],
    ],
  )
  assert.deepEqual(cgroups.missing(), [])
})

test('v2: the limit is the tightest of the chain, less what is held, not what is cached', () => {
  using tree = openV2()
  writeV2(tree, '/pod', { anon: 50 * MIB, max: 64 * MIB })
  writeV2(tree, '/pod/c', { anon: 10 * MIB, max: 100 * MIB })
  const cgroups = openCgroups(tree.sysRoot)
  assert.equal(cgroups.headroomBytes('/pod/c', 1000) / MIB, 14)
  assert.equal(cgroups.headroomBytes('/nowhere/x', 1000), Number.POSITIVE_INFINITY)
  assert.equal(cgroups.headroomBytes('/../../other', 1000), Number.POSITIVE_INFINITY)
  assert.equal(cgroups.headroomBytes('', 1000), Number.POSITIVE_INFINITY)
})

test('v2 in a container: its own limit stands at the root of what it sees', () => {
  using tree = openV2()
  writeV2(tree, '', { anon: 50 * MIB, max: 64 * MIB })
  writeV2(tree, '/inner', { anon: 10 * MIB, max: 100 * MIB })
  const cgroups = openCgroups(tree.sysRoot)
  assert.equal(cgroups.headroomBytes('/', 1000) / MIB, 14)
  assert.equal(cgroups.headroomBytes('/inner', 1000) / MIB, 14)
  cgroups.refresh(members('/inner'), 1000)
  assert.deepEqual(
    cgroups.rows().map(({ name }) => name),
    ['/inner'],
  )
})

test('v2 with swap: what is swapped is held, and the limit is of both', () => {
  using tree = openV2()
  writeV2(tree, '/a', { anon: 10 * MIB, max: 64 * MIB, swap: 20 * MIB, swapMax: 'max' })
  writeV2(tree, '/b', { anon: 10 * MIB, max: 64 * MIB, swap: 20 * MIB, swapMax: 30 * MIB })
  const cgroups = openCgroups(tree.sysRoot)
  cgroups.setSwapTotal(1000 * MIB)
  cgroups.refresh(members('/a', '/b'), 1000)
  assert.deepEqual(
    cgroups
      .rows()
      .map(({ name, usedBytes, limitBytes }) => [name, usedBytes / MIB, (limitBytes ?? 0) / MIB]),
    [
      ['/a', 30, 1064],
      ['/b', 30, 94],
    ],
  )
})

test('a group that ends has no row at the next look; one that grows has its new figure', () => {
  using tree = openV2()
  writeV2(tree, '/a', { anon: 10 * MIB })
  writeV2(tree, '/b', { anon: 20 * MIB })
  const cgroups = openCgroups(tree.sysRoot)
  cgroups.refresh(members('/a', '/b'), 1000)
  writeV2(tree, '/a', { anon: 40 * MIB })
  tree.remove('sys/fs/cgroup/b')
  cgroups.refresh(members('/a'), 6000)
  assert.deepEqual(
    cgroups.rows().map(({ name, usedBytes }) => [name, usedBytes / MIB]),
    [['/a', 40]],
  )
})

test('v1: hierarchical figures, and no limit where it is the largest number', () => {
  using tree = openProcTree()
  const base = 'sys/fs/cgroup/memory'
  tree.write(`${base}/memory.usage_in_bytes`, '1\n')
  for (const [path, rss, limit, memsw] of [
    ['/docker', 30, '9223372036854771712', '9223372036854771712'],
    ['/docker/x', 30, String(100 * MIB), String(80 * MIB)],
  ] as const) {
    tree.write(`${base}${path}/memory.usage_in_bytes`, `${700 * MIB}\n`)
    tree.write(`${base}${path}/memory.limit_in_bytes`, `${limit}\n`)
    tree.write(`${base}${path}/memory.memsw.limit_in_bytes`, `${memsw}\n`)
    tree.write(`${base}${path}/memory.stat`, `cache 9\ntotal_cache 999\ntotal_rss ${rss * MIB}\n`)
  }
  const cgroups = openCgroups(tree.sysRoot)
  cgroups.refresh(members('/docker/x'), 1000)
  assert.deepEqual(
    cgroups
      .rows()
      .map(({ name, usedBytes, limitBytes }) => [name, usedBytes / MIB, (limitBytes ?? 0) / MIB]),
    [['/docker/x', 30, 80]],
  )
  assert.equal(cgroups.headroomBytes('/docker/x', 1000) / MIB, 50)
})

test('what cannot be read is said and has no row', () => {
  using tree = openV2()
  const cgroups = openCgroups(tree.sysRoot)
  cgroups.refresh(members('/a'), 1000)
  assert.deepEqual(cgroups.rows(), [])
  assert.match(cgroups.missing()[0]?.what ?? '', /1 cgroups/)
})

test('a host without memory controller says so', () => {
  using tree = openProcTree()
  tree.write('sys/fs/cgroup/cgroup.controllers', 'cpu io hugetlb\n')
  const cgroups = openCgroups(tree.sysRoot)
  cgroups.refresh(members('/a'), 1000)
  assert.deepEqual(cgroups.rows(), [])
  assert.match(cgroups.missing()[0]?.why ?? '', /no memory controller/)
})
