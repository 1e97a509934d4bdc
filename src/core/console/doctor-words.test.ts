import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costOfPrinting, factsOf } from './facts.ts'
import { parseTermios } from './host-consoles.ts'
import type { FixtureHost } from './hosts.fixture.ts'
import { HEALTHY, HOSTS, like, readingOf } from './hosts.fixture.ts'
import { hardwareOf, hypervisorOf } from './hypervisor.ts'
import { iniValue, parseSpanSec } from './ini.ts'
import { parseKernelArguments, parseMemory } from './kernel-arguments.ts'
import { countCpus, logBufferOf } from './log-buffer.ts'
import { bestRemedy, remediesOf } from './remedies.ts'
import { settersOf } from './sysctl-files.ts'
import { verdictOf } from './verdict.ts'

function filesOf(files: Readonly<Record<string, string>>): { files: ReadonlyMap<string, string> } {
  return { files: new Map(Object.entries(files)) }
}

const SERIAL = {
  '/proc/consoles': 'ttyS1 -W- (EC p a) 4:65',
  '/proc/cmdline': 'console=ttyS1,19200',
}

const SENTENCES: readonly (readonly [
  what: string,
  host: FixtureHost,
  state: string,
  words: RegExp,
])[] = [
  [
    'a slow line alone',
    like(HOSTS['bare-metal'], SERIAL),
    'freeze',
    /^An OOM here would stop every allocating process for 11\.5 s: the report is 22\.\d kB and ttyS1 carries 1,920 bytes a second\.$/,
  ],
  ['a screen beside it', HOSTS['bare-metal'], 'freeze', /for at least 11\.5 s/],
  [
    'two lines',
    like(HOSTS['bare-metal'], {
      '/proc/consoles': 'ttyS1 -W- (EC p a) 4:65\nttyS0 -W- (E p a) 4:64',
      '/proc/cmdline': 'console=ttyS0,9600 console=ttyS1,19200',
    }),
    'freeze',
    /ttyS1 carries 1,920 bytes a second and ttyS0 carries 960 bytes a second/,
  ],
  ['a guest', HOSTS.cloud, 'nominal', /nominal speed, which an emulated line is rarely held to/],
  ['a thread that prints', HOSTS.arm, 'none', /threads of their own print/],
  ['PREEMPT_RT', HOSTS.realtime, 'none', /threads of their own print/],
  ['a hypervisor', HOSTS.hypervisor, 'unknown', /waits; the speed of hvc0 is not known\.$/],
  [
    'a level that hides it',
    like(HOSTS['bare-metal'], { '/proc/sys/kernel/printk': '3 4 1 7' }),
    'none',
    /keeps its report off all of them\. It is so little because kernel\.printk is 3 4 1 7; with the kernel's default, 7 4 1 7, it would be at least 11\.5 s\.$/,
  ],
  ['no console', like(HEALTHY, { '/proc/consoles': '' }), 'none', /none is registered/],
  [
    'a short report',
    like(HEALTHY, SERIAL),
    'short',
    /for 0\.\d\d s: .* kernel\.printk is 5 7 1 7; .* it would be \d+\.\d s\.$/,
  ],
  [
    'a short report of a speed that is not known',
    like(HOSTS.hypervisor, { '/proc/sys/kernel/printk': '4 4 1 7' }),
    'unknown',
    /is not known\. It is so little .* it would be \d+\.\d kB\.$/,
  ],
  [
    'a short report that nobody waits for',
    like(HOSTS.arm, { '/proc/sys/kernel/printk': '4 4 1 7' }),
    'none',
    /of their own print, or the network takes it\.$/,
  ],
  [
    'no list of consoles',
    like(HEALTHY, { '/proc/consoles': null, '/proc/cmdline': 'quiet' }),
    'unknown',
    /cannot be told: \/proc\/consoles/,
  ],
  [
    'no level',
    like(HEALTHY, { '/proc/sys/kernel/printk': null }),
    'unknown',
    /cannot be told: \/proc\/sys\/kernel\/printk/,
  ],
]
for (const [what, host, state, words] of SENTENCES) {
  test(`the sentence of ${what}`, () => {
    const verdict = verdictOf(factsOf(readingOf(host)))
    assert.match(verdict.sentence, words)
    assert.equal(verdict.state, state)
    assert.equal(verdict.freezeMs === null, state === 'unknown' || state === 'nominal')
  })
}

