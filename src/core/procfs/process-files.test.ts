import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AT_CLKTCK, AT_PAGESZ, parseAuxv } from './auxv.ts'
import { readOf } from './bytes.fixture.ts'
import { parseCgroupFile } from './cgroup-file.ts'
import { parseHeapOption } from './heap-option.ts'
import { parseLimits } from './limits.ts'
import { decodeText } from './scan.ts'
import { emptyStat, parseStat } from './stat.ts'
import { emptyStatm, parseStatm } from './statm.ts'
import { decodeStatusName, emptyStatus, parseStatus, type Status } from './status.ts'

/** Fields 4 to 22 of a stat line: flags are field 9, the start time is field 22. */
function statTail(flags: number, startTicks: number): string {
  return `S 1 1 1 0 -1 ${flags} 1 2 3 4 5 6 7 8 20 0 1 0 ${startTicks} 1000 200 18446744073709551615`
}

for (const [what, text, expected] of [
  ['an ordinary one', `812 (nginx) ${statTail(0x400040, 777)}\n`, ['nginx', 777, false]],
  ['a kernel thread', `2 (kthreadd) ${statTail(0x208040, 12)}\n`, ['kthreadd', 12, true]],
  ['a name that plays a line', `9 (x) S 1 (y) ${statTail(0, 5)}\n`, ['x) S 1 (y', 5, false]],
  ['a name of nothing', `9 () ${statTail(0, 5)}\n`, ['', 5, false]],
  ['a name with a newline', `9 (a\nb) ${statTail(0, 5)}\n`, ['a\nb', 5, false]],
  ['a cut one', '812 (nginx) S 1 2 3', undefined],
  ['one without name', `812 nginx ${statTail(0, 777)}`, undefined],
  ['an empty one', '', undefined],
] as const) {
  test(`stat: ${what}`, () => {
    const { bytes, length } = readOf(text)
    const stat = emptyStat()
    const isParsed = parseStat(bytes, length, stat)
    const found = isParsed
      ? [decodeText(bytes, stat.commStart, stat.commEnd), stat.startTicks, stat.isKernelThread]
      : undefined
    assert.deepEqual(found, expected)
  })
}

for (const [what, text, expected] of [
  ['an ordinary one', '2048 512 128 10 0 300 0\n', [2048, 512, 128]],
  ['a zombie', '0 0 0 0 0 0 0\n', [0, 0, 0]],
  ['a cut one', '2048 512', undefined],
  ['words', 'a b c', undefined],
  ['nothing', '', undefined],
] as const) {
  test(`statm: ${what}`, () => {
    const { bytes, length } = readOf(text)
    const statm = emptyStatm()
    const found = parseStatm(bytes, length, statm)
      ? [statm.sizePages, statm.residentPages, statm.sharedPages]
      : undefined
    assert.deepEqual(found, expected)
  })
}

function figuresOf(status: Status): Record<string, number> {
  const { vmSizeBytes, vmDataBytes, rssAnonBytes, rssFileBytes, rssShmemBytes } = status
  const { vmSwapBytes, threads, uid, switches } = status
  const kinds = { rssAnonBytes, rssFileBytes, rssShmemBytes, vmSwapBytes }
  return { vmSizeBytes, vmDataBytes, ...kinds, threads, uid, switches }
}

const STATUS = `Name:\tweb\\nx\\\\
Umask:\t0022
State:\tS (sleeping)
Uid:\t33\t0\t0\t0
VmPeak:\t   9000 kB
VmSize:\t   8000 kB
VmRSS:\t   600 kB
RssAnon:\t     400 kB
RssFile:\t     150 kB
RssShmem:\t      50 kB
VmData:\t   7000 kB
VmSwap:\t      10 kB
Threads:\t7
SigQ:\t0/96365
voluntary_ctxt_switches:\t41
nonvoluntary_ctxt_switches:\t1
RssAnon:\t     999999 kB
`

test('status: every kind of memory, owner, threads; nothing behind the last line that is wanted', () => {
  const { bytes, length } = readOf(STATUS)
  const status = emptyStatus()
  parseStatus(bytes, length, status)
  const figures = figuresOf(status)
  assert.deepEqual(figures, {
    vmSizeBytes: 8000 * 1024,
    vmDataBytes: 7000 * 1024,
    rssAnonBytes: 400 * 1024,
    rssFileBytes: 150 * 1024,
    rssShmemBytes: 50 * 1024,
    vmSwapBytes: 10 * 1024,
    threads: 7,
    uid: 33,
    switches: 42,
  })
  assert.equal(decodeStatusName(bytes, status), 'web\nx\\')
})

