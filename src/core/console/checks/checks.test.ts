import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { examine } from '../examine.ts'
import { factsOf } from '../facts.ts'
import type { Check, Finding, Severity } from '../finding.ts'
import type { FixtureHost } from '../hosts.fixture.ts'
import { HEALTHY, HOSTS, like, readingOf } from '../hosts.fixture.ts'
import { remediesOf } from '../remedies.ts'
import { verdictOf } from '../verdict.ts'
import { CHECKS } from './index.ts'

type Changes = Readonly<Record<string, string | null>>

interface Case {
  readonly id: string
  /** Beside a healthy host. */
  readonly files?: Changes
  readonly comms?: readonly string[]
  readonly severity: Severity
  readonly title: RegExp
  /** What is in the fix, as JSON. */
  readonly fix?: RegExp
}

const SLOW = {
  '/proc/consoles': 'ttyS1                -W- (EC p a)    4:65',
  '/proc/cmdline': 'console=ttyS1,19200n8 crashkernel=512M log_buf_len=4M',
  '/proc/sys/kernel/printk': '7\t4\t1\t7',
  '/sys/class/tty/ttyS1/console': 'Y',
} as const
const NETWORK = `${SLOW['/proc/consoles']}\nnetcon_ext0          -W- (E    )`
const VM = '/proc/sys/vm'
const KERNEL = '/proc/sys/kernel'
const JOURNALD = '/etc/systemd/journald.conf'
const OOMD = '/etc/systemd/system/user.slice.d/oomd.conf'
const many = (count: number): readonly string[] => [
  ...HEALTHY.comms,
  ...Array.from({ length: count }, (_, at) => `more-${at}`),
]
const GIB_512 = (HEALTHY.files['/proc/meminfo'] ?? '').replace(
  /MemTotal: +\d+/,
  'MemTotal: 536870912',
)

