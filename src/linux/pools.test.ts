import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseMountLine } from '../core/procfs/mountinfo.ts'
import type { PoolRow } from '../core/procfs/records.ts'
import { meminfoText, openProcTree, PAGE, type ProcTree } from './proc-tree.fixture.ts'
import { openSampler, type Sampler } from './sampler.ts'
import { selectTmpfs } from './tmpfs.ts'

const MIB = 2 ** 20

function open({ procRoot, sysRoot }: ProcTree): Sampler {
  return openSampler({ procRoot, sysRoot, filesRoot: procRoot, pageSize: PAGE, maxFds: 0 })
}

function readPools(sampler: Sampler, nowMs = 1000): PoolRow[] {
  sampler.fastPass(nowMs)
  sampler.readHost(nowMs, 0)
  return sampler.readPools()
}

function usedMib(rows: readonly PoolRow[], kind: PoolRow['kind']): Record<string, number> {
  return Object.fromEntries(
    rows.filter((row) => row.kind === kind).map(({ name, usedBytes }) => [name, usedBytes / MIB]),
  )
}

function slabLine(name: string, mib: number): string {
  return `${name} 1 1 4096 8 8 : tunables 0 0 0 : slabdata 1 ${(mib * MIB) / PAGE / 8} 0\n`
}

test('slab caches by size, without those that the kernel reclaims', () => {
  using tree = openProcTree()
  const caches = [slabLine('kmalloc-64', 9), slabLine('dentry', 500), slabLine('task_struct', 40)]
  tree.write(
    'proc/slabinfo',
    `slabinfo - version: 2.1\n# name\n${caches.join('')}${slabLine('few', 0.5)}`,
  )
  tree.write('sys/kernel/slab/dentry/reclaim_account', '1\n')
  tree.write('sys/kernel/slab/kmalloc-64/reclaim_account', '0\n')
  using sampler = disposable(open(tree))
  const rows = readPools(sampler.value)
  assert.deepEqual(usedMib(rows, 'slab'), { task_struct: 40, 'kmalloc-64': 9 })
})

test("the kernel's memory by name, and the host's remainder", () => {
  using tree = openProcTree()
  const kib = {
    SUnreclaim: 10,
    VmallocUsed: 20,
    PageTables: 30,
    KernelStack: 4,
    Percpu: 5,
    Hugetlb: 6,
  }
  tree.write('proc/meminfo', meminfoText(kib))
  tree.write('proc/net/sockstat', 'TCP: inuse 1 mem 256\n')
  tree.write(
    'proc/zoneinfo',
    'Node 0, zone Normal\n  pagesets\n    cpu: 0\n              count: 25\n',
  )
  tree.write('sys/kernel/dmabuf/buffers/17/size', `${3 * MIB}\n`)
  tree.write('sys/kernel/dmabuf/buffers/18/size', `${MIB}\n`)
  tree.write('proc/vmallocinfo', '0xa-0xb 8 bpf_prog_alloc+0x1/0x2 pages=512 vmalloc\n')
  using sampler = disposable(open(tree))
  const rows = usedMib(readPools(sampler.value), 'kernel')
  assert.equal(rows['unreclaimable slab'], 10 / 1024)
  assert.equal(rows['page tables'], 30 / 1024)
  assert.equal(rows.sockets, 1)
  assert.equal(rows['dma-buf'], 4)
  assert.equal(rows.BPF, 2)
  // Stacks stand in vmalloc: taken off once.
  const named = 4_000_000 + 100 + 10 + 20 + 30 + 5 + 6
  assert.equal(rows.unaccounted, (8_000_000 - named) / 1024)
  assert.equal(sampler.value.readHost(2000, 0)?.dmabufBytes, 4 * MIB)
})

test('allocinfo: the largest tags that no other pool shows, and all of BPF', () => {
  using tree = openProcTree()
  tree.write(
    'proc/allocinfo',
    [
      'allocinfo - version: 1.0',
      '#     <size>  <calls> <tag info>',
      `  ${900 * MIB} 5 mm/memory.c:1062 func:folio_prealloc`,
      `  ${7 * MIB} 5 drivers/net/x.c:9 [xdrv] func:x_open`,
      `  ${2 * MIB} 5 kernel/bpf/syscall.c:391 func:__bpf_map_area_alloc`,
      `  ${MIB / 2} 5 kernel/bpf/core.c:92 func:bpf_prog_alloc`,
    ].join('\n'),
  )
  using sampler = disposable(open(tree))
  const rows = usedMib(readPools(sampler.value), 'kernel')
  assert.equal(rows['drivers/net/x.c:9 [xdrv] func:x_open'], 7)
  assert.equal(rows['mm/memory.c:1062 func:folio_prealloc'], undefined)
  assert.equal(rows.BPF, 2.5)
})