for (const [what, change] of [
  [
    'other figures',
    (text: string) => text.replace('400 kB', ' 88 kB').replace('Threads:\t7', 'Threads:\t8'),
  ],
  ['a longer name', (text: string) => text.replace('web', 'website')],
  ['a figure of nine digits', (text: string) => text.replace('   8000 kB', '123456789 kB')],
  ['another state', (text: string) => text.replace('S (sleeping)', 'D (disk sleep)')],
  ['more switches', (text: string) => text.replace('\t41', '\t4100')],
  ['more signals', (text: string) => text.replace('\t0/', '\t10/')],
  ['a line less', (text: string) => text.replace(/VmSwap.*\n/, '')],
  ['a line more', (text: string) => text.replace('RssAnon', 'VmNew:\t     1 kB\nRssAnon')],
  ['no memory at all', (text: string) => text.replace(/(Vm|Rss).*\n/g, '')],
  ['nothing at all', () => ''],
  ['the same', (text: string) => text],
] as const) {
  test(`status read where its lines stood before, and now with ${what}`, () => {
    const before = readOf(STATUS)
    const now = readOf(change(STATUS))
    const known = emptyStatus()
    parseStatus(before.bytes, before.length, known)
    parseStatus(now.bytes, now.length, known)
    const fresh = emptyStatus()
    parseStatus(now.bytes, now.length, fresh)
    assert.deepEqual(figuresOf(known), figuresOf(fresh))
    assert.equal(decodeStatusName(now.bytes, known), decodeStatusName(now.bytes, fresh))
  })
}

test('status of a kernel thread or an old kernel: what is not there is unknown, never zero', () => {
  const status = emptyStatus()
  const full = readOf(STATUS)
  parseStatus(full.bytes, full.length, status)
  const { bytes, length } = readOf('Name:\tkthreadd\nUid:\t0\t0\t0\t0\nThreads:\t1\n')
  parseStatus(bytes, length, status)
  assert.deepEqual(
    [status.rssAnonBytes, status.rssShmemBytes, status.vmSwapBytes, status.vmDataBytes],
    [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
  )
  assert.equal(status.threads, 1)
})

for (const [what, text, expected] of [
  [
    'v2 alone',
    '0::/system.slice/a.service\n',
    [undefined, '/system.slice/a.service', '/system.slice/a.service'],
  ],
  [
    'v1 with a named hierarchy',
    '9:name=systemd:/system.slice/a.service\n4:cpu,memory:/m\n0::/\n',
    ['/m', '/', '/system.slice/a.service'],
  ],
  ['colons in the path', '0::/a:b:c\n', [undefined, '/a:b:c', '/a:b:c']],
  ['a controller whose name ends alike', '3:hugememory:/x\n', [undefined, undefined, undefined]],
  ['a line of another form', 'nonsense\n0::/\n', [undefined, '/', '/']],
  ['nothing', '', [undefined, undefined, undefined]],
] as const) {
  test(`cgroup: ${what}`, () => {
    const { bytes, length } = readOf(text)
    const { memory, unified, systemd } = parseCgroupFile(bytes, length)
    assert.deepEqual([memory, unified, systemd], expected)
  })
}

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units     
Max data size             unlimited            unlimited            bytes     
Max resident set          5                    5                    bytes     
Max address space         1073741824           unlimited            bytes     
`

for (const [what, text, expected] of [
  ['one of them set', LIMITS, [2 ** 30, Number.POSITIVE_INFINITY]],
  [
    'both set',
    LIMITS.replace('size             unlimited', 'size             4096     '),
    [2 ** 30, 4096],
  ],
  ['not stated', 'Max cpu time              1\n', [Number.NaN, Number.NaN]],
  ['cut behind the name', 'Max address space ', [Number.NaN, Number.NaN]],
] as const) {
  test(`limits: ${what}`, () => {
    const { bytes, length } = readOf(text)
    const { addressSpaceBytes, dataBytes, openFiles } = parseLimits(bytes, length)
    assert.deepEqual([addressSpaceBytes, dataBytes], [...expected])
    assert.ok(Number.isNaN(openFiles))
  })
}

const MIB = 2 ** 20
for (const [args, expected] of [
  [['node', '--max-old-space-size=512', 'a.js'], 512 * MIB],
  [['/usr/bin/nodejs', '--max_old_space_size=64', 'a.js'], 64 * MIB],
  [['node', '--max-old-space-size=64', '--max-old-space-size=128'], 128 * MIB],
  [['java', '-Xms1g', '-Xmx2g', '-jar', 'a.jar'], 2048 * MIB],
  [['/opt/jdk/bin/java', '-Xmx300M'], 300 * MIB],
  [['java', '-Xmx65536k'], 64 * MIB],
  [['java', '-XX:MaxHeapSize=1048576'], MIB],
  [['node', '--max-old-space-size=0'], Number.NaN],
  [['node', '--max-old-space-size=lots'], Number.NaN],
  [['java', '--max-old-space-size=512'], Number.NaN],
  [['sh', '-c', 'node --max-old-space-size=512 a.js'], Number.NaN],
  [['cat', '-Xmx2g'], Number.NaN],
  [[], Number.NaN],
] as const) {
  test(`heap option of ${JSON.stringify(args.join(' '))}`, () => {
    assert.equal(parseHeapOption(args), expected)
  })
}

test('auxv: page size and clock tick; an odd or cut vector states neither', () => {
  const bytes = new Uint8Array(64)
  const view = new DataView(bytes.buffer)
  for (const [index, word] of [AT_PAGESZ, 16384, AT_CLKTCK, 100].entries()) {
    view.setBigUint64(index * 8, BigInt(word), true)
  }
  assert.equal(parseAuxv(bytes, 32, AT_PAGESZ), 16384)
  assert.equal(parseAuxv(bytes, 32, AT_CLKTCK), 100)
  assert.equal(parseAuxv(bytes, 16, AT_CLKTCK), undefined)
  assert.equal(parseAuxv(bytes, 64, 0), undefined)
})