const CASES: readonly Case[] = [
  // The freeze, on bare metal, in a guest, and beside the network.
  {
    id: 'console-freeze',
    files: SLOW,
    severity: 'high',
    title: /takes \d+\.\d s to print$/,
    fix: /5 7 1 7/,
  },
  {
    id: 'console-freeze',
    files: { ...SLOW, '/proc/cpuinfo': 'flags\t: fpu hypervisor' },
    severity: 'medium',
    title: /if the line is held to its speed/,
  },
  {
    id: 'console-freeze',
    files: { ...SLOW, '/proc/consoles': NETWORK },
    severity: 'high',
    title: /to print$/,
    fix: /"\/sys\/class\/tty\/ttyS1\/console","value":"0"/,
  },
  {
    id: 'flow-control',
    files: { ...SLOW, '/proc/cmdline': 'console=ttyS1,115200n8r' },
    severity: 'high',
    title: /^ttyS1 has hardware flow control/,
  },
  {
    id: 'boot-console',
    files: { '/proc/consoles': 'uart8250_1           -W- (EBp a)' },
    severity: 'medium',
    title: /uart8250_1/,
  },
  {
    id: 'network-beside-line',
    files: { ...SLOW, '/proc/consoles': NETWORK },
    severity: 'medium',
    title: /^netconsole waits for ttyS1/,
  },
  {
    id: 'network-beside-line',
    files: { ...SLOW, '/proc/consoles': NETWORK, [`${KERNEL}/printk`]: '4 4 1 7' },
    severity: 'medium',
    title: /silences netconsole too/,
    fix: /"7 4 1 7"/,
  },
  {
    id: 'ignore-loglevel',
    files: { '/sys/module/printk/parameters/ignore_loglevel': 'Y' },
    severity: 'medium',
    title: /ignore_loglevel is on/,
    fix: /w \/sys\/module\/printk\/parameters\/ignore_loglevel - - - - N/,
  },
  {
    id: 'printk-delay',
    files: { [`${KERNEL}/printk_delay`]: '100' },
    severity: 'high',
    title: /100 ms/,
  },
  {
    id: 'printk-delay',
    files: { [`${KERNEL}/printk_delay`]: '1' },
    severity: 'medium',
    title: /1 ms/,
  },
  {
    id: 'forward-to-console',
    files: { '/etc/systemd/journald.conf.d/x.conf': 'ForwardToConsole=yes' },
    severity: 'medium',
    title: /journal goes to the console/,
    fix: /ForwardToConsole=no/,
  },
  {
    id: 'forward-to-console',
    files: { '/proc/cmdline': 'systemd.log_target=console log_buf_len=4M' },
    severity: 'medium',
    title: /journal goes to the console/,
    fix: /kernel command line/,
  },
  {
    id: 'log-buffer',
    files: { '/proc/cmdline': 'console=tty0' },
    comms: many(1500),
    severity: 'high',
    title: /overwrites its own beginning/,
    fix: /log_buf_len=1M/,
  },
  {
    id: 'log-buffer',
    files: { '/proc/cmdline': 'console=tty0' },
    comms: many(300),
    severity: 'medium',
    title: /holds 2 OOM reports/,
  },
  {
    id: 'oom-dump-tasks',
    files: { [`${VM}/oom_dump_tasks`]: '0' },
    severity: 'medium',
    title: /victim alone/,
  },
  {
    id: 'oom-kill-allocating-task',
    files: { [`${VM}/oom_kill_allocating_task`]: '1' },
    severity: 'medium',
    title: /whoever asks/,
  },
  {
    id: 'kill-line-hidden',
    files: { [`${KERNEL}/printk`]: '3 4 1 7' },
    severity: 'note',
    title: /whom/,
    fix: /"4 4 1 7"/,
  },
  {
    id: 'line-without-port',
    files: { '/sys/class/tty/ttyS0/type': '0' },
    severity: 'medium',
    title: /no port behind/,
  },
  {
    id: 'min-free-kbytes',
    files: { [`${VM}/min_free_kbytes`]: '512' },
    severity: 'medium',
    title: /^512 KiB/,
  },
  {
    id: 'min-free-kbytes',
    files: { [`${VM}/min_free_kbytes`]: '8000000' },
    severity: 'medium',
    title: /^25 %/,
  },
  {
    id: 'min-free-kbytes',
    files: { '/proc/meminfo': GIB_512 },
    severity: 'note',
    title: /of 512 GiB/,
    fix: /1048576/,
  },
  {
    id: 'watermark-scale-factor',
    files: { [`${VM}/watermark_scale_factor`]: '10' },
    severity: 'note',
    title: /0\.1 %/,
  },
  {
    id: 'overcommit',
    files: { [`${VM}/overcommit_memory`]: '1' },
    severity: 'note',
    title: /Every promise/,
  },
  {
    id: 'overcommit',
    files: { [`${VM}/overcommit_memory`]: '2', [`${VM}/admin_reserve_kbytes`]: '131072' },
    severity: 'note',
    title: /bounded/,
  },
  {
    id: 'admin-reserve',
    files: { [`${VM}/admin_reserve_kbytes`]: '0' },
    severity: 'note',
    title: /8192/,
  },
  {
    id: 'swap',
    files: {
      '/proc/meminfo': (HEALTHY.files['/proc/meminfo'] ?? '').replace(
        /SwapTotal: +\d+/,
        'SwapTotal: 0',
      ),
    },
    severity: 'note',
    title: /no swap/,
  },
  {
    id: 'cgroup-v1',
    files: {
      '/sys/fs/cgroup/cgroup.controllers': null,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '',
    },
    severity: 'note',
    title: /cgroup v1/,
  },
  {
    id: 'two-killers',
    comms: [...HEALTHY.comms, 'earlyoom'],
    severity: 'medium',
    title: /^earlyoom and systemd-oomd/,
  },
  {
    id: 'two-killers',
    files: { '/sys/kernel/mm/lru_gen/min_ttl_ms': '1000' },
    severity: 'medium',
    title: /systemd-oomd and the kernel/,
  },
  {
    id: 'no-killer',
    comms: ['systemd', 'systemd-journal'],
    severity: 'note',
    title: /^Nobody acts/,
  },
  { id: 'oomd-idle', files: { [OOMD]: null }, severity: 'medium', title: /no unit has/ },
  { id: 'oomd-idle', files: { '/proc/pressure/memory': null }, severity: 'medium', title: /psi=1/ },
  {
    id: 'kubelet-eviction',
    files: {
      '/proc/meminfo': GIB_512,
      '/var/lib/kubelet/config.yaml': '  memory.available: "500Mi"',
    },
    comms: [...HEALTHY.comms, 'kubelet'],
    severity: 'medium',
    title: /500Mi are left of 512 GiB/,
    fix: /8Gi/,
  },
  {
    id: 'panic-on-oom',
    files: { [`${VM}/panic_on_oom`]: '2' },
    severity: 'high',
    title: /any container/,
  },
  {
    id: 'panic-on-oom',
    files: { [`${VM}/panic_on_oom`]: '1', '/sys/kernel/kexec_crash_loaded': '0' },
    severity: 'high',
    title: /panics the host/,
  },
  {
    id: 'panic-timeout',
    files: { [`${KERNEL}/panic`]: '0' },
    severity: 'note',
    title: /until somebody/,
  },
  {
    id: 'panic-on-oops',
    files: { [`${KERNEL}/panic_on_oops`]: '0' },
    severity: 'note',
    title: /oops/,
  },
  {
    id: 'hung-task',
    files: {
      ...SLOW,
      [`${KERNEL}/hung_task_panic`]: '1',
      [`${KERNEL}/hung_task_timeout_secs`]: '30',
    },
    severity: 'high',
    title: /may panic the host/,
  },
  {
    id: 'hung-task',
    files: { [`${KERNEL}/hung_task_warnings`]: '-1' },
    severity: 'note',
    title: /no limit/,
  },
  {
    id: 'softlockup-panic',
    files: { [`${KERNEL}/softlockup_panic`]: '1' },
    severity: 'note',
    title: /busy/,
  },
  {
    id: 'sysrq',
    files: { [`${KERNEL}/sysrq`]: '438' },
    severity: 'note',
    title: /438/,
    fix: /"510"/,
  },
  {
    id: 'sysrq',
    files: { [`${KERNEL}/sysrq`]: '0' },
    severity: 'note',
    title: /refused/,
    fix: /"72"/,
  },
  {
    id: 'core-pattern',
    files: { [`${KERNEL}/core_pattern`]: '|/opt/crash %p' },
    severity: 'note',
    title: /pipe/,
  },
  {
    id: 'kdump',
    files: { '/sys/kernel/kexec_crash_loaded': '0' },
    severity: 'medium',
    title: /none is loaded/,
  },
  {
    id: 'kdump',
    files: { '/sys/kernel/kexec_crash_loaded': '0', '/proc/cmdline': 'log_buf_len=4M' },
    severity: 'note',
    title: /no crash kernel/,
  },
  {
    id: 'pstore',
    files: { '/sys/module/pstore/parameters/backend': '(null)' },
    severity: 'note',
    title: /survives/,
  },
  {
    id: 'pstore',
    files: { '/sys/module/pstore/parameters/kmsg_bytes': '10240' },
    severity: 'note',
    title: /10\.2 kB/,
  },
  {
    id: 'watchdog-shorter',
    files: { ...SLOW, '/etc/systemd/system.conf': 'RuntimeWatchdogSec=5s' },
    severity: 'high',
    title: /resets after 5 s/,
  },
  {
    id: 'watchdog-shorter',
    files: {
      ...SLOW,
      '/sys/class/watchdog/watchdog0/timeout': '15',
      '/sys/class/watchdog/watchdog0/state': 'active',
    },
    severity: 'medium',
    title: /resets after 15 s/,
  },
  {
    id: 'journald-storage',
    files: { [JOURNALD]: 'Storage=volatile\nSyncIntervalSec=15s' },
    severity: 'medium',
    title: /memory alone/,
  },
  {
    id: 'journald-storage',
    files: { [JOURNALD]: 'SyncIntervalSec=15s' },
    severity: 'medium',
    title: /memory alone/,
  },
  {
    id: 'journald-sync',
    files: { [JOURNALD]: 'Storage=persistent' },
    severity: 'note',
    title: /5m, its default/,
  },
  {
    id: 'journald-level',
    files: { '/run/systemd/journald.conf.d/a.conf': 'MaxLevelStore=info' },
    severity: 'medium',
    title: /drops kernel lines above info/,
  },
  {
    id: 'journald-level',
    files: { [JOURNALD]: 'Storage=persistent\nSyncIntervalSec=15s\nReadKMsg=no' },
    severity: 'medium',
    title: /does not take/,
  },
  {
    id: 'rsyslog-filter',
    files: { '/etc/rsyslog.conf': 'kern.info  -/var/log/kern.log' },
    comms: [...HEALTHY.comms, 'rsyslogd'],
    severity: 'medium',
    title: /no whole OOM report/,
  },
  {
    id: 'rsyslog-twice',
    files: {
      '/etc/rsyslog.conf':
        'module(load="imklog")\nmodule(load="imjournal")\nkern.* /var/log/kern.log',
    },
    comms: [...HEALTHY.comms, 'rsyslogd'],
    severity: 'note',
    title: /twice/,
  },
  { id: 'psi', files: { '/proc/pressure/memory': null }, severity: 'medium', title: /no PSI/ },
  {
    id: 'netconsole-idle',
    files: { '/sys/module/netconsole': '' },
    severity: 'medium',
    title: /no target is enabled/,
  },
  {
    id: 'netconsole-idle',
    files: { '/proc/consoles': 'netcon_ext0          -W- (EC   )' },
    severity: 'medium',
    title: /no whole OOM report at a console level of 5/,
  },
  {
    id: 'always-kmsg-dump',
    files: { '/sys/module/printk/parameters/always_kmsg_dump': 'Y' },
    severity: 'note',
    title: /firmware/,
  },
]