test('remedies stand side by side with their seconds, and none takes longer than as it is', () => {
  const facts = factsOf(readingOf(like(HOSTS['bare-metal'], SERIAL)))
  const remedies = remediesOf(facts) ?? []
  const ms = Object.fromEntries(remedies.map(({ id, printing }) => [id, printing.cost.waitMs]))
  assert.deepEqual(Object.keys(ms), [
    'as-is',
    'default-level',
    'level-4',
    'detach',
    'no-table',
    'level-3',
    'adaptive',
  ])
  const { 'as-is': asIs = 0, 'no-table': noTable = 0, 'default-level': spared = 0 } = ms
  assert.ok(asIs > noTable && noTable > spared && spared > (ms['level-4'] ?? 0))
  assert.deepEqual([ms.detach, ms['level-3']], [0, 0])
  assert.equal(ms.adaptive, spared)
  // 19,200 baud with ten bits a byte: bytes and milliseconds are the same figure but for 1.92.
  const bytes = remedies[0]?.printing.cost.consoles[0]?.bytes ?? 0
  assert.ok(Math.abs(asIs - bytes / 1.92) < 1e-6)
})

test('the best remedy keeps the network, where there is one', () => {
  for (const [name, id] of [
    ['bare-metal', 'default-level'],
    ['netconsole', 'detach'],
  ] as const) {
    const loud = like(HOSTS[name], { '/proc/sys/kernel/printk': '7 4 1 7' })
    const facts = factsOf(readingOf(loud))
    assert.equal(bestRemedy(facts, remediesOf(facts) ?? [])?.id, id)
  }
})

test('ignore_loglevel leaves a level without effect, and printk_delay adds to every line', () => {
  const loud = like(HOSTS['bare-metal'], { '/sys/module/printk/parameters/ignore_loglevel': 'Y' })
  const [asIs, spared] = remediesOf(factsOf(readingOf(loud))) ?? []
  assert.equal(asIs?.printing.cost.waitMs, spared?.printing.cost.waitMs)
  const delayed = factsOf(readingOf(like(HEALTHY, { '/proc/sys/kernel/printk_delay': '10' })))
  const lines = delayed.report?.length ?? 0
  assert.ok((costOfPrinting(delayed)?.cost.waitMs ?? 0) >= lines * 10)
})

for (const [text, expected] of [
  ['speed 19200 baud; rows 0;\n-parenb cs8 -cstopb', { baud: 19_200, bitsPerByte: 10 }],
  ['speed 9600 baud; line = 0;\nparenb cs7 cstopb', { baud: 9600, bitsPerByte: 11 }],
  ['speed 0 baud; cs8', null],
  ['', null],
] as const) {
  test(`stty: ${JSON.stringify(text)}`, () => assert.deepEqual(parseTermios(text), expected))
}

test('the kernel command line ends where that of init begins', () => {
  assert.deepEqual(parseKernelArguments('quiet console=ttyS0,115200 -- --token=x'), [
    { name: 'quiet', value: null },
    { name: 'console', value: 'ttyS0,115200' },
  ])
})

for (const [text, bytes] of [
  ['4M', 4 * 2 ** 20],
  ['65536', 65_536],
  ['64k', 65_536],
  ['0x100000', 2 ** 20],
  ['much', null],
] as const) {
  test(`a size of the kernel: ${text}`, () => assert.equal(parseMemory(text), bytes))
}

const SHIFT = 'CONFIG_LOG_BUF_SHIFT=17\nCONFIG_LOG_CPU_MAX_BUF_SHIFT=12'
for (const [line, said, bytes, from] of [
  ['', 'printk: log_buf_len: 524288 bytes', 524_288, 'the kernel at its start'],
  [
    '',
    'printk: log buffer data + meta data: 131072 + 458752 = 589824 bytes',
    131_072,
    'the kernel at its start',
  ],
  ['log_buf_len=1M', 'log_buf_len: 2097152 bytes', 2_097_152, 'the kernel at its start'],
  ['log_buf_len=1M', 'printk: log_buf_len min size: 131072 bytes', 1_048_576, 'log_buf_len='],
  ['', '', 131_072, 'the kernel configuration'],
] as const) {
  test(`the log buffer where the kernel said ${JSON.stringify(said)}`, () => {
    const buffer = logBufferOf(parseKernelArguments(line), SHIFT, 4, said)
    assert.deepEqual(buffer, { bytes, from })
  })
}

