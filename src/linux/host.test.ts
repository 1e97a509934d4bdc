import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHostReader } from './host.ts'
import { openProcTree, PAGE } from './proc-tree.fixture.ts'

const NONE = { dmabufBytes: null, bpfBytes: null }
const KIB = 1024

function readHost(meminfo: string) {
  using tree = openProcTree()
  tree.write('proc/meminfo', meminfo)
  const reader = openHostReader(tree.procRoot, PAGE)
  const row = reader.read(1000, 2000, 7, NONE)
  reader.close()
  return row
}

const FULL = `MemTotal: 1000 kB
MemFree: 100 kB
MemAvailable: 300 kB
Buffers: 10 kB
Cached: 200 kB
SwapCached: 5 kB
SwapTotal: 50 kB
SwapFree: 40 kB
AnonPages: 300 kB
Shmem: 60 kB
KReclaimable: 30 kB
SReclaimable: 20 kB
SUnreclaim: 25 kB
KernelStack: 8 kB
PageTables: 12 kB
SecPageTables: 3 kB
VmallocUsed: 18 kB
Percpu: 4 kB
Hugetlb: 64 kB
`

test('the row of a host: shmem is no page cache, stacks are no vmalloc, the rest is unaccounted', () => {
  const row = readHost(FULL)
  assert.equal(row?.fileBytes, 150 * KIB)
  assert.equal(row?.shmemBytes, 60 * KIB)
  assert.equal(row?.pageTablesBytes, 15 * KIB)
  assert.equal(row?.slabReclaimableBytes, 30 * KIB)
  const named = 100 + 300 + 150 + 60 + 5 + 30 + 25 + 15 + 8 + (18 - 8) + 4 + 64
  assert.equal(row?.unaccountedBytes, (1000 - named) * KIB)
  assert.equal(row?.processes, 7)
})

test('before 3.14 free and cache stand for what is available', () => {
  const row = readHost(FULL.replace(/MemAvailable.*\n/, ''))
  assert.equal(row?.memAvailableBytes, (100 + 10 + 200 - 60) * KIB)
})

test('huge pages of the default size where the kernel does not sum them up', () => {
  const row = readHost(FULL.replace(/Hugetlb.*\n/, 'HugePages_Total: 3\nHugepagesize: 16 kB\n'))
  assert.equal(row?.hugepagesBytes, 48 * KIB)
})

test('what this kernel does not tell is null, never zero', () => {
  const row = readHost('MemTotal: 1000 kB\nMemFree: 100 kB\n')
  assert.deepEqual(
    [row?.vmallocBytes, row?.percpuBytes, row?.socketBytes, row?.psi, row?.bpfBytes],
    [null, null, null, null, null],
  )
})

test('more names than memory leave nothing unaccounted', () => {
  assert.equal(readHost(FULL.replace('AnonPages: 300', 'AnonPages: 900'))?.unaccountedBytes, 0)
})

for (const [what, meminfo] of [
  ['without a total', 'MemFree: 100 kB\n'],
  ['that is empty', ''],
] as const) {
  test(`a meminfo ${what} is no row`, () => {
    assert.equal(readHost(meminfo), undefined)
  })
}