function findingsOf(host: FixtureHost): readonly Finding[] {
  return examine(factsOf(readingOf(host)), CHECKS).findings
}

test('a healthy host has no finding at all, and all of it is seen', () => {
  const { findings, unseen } = examine(factsOf(readingOf(HEALTHY)), CHECKS)
  assert.deepEqual(
    findings.map(({ id, title }) => `${id}: ${title}`),
    [],
  )
  assert.deepEqual(unseen, [])
})

for (const { id, files = {}, comms, severity, title, fix } of CASES) {
  test(`${id}: ${title.source}`, () => {
    const host = like(HEALTHY, files, comms === undefined ? {} : { comms })
    const found = findingsOf(host).filter((finding) => finding.id === id)
    assert.equal(found.length, 1)
    assert.equal(found[0]?.severity, severity)
    assert.match(found[0]?.title ?? '', title)
    if (fix !== undefined) assert.match(JSON.stringify(found[0]?.fix).replaceAll('\\"', '"'), fix)
  })
}

test('every check has a case, an id of its own, and the name of its file', () => {
  const ids = CHECKS.map(({ id }: Check) => id)
  assert.deepEqual([...new Set(CASES.map(({ id }) => id))].sort(), [...ids].sort())
  assert.equal(new Set(ids).size, ids.length)
})