test('an allocinfo that counts nothing tells nothing', () => {
  using tree = openProcTree()
  tree.write('proc/allocinfo', 'allocinfo - version: 1.0\n 0 0 kernel/bpf/core.c:92 func:f\n')
  using sampler = disposable(open(tree))
  assert.equal(usedMib(readPools(sampler.value), 'kernel').BPF, undefined)
  const said = sampler.value.missing().map(({ what }) => what)
  assert.ok(said.includes("the kernel's memory by line of its source"))
  assert.ok(said.includes('BPF memory'))
})

test('System V segments, each and together, and shared memory that is neither', () => {
  using tree = openProcTree()
  tree.write('proc/meminfo', meminfoText({ Shmem: 30 * 1024 }))
  tree.write(
    'proc/sysvipc/shm',
    `key shmid perms\n5 1 600 99 1 1 0 0 0 0 0 1 0 1 ${8 * MIB} 0\n0 2 600 99 1 1 1 0 0 0 0 1 0 1 ${2 * MIB} 0\n`,
  )
  using sampler = disposable(open(tree))
  assert.deepEqual(usedMib(readPools(sampler.value), 'shm'), {
    'System V segments': 10,
    'key 0x00000005': 8,
    'shmid 2': 2,
    'memfd and other shmem': 20,
  })
})

test('what is not there is said, with its reason, and has no row', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7 })
  using sampler = disposable(open(tree))
  const rows = readPools(sampler.value)
  const names = rows.map(({ name }) => name)
  for (const absent of ['sockets', 'dma-buf', 'BPF', 'vmalloc', 'percpu']) {
    assert.ok(!names.includes(absent), `${absent} has no row`)
  }
  const said = sampler.value
    .missing()
    .map(({ what, why }) => `${what}: ${why}`)
    .join('\n')
  for (const expected of [
    /memory pressure: this kernel has no CONFIG_PSI/,
    /socket memory: /,
    /dma-buf memory: this kernel has no CONFIG_DMABUF_SYSFS_STATS/,
    /slab caches by name: this kernel has no slabinfo/,
    /by line of its source: this kernel has no CONFIG_MEM_ALLOC_PROFILING/,
    /BPF memory: /,
    /System V shared memory: this kernel has no CONFIG_SYSVIPC/,
    /tmpfs mounts: /,
    /cgroups: no memory controller/,
  ]) {
    assert.match(said, expected)
  }
})

test('one row for each file system in memory, none that may hang or is covered', () => {
  const mounts = [
    '20 1 0:1 / / rw - ext4 /dev/sda rw',
    '21 20 0:30 / /run rw - tmpfs tmpfs rw,size=1m',
    '22 20 0:30 /sub /var/run rw - tmpfs tmpfs rw,size=1m',
    '23 20 0:31 / /dev/shm rw - tmpfs tmpfs rw',
    '24 20 0:32 / /dev/shm rw - tmpfs tmpfs rw',
    '25 20 0:40 / /net rw - nfs4 server:/ rw',
    '26 25 0:41 / /net/cache rw - tmpfs tmpfs rw',
    '27 26 0:42 / /net/cache/deep rw - tmpfs tmpfs rw',
    '28 20 0:6 / /dev rw - devtmpfs devtmpfs rw',
    '29 20 0:43 / /home/u/ram rw - tmpfs tmpfs rw',
    '30 20 0:44 / /home/u rw - fuse.sshfs u@host: rw',
    '31 20 0:45 / /home/us rw - tmpfs tmpfs rw',
  ].map((line) => parseMountLine(new TextEncoder().encode(line), 0, line.length))
  const selected = selectTmpfs(mounts.filter((mount) => mount !== undefined))
  assert.deepEqual(
    selected.map(({ mountPoint, dev }) => [mountPoint, dev]),
    [
      ['/run', 30],
      ['/dev/shm', 32],
      ['/dev', 6],
      ['/home/us', 45],
    ],
  )
})

const TMPFS_MAGIC = 0x01021994
const hasShm = Number(statfsSync('/dev/shm').type) === TMPFS_MAGIC

test('a file on a real tmpfs shows in its row', { skip: !hasShm && 'no tmpfs at /dev/shm' }, () => {
  using sampler = disposable(openSampler())
  const used = (nowMs: number): number =>
    readPools(sampler.value, nowMs).find(({ name }) => name === '/dev/shm')?.usedBytes ?? Number.NaN
  const directory = mkdtempSync('/dev/shm/plimsoll-test-')
  try {
    const before = used(1000)
    writeFileSync(`${directory}/file`, new Uint8Array(8 * MIB))
    const grown = used(6000) - before
    assert.ok(grown >= 7 * MIB, `grown by ${grown}`)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

/** Closes the sampler at the end of a test. */
function disposable(value: Sampler): Disposable & { readonly value: Sampler } {
  return { value, [Symbol.dispose]: () => value.close() }
}