for (const [line, config, cpus, bytes] of [
  ['', SHIFT, 4, 131_072],
  // (64 - 1) x 4 KiB is more than half of 128 KiB.
  ['', SHIFT, 64, 524_288],
  ['', SHIFT, null, null],
  ['', '', 4, null],
  ['log_buf_len=1M', '', null, 1_048_576],
  ['log_buf_len=300K', '', null, 524_288],
  ['log_buf_len=4K', SHIFT, 4, 131_072],
] as const) {
  test(`the log buffer of ${JSON.stringify(line)}, ${config.length} and ${cpus} CPUs`, () => {
    assert.equal(logBufferOf(parseKernelArguments(line), config, cpus, null)?.bytes ?? null, bytes)
  })
}

for (const [list, count] of [
  ['0', 1],
  ['0-15', 16],
  ['0,2-5', 5],
  ['', null],
  ['x', null],
] as const) {
  test(`CPUs of ${JSON.stringify(list)}`, () => assert.equal(countCpus(list), count))
}

for (const [text, sec] of [
  ['5m', 300],
  ['1min 30s', 90],
  ['30', 30],
  ['500ms', 0.5],
  ['never', null],
  ['', null],
] as const) {
  test(`a span of systemd: ${JSON.stringify(text)}`, () => assert.equal(parseSpanSec(text), sec))
}

test('the last drop-in by its name sets a value, in whatever directory it lies', () => {
  const files = filesOf({
    '/etc/systemd/journald.conf': 'Storage=auto',
    '/etc/systemd/journald.conf.d/10-a.conf': 'Storage=volatile',
    '/usr/lib/systemd/journald.conf.d/20-b.conf': 'Storage=persistent',
  })
  assert.equal(iniValue(files, 'journald', 'Storage')?.value, 'persistent')
  assert.equal(iniValue(files, 'journald', 'SyncIntervalSec'), null)
})

const DMI = '/sys/class/dmi/id'
for (const [files, name] of [
  [{ [`${DMI}/sys_vendor`]: 'QEMU' }, 'QEMU'],
  [{ [`${DMI}/sys_vendor`]: 'Amazon EC2', [`${DMI}/product_name`]: 'm5.large' }, 'Amazon EC2'],
  [{ [`${DMI}/sys_vendor`]: 'Amazon EC2', [`${DMI}/product_name`]: 'm5.metal' }, null],
  [
    { [`${DMI}/sys_vendor`]: 'Microsoft Corporation', [`${DMI}/product_name`]: 'Virtual Machine' },
    'Hyper-V',
  ],
  [{ [`${DMI}/sys_vendor`]: 'Dell Inc.', [`${DMI}/product_name`]: 'PowerEdge' }, null],
  [{ '/proc/cpuinfo': 'flags\t\t: fpu hypervisor sse' }, 'a hypervisor'],
  [{ '/proc/cpuinfo': 'flags\t\t: fpu sse' }, null],
] as const) {
  test(`a guest? ${JSON.stringify(files)}`, () => assert.equal(hypervisorOf(filesOf(files)), name))
}

test('hardware is named as the kernel names it in a report', () => {
  assert.equal(
    hardwareOf(readingOf(HEALTHY)),
    'Dell Inc. PowerEdge R640/0H28RR, BIOS 2.21.2 02/19/2024',
  )
  assert.equal(hardwareOf(readingOf(HOSTS.arm)), 'Raspberry Pi 5 Model B Rev 1.0 (DT)')
  assert.equal(hardwareOf(filesOf({})), '')
})

test('of files that set a sysctl the last by its name counts, and of one name that in /etc', () => {
  const files = filesOf({
    '/usr/lib/sysctl.d/50-a.conf': 'kernel.printk = 1 1 1 1',
    '/usr/lib/sysctl.d/60-b.conf': 'kernel.printk = 2 2 2 2',
    '/etc/sysctl.d/60-b.conf': 'kernel/printk = 3 3 3 3',
    '/etc/sysctl.conf': '#kernel.printk = 9 9 9 9\nkernel.printk = 4 4 4 4',
    '/run/sysctl.d/70-c.conf': 'kernel.printk_delay = 5',
  })
  assert.deepEqual(
    settersOf(files, 'kernel.printk').map(({ path, value }) => `${path} ${value[0]}`),
    ['/usr/lib/sysctl.d/50-a.conf 1', '/etc/sysctl.d/60-b.conf 3', '/etc/sysctl.conf 4'],
  )
})