test('every finding says what it costs, and how to go back', () => {
  for (const { id, files = {}, comms } of CASES) {
    const host = like(HEALTHY, files, comms === undefined ? {} : { comms })
    const found = findingsOf(host).find((finding) => finding.id === id)
    assert.ok(found !== undefined, id)
    const { fix } = found
    const does = fix.now.length + fix.persistent.length + fix.advice.length
    assert.ok(does > 0 && found.givesUp !== '' && found.undo !== '', id)
    assert.ok(found.evidence.length > 0 && found.consequence !== '', id)
    for (const { file } of fix.persistent) assert.match(file, /^\/etc\/.*\/90-plimsoll\.conf$/)
    for (const { path } of fix.now) assert.match(path, /^\/(proc\/sys|sys)\//)
  }
})

test('a host of which nothing is known is judged without a figure', () => {
  const nothing = {
    ...readingOf(HEALTHY),
    files: new Map(),
    processes: null,
    nodes: [],
    seesAll: false,
  }
  const facts = factsOf(nothing)
  assert.deepEqual(examine(facts, CHECKS).findings, [])
  assert.ok(examine(facts, CHECKS).unseen.length > 0)
  const verdict = verdictOf(facts)
  assert.deepEqual([verdict.state, verdict.freezeMs, verdict.nominalMs], ['unknown', null, null])
  assert.equal(remediesOf(facts), null)
})

test('whatever is missing or garbled, nothing throws and every figure is finite or unknown', () => {
  const names = Object.keys(HOSTS) as (keyof typeof HOSTS)[]
  const garbage = fc.oneof(
    fc.constant(null),
    fc.constant(''),
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.tuple(fc.nat(), garbage), { maxLength: 40 }),
      (name, changes) => {
        const paths = Object.keys(HOSTS[name].files)
        const files = Object.fromEntries(
          changes.map(([at, text]) => [paths[at % paths.length] ?? '', text]),
        )
        const facts = factsOf(readingOf(like(HOSTS[name], files)))
        const { findings } = examine(facts, CHECKS)
        assert.doesNotMatch(JSON.stringify(findings), /NaN|Infinity|undefined/)
        const verdict = verdictOf(facts)
        assert.doesNotMatch(verdict.sentence, /NaN|Infinity|undefined/)
        remediesOf(facts)
      },
    ),
  )
})
