/**
 * @module Every file that the doctor reads of a host: the list is also what it may save. Of files that hold more
 * than is asked for, it names the lines that are kept; the rest is never in the reading.
 */

import { GUARD_JOURNAL } from '../core/console/guard-journal.ts'
import { BOOT_ID } from '../core/console/guarding.ts'
import { LONG_BYTES } from './console-tree.ts'

export interface Source {
  /** Absolute; `*` stands for any name in one directory. */
  readonly path: string
  /** Lines that are kept; all where it is not given. */
  readonly keep?: RegExp
  readonly maxBytes?: number
  /** Only whether it is there. */
  readonly isPresence?: true
  /** Takes console_lock or a port's lock: not read while memory is short. */
  readonly isLocking?: true
}

function paths(base: string, names: string): readonly Source[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => ({ path: `${base}/${name}` }))
}

function below(bases: readonly string[], rest: string, keep: RegExp): readonly Source[] {
  return bases.map((base) => ({ path: `${base}${rest}`, keep }))
}

/** Where systemd reads its configuration, the weakest first (systemd.unit(5), sysctl.d(5)). */
const CONFIG_ROOTS = ['/usr/lib', '/usr/local/lib', '/run', '/etc'] as const

const JOURNALD_KEYS =
  /^\s*(Storage|SyncIntervalSec|RateLimit\w+|MaxLevelStore|MaxLevelConsole|MaxLevelSyslog|ReadKMsg|ForwardToConsole|ForwardToSyslog|TTYPath)\s*=/
const SYSTEM_KEYS = /^\s*(RuntimeWatchdogSec|RebootWatchdogSec|LogTarget|DefaultOOMPolicy)\s*=/
const OOMD_KEYS =
  /^\s*(SwapUsedLimit|DefaultMemoryPressureLimit|DefaultMemoryPressureDurationSec)\s*=/
const UNIT_KEYS = /^\s*ManagedOOM(Swap|MemoryPressure)\s*=/
const SYSCTL_KEYS =
  /^\s*-?(kernel[./](printk|sysrq|panic|hung_task)|vm[./](oom|panic|min_free|overcommit|swappiness|admin|watermark))/
/** Selectors with a file behind them, and modules; never another action, which may hold a password. */
const RSYSLOG_LINES = /^\s*[\w*,;.!=]+\s+-?\/[\w./-]+\s*$|^[^#]*\b(imklog|imkmsg|imjournal)\b/
const KUBELET_KEYS =
  /^\s*(evictionHard|evictionSoft|evictionSoftGracePeriod|memory\.available|systemReserved|kubeReserved|memory|failSwapOn|singleProcessOOMKill)\s*:/

export const SOURCES: readonly Source[] = [
  { path: '/proc/consoles', isLocking: true },
  ...paths(
    '/proc/sys/kernel',
    `osrelease version printk printk_delay printk_devkmsg panic panic_on_oops sysrq core_pattern
     hung_task_timeout_secs hung_task_panic hung_task_warnings softlockup_panic watchdog_thresh`,
  ),
  // What a console guard has changed, and whether that was in this boot.
  { path: GUARD_JOURNAL },
  { path: BOOT_ID },
  ...paths(
    '/proc/sys/vm',
    `oom_dump_tasks oom_kill_allocating_task panic_on_oom min_free_kbytes watermark_scale_factor
     overcommit_memory overcommit_ratio admin_reserve_kbytes swappiness`,
  ),
  ...paths('/proc', 'meminfo uptime pressure/memory'),
  {
    path: '/proc/zoneinfo',
    keep: /^Node |^ +(pages )?(free|min|low|high|present|managed|protection:?)\b/,
    maxBytes: LONG_BYTES,
  },
  // The first CPU tells; asking all of a large host takes milliseconds.
  { path: '/proc/cpuinfo', keep: /^flags\s*:/, maxBytes: 4096 },
  ...paths('/sys/module/printk/parameters', 'time ignore_loglevel always_kmsg_dump'),
  { path: '/sys/class/tty/*/console', isLocking: true },
  { path: '/sys/class/tty/*/type', isLocking: true },
  ...paths('/sys/class/dmi/id', 'sys_vendor product_name board_name bios_version bios_date'),
  ...paths('/sys', 'firmware/devicetree/base/model hypervisor/type devices/system/cpu/possible'),
  { path: '/sys/kernel/mm/hugepages/*/nr_hugepages' },
  ...paths('/sys/kernel', 'mm/lru_gen/min_ttl_ms realtime'),
  ...paths('/sys/kernel', 'kexec_crash_loaded kexec_crash_size'),
  ...paths('/sys/module', 'pstore/parameters/backend pstore/parameters/kmsg_bytes'),
  ...paths('/sys/module', 'efi_pstore/parameters/pstore_disable'),
  { path: '/sys/module/netconsole', isPresence: true },
  ...paths('/sys/kernel/config/netconsole/*', 'enabled'),
  ...paths('/sys/class/watchdog/*', 'timeout state'),
  { path: '/sys/fs/cgroup/cgroup.controllers' },
  { path: '/sys/fs/cgroup/memory/memory.limit_in_bytes', isPresence: true },
  { path: '/var/log/journal', isPresence: true },
  { path: '/run/systemd/system', isPresence: true },
  ...['/.dockerenv', '/run/.containerenv', '/run/systemd/container'].map(
    (path): Source => ({ path, isPresence: true }),
  ),
  ...below(['/etc'], '/systemd/journald.conf', JOURNALD_KEYS),
  ...below(CONFIG_ROOTS, '/systemd/journald.conf.d/*.conf', JOURNALD_KEYS),
  ...below(['/etc'], '/systemd/system.conf', SYSTEM_KEYS),
  ...below(CONFIG_ROOTS, '/systemd/system.conf.d/*.conf', SYSTEM_KEYS),
  ...below(['/etc'], '/systemd/oomd.conf', OOMD_KEYS),
  ...below(CONFIG_ROOTS, '/systemd/oomd.conf.d/*.conf', OOMD_KEYS),
  ...['*.slice', '*.service', '*.d/*.conf'].flatMap((rest) =>
    below(CONFIG_ROOTS, `/systemd/system/${rest}`, UNIT_KEYS),
  ),
  { path: '/etc/sysctl.conf', keep: SYSCTL_KEYS },
  ...below(CONFIG_ROOTS, '/sysctl.d/*.conf', SYSCTL_KEYS),
  { path: '/etc/rsyslog.conf', keep: RSYSLOG_LINES },
  { path: '/etc/rsyslog.d/*.conf', keep: RSYSLOG_LINES },
  { path: '/etc/default/earlyoom', keep: /^\s*EARLYOOM_ARGS=/ },
  { path: '/var/lib/kubelet/config.yaml', keep: KUBELET_KEYS },
  { path: '/etc/tuned/active_profile' },
]

/** Lines of the kernel's configuration that bear on what is asked. */
export const CONFIG_LINES =
  /^CONFIG_(LOG_BUF_SHIFT|LOG_CPU_MAX_BUF_SHIFT|PRINTK_CALLER|PSTORE_CONSOLE|PSTORE_PMSG|PSI|LRU_GEN)=/

/** Parameters of the kernel's command line that bear on what is asked; others may be private. */
export const KERNEL_PARAMETERS: readonly string[] = [
  'console',
  'console_msg_format',
  'crashkernel',
  'debug',
  'earlycon',
  'earlyprintk',
  'ignore_loglevel',
  'keep_bootcon',
  'log_buf_len',
  'loglevel',
  'psi',
  'quiet',
  'systemd.log_target',
]
