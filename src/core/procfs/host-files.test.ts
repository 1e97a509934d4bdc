import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBpf, isKernelOwn, parseAllocLine } from './allocinfo.ts'
import { readOf } from './bytes.fixture.ts'
import { parseHeldV1, parseHeldV2, parseLimit } from './cgroup-memory.ts'
import { emptyMeminfo, parseMeminfo } from './meminfo.ts'
import { parseMountLine } from './mountinfo.ts'
import { parsePsi } from './psi.ts'
import { decodeText } from './scan.ts'
import { emptySlabLine, parseSlabLine } from './slabinfo.ts'
import { parseSocketPages } from './sockstat.ts'
import { parseShmLine } from './sysvipc-shm.ts'
import { parseBpfBytes } from './vmallocinfo.ts'
import { parsePagesetCount } from './zoneinfo.ts'

test('meminfo: KiB become bytes, pages stay pages, what is not there is unknown', () => {
  const info = emptyMeminfo()
  const text =
    'MemTotal:       24684092 kB\nMemFree:  1 kB\nHugePages_Total:      12\nMemTotalX: 3 kB\n'
  const { bytes, length } = readOf(text)
  parseMeminfo(bytes, length, info)
  assert.equal(info.MemTotal, 24684092 * 1024)
  assert.equal(info.HugePages_Total, 12)
  assert.ok(Number.isNaN(info.Percpu))
  parseMeminfo(bytes, 0, info)
  assert.ok(Number.isNaN(info.MemTotal), 'nothing of the last reading is kept')
})

const PSI = `some avg10=1.50 avg60=0.25 avg300=0.00 total=12345
full avg10=0.00 avg60=10.07 avg300=0.00 total=678
`

for (const [what, text, expected] of [
  ['both lines', PSI, [1.5, 0.25, 12345, 0, 10.07, 678]],
  ['without full (as of cpu before 5.13)', PSI.split('\n')[0], undefined],
  ['cut in a figure', PSI.slice(0, -8), undefined],
  ['nothing', '', undefined],
] as const) {
  test(`pressure: ${what}`, () => {
    const { bytes, length } = readOf(text ?? '')
    const row = parsePsi(bytes, length)
    assert.deepEqual(row && Object.values(row), expected)
  })
}

for (const [what, text, expected] of [
  [
    'TCP and UDP',
    'sockets: used 9\nTCP: inuse 1 orphan 0 tw 2 alloc 3 mem 40\nUDP: inuse 4 mem 2\n',
    42,
  ],
  ['lines without it', 'TCP: inuse 1\nRAW: mem 5\n', undefined],
  ['nothing', '', undefined],
] as const) {
  test(`sockstat: ${what}`, () => {
    const { bytes, length } = readOf(text)
    assert.equal(parseSocketPages(bytes, length), expected)
  })
}

for (const [what, line, expected] of [
  [
    'a mount',
    '30 25 0:27 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=9k',
    [27, '/dev/shm', 'tmpfs', 'rw,size=9k'],
  ],
  [
    'optional fields',
    '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/root rw',
    [98 * 256, '/mnt2', 'ext3', 'rw'],
  ],
  ['a large minor', '1 0 8:300 / / rw - ext4 x rw', [8 * 256 + 44 + 256 * 4096, '/', 'ext4', 'rw']],
  [
    'a blank in the path',
    '5 1 0:9 / /a\\040b\\134c rw - tmpfs t rw',
    [9, '/a b\\c', 'tmpfs', 'rw'],
  ],
  ['no dash', '5 1 0:9 / /a rw tmpfs t rw', undefined],
  ['no numbers', 'x y 0:z / /a rw - tmpfs t rw', undefined],
  ['nothing', '', undefined],
] as const) {
  test(`mountinfo: ${what}`, () => {
    const { bytes, length } = readOf(line)
    const mount = parseMountLine(bytes, 0, length)
    assert.deepEqual(mount && Object.values(mount), expected)
  })
}

for (const [what, line, expected] of [
  [
    'a cache',
    'kmalloc-4k          5     80   4096    8    8 : tunables    0    0    0 : slabdata     10     10      0',
    ['kmalloc-4k', 80],
  ],
  ['the first line', 'slabinfo - version: 2.1', undefined],
  ['the second line', '# name            <active_objs> <num_objs> <objsize>', undefined],
  ['a cut one', 'kmalloc-4k   5 80 4096 8 8 : tunables 0 0 0 : slabdata 10', undefined],
] as const) {
  test(`slabinfo: ${what}`, () => {
    const { bytes, length } = readOf(line)
    const slab = emptySlabLine()
    const found = parseSlabLine(bytes, 0, length, slab)
      ? [decodeText(bytes, slab.nameStart, slab.nameEnd), slab.pages]
      : undefined
    assert.deepEqual(found, expected)
  })
}

const SHM_HEAD =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap'
for (const [what, line, expected] of [
  ['the head', SHM_HEAD, undefined],
  [
    'a segment',
    '1359085569 32770 600 1048576 12 13 2 0 0 0 0 1 0 1 8192 4096',
    [0x51020001, 32770, 1048576, 12288, 2],
  ],
  [
    'a key above 2^31, which is printed with a sign',
    '-1 3 600 4096 1 1 0 0 0 0 0 1 0 1 4096 0',
    [0xffffffff, 3, 4096, 4096, 0],
  ],
  ['an old kernel without rss', '1 3 600 4096 1 1 0 0 0 0 0 1 0 1', undefined],
] as const) {
  test(`sysvipc/shm: ${what}`, () => {
    const { bytes, length } = readOf(line)
    const segment = parseShmLine(bytes, 0, length)
    assert.deepEqual(segment && Object.values(segment), expected)
  })
}

