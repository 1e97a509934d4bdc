/** @module Cases of the checks of memory, killers, panics, dumps and log daemons. */
import { HEALTHY } from '../hosts.fixture.ts'
import type { Case } from './cases.fixture.ts'
import { GIB_512, JOURNALD, KERNEL, OOMD, SLOW, VM } from './cases.fixture.ts'

export const MEMORY_CASES: readonly Case[] = [
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
    files: { '/etc/rsyslog.conf': 'kern.warn  -/var/log/kern.log', [JOURNALD]: 'Storage=none' },
    comms: [...HEALTHY.comms, 'rsyslogd'],
    severity: 'medium',
    title: /no whole OOM report/,
  },
  {
    // The journal has what it drops.
    id: 'rsyslog-filter',
    files: { '/etc/rsyslog.conf': 'kern.info  -/var/log/kern.log' },
    comms: [...HEALTHY.comms, 'rsyslogd'],
    severity: 'note',
    title: /no whole OOM report/,
  },
  {
    // It loses nothing now, and would with the remedy of the freeze.
    id: 'rsyslog-filter',
    files: { ...SLOW, '/etc/rsyslog.conf': '*.info  -/var/log/messages' },
    comms: [...HEALTHY.comms, 'rsyslogd'],
    severity: 'note',
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
  { id: 'login-unprotected', unprotected: true, severity: 'note', title: /may kill sshd/ },
  {
    id: 'printk-devkmsg',
    files: { [`${KERNEL}/printk_devkmsg`]: 'off' },
    severity: 'note',
    title: /refuses/,
  },
  { id: 'swappiness', files: { [`${VM}/swappiness`]: '0' }, severity: 'note', title: /swap/ },
]