for (const [line, expected] of [
  ['0xa-0xb   8192 bpf_prog_alloc_no_stats+0x2d/0x290 pages=1 vmalloc N0=1', 4096],
  ['0xa-0xb 266240 array_map_alloc+0x92/0x230 pages=64 vmalloc vpages N0=64', 64 * 4096],
  ['0xa-0xb 266240 prealloc_init+0xa7/0xf0 pages=64 vmalloc', 64 * 4096],
  ['0xa-0xb 33570816 ringbuf_map_alloc+0x151/0x260 vmap user', 16785408],
  ['0xa-0xb  20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4', 0],
  ['0xa-0xb  20480 acpi_os_map+0x1/0x2 phys=0x0 ioremap bpf_ pages=4', 0],
  ['0xa-0xb   8192 unpurged vm_area', 0],
  ['', 0],
] as const) {
  test(`vmallocinfo: ${line}`, () => {
    const { bytes, length } = readOf(line)
    assert.equal(parseBpfBytes(bytes, 0, length, 4096), expected)
  })
}

for (const [line, expected] of [
  ['              count:    20240', 20240],
  ['              high:     108346', 0],
  ['      nr_free_pages 1704300', 0],
  ['count:', 0],
] as const) {
  test(`zoneinfo: ${line}`, () => {
    const { bytes, length } = readOf(line)
    assert.equal(parsePagesetCount(bytes, 0, length), expected)
  })
}

for (const [line, expected] of [
  ['allocinfo - version: 2.0', undefined],
  ['#     <size>  <calls> <tag info>', undefined],
  [
    '   127664128    31168 mm/page_ext.c:270 func:alloc_page_ext ',
    [127664128, 'mm/page_ext.c:270 func:alloc_page_ext'],
  ],
  [
    '     2097152        2 drivers/net/x.c:9 [xdrv] func:x_open accurate:no',
    [2097152, 'drivers/net/x.c:9 [xdrv] func:x_open'],
  ],
  ['         512        1 kernel/small.c:1 func:small', undefined],
  ['     2097152', undefined],
] as const) {
  test(`allocinfo: ${line}`, () => {
    const { bytes, length } = readOf(line)
    const tag = parseAllocLine(bytes, 0, length, 1024)
    assert.deepEqual(tag && Object.values(tag), expected)
  })
}

for (const [tag, isOwn] of [
  ['drivers/net/x.c:9 [xdrv] func:x_open', true],
  ['mm/page_ext.c:270 func:alloc_page_ext', true],
  ['mm/memory.c:1062 func:folio_prealloc', false],
  ['mm/filemap.c:1937 func:__filemap_get_folio', false],
  ['mm/slub.c:2450 func:alloc_slab_page', false],
  ['fs/dcache.c:1649 func:__d_alloc', false],
  ['fs/ext4/super.c:1388 [ext4] func:ext4_alloc_inode', false],
] as const) {
  test(`${tag} is ${isOwn ? 'memory of the kernel that nothing else shows' : 'shown elsewhere'}`, () => {
    assert.equal(isKernelOwn(tag), isOwn)
  })
}

test('what BPF allocates is told by its source', () => {
  assert.ok(isBpf('kernel/bpf/syscall.c:391 func:__bpf_map_area_alloc'))
  assert.ok(!isBpf('drivers/kernel/bpf/x.c:1 func:y'))
})

const V1 = 'cache 5\nrss 1\nshmem 1\ntotal_cache 900\ntotal_rss 100\ntotal_shmem 20\ntotal_swap 3\n'
const V2 = `anon 1000
file 5000
kernel 700
kernel_stack 10
pagetables 20
percpu 30
sock 40
vmalloc 50
shmem 60
slab_reclaimable 500
slab_unreclaimable 80
`

for (const [what, parse, text, expected] of [
  ['v1, children included, without page cache', parseHeldV1, V1, 123],
  ['v1 of a kernel without shmem', parseHeldV1, 'total_rss 7\n', 7],
  ['v1 that does not tell', parseHeldV1, 'cache 5\n', Number.NaN],
  [
    'v2: anon, shmem, sock, kernel without its reclaimable slab',
    parseHeldV2,
    V2,
    1000 + 60 + 40 + 200,
  ],
  [
    'v2 before 5.18: the kernel by parts',
    parseHeldV2,
    V2.replace('kernel 700\n', ''),
    1000 + 60 + 40 + 190,
  ],
  ['v2 that does not tell', parseHeldV2, 'file 5000\n', Number.NaN],
] as const) {
  test(`what a cgroup holds, ${what}`, () => {
    const { bytes, length } = readOf(text)
    assert.equal(parse(bytes, length), expected)
  })
}

for (const [text, expected] of [
  ['max\n', Number.POSITIVE_INFINITY],
  ['9223372036854771712\n', Number.POSITIVE_INFINITY],
  ['1073741824\n', 2 ** 30],
  ['0\n', 0],
  ['', Number.NaN],
  ['maximum', Number.NaN],
] as const) {
  test(`limit file of ${JSON.stringify(text)}`, () => {
    const { bytes, length } = readOf(text)
    assert.equal(parseLimit(bytes, length), expected)
  })
}
