/**
 * @module Hosts of several kinds as small tables of files: what the doctor's tests conclude from, and what
 * `node scripts/doctor-trees.ts DIR` writes as trees, to be looked at with `plimsoll doctor --root`.
 */
import { parseZones } from '../procfs/zones.ts'
import { guardFiles } from './guard.fixture.ts'
import type { Reading } from './reading.ts'
import { termiosPath } from './reading.ts'
import type { ReportTask } from './records.ts'

export interface FixtureHost {
  readonly files: Readonly<Record<string, string>>
  /** Names of processes, PID 1 first. */
  readonly comms: readonly string[]
  readonly seesAll: boolean
  /** No process is kept from being killed. */
  readonly unprotected?: true
}

const ZONES: readonly (readonly [name: string, managedPages: number])[] = [
  ['DMA', 3840],
  ['DMA32', 415_000],
  ['Normal', 3_670_000],
  ['Normal', 4_128_000],
]

/** /proc/zoneinfo, with the lines that are read: the second `Normal` is another node's. */
function zoneinfo(
  zones: readonly (readonly [node: number, name: string, pages: number])[],
): string {
  return zones
    .map(
      ([node, name, pages]) => `Node ${node}, zone ${name.padStart(8)}
  pages free     ${Math.round(pages / 2)}
        min      ${Math.round(pages / 1000)}
        low      ${Math.round(pages / 800)}
        high     ${Math.round(pages / 600)}
        present  ${pages + 200}
        managed  ${pages}
        protection: (0, 0, 0, 0, 0)`,
    )
    .join('\n')
}

const TWO_NODES = zoneinfo(ZONES.map(([name, pages], at) => [at === 3 ? 1 : 0, name, pages]))
const ONE_NODE = zoneinfo([
  [0, 'DMA32', 415_000],
  [0, 'Normal', 580_000],
])

function meminfo(totalGiB: number, swapGiB: number): string {
  const kb = (gib: number): number => Math.round(gib * 1024 * 1024)
  return `MemTotal:       ${kb(totalGiB)} kB
MemFree:        ${kb(totalGiB / 4)} kB
Unevictable:    3072 kB
Mapped:         204800 kB
Shmem:          16384 kB
SReclaimable:   102400 kB
SUnreclaim:     204800 kB
KernelStack:    9216 kB
PageTables:     20480 kB
SwapTotal:      ${kb(swapGiB)} kB`
}

/** As many as make the names of a usual server, after those that are given. */
function comms(first: readonly string[], count: number): readonly string[] {
  const rest = Array.from({ length: Math.max(0, count - first.length) }, (_, at) => `worker-${at}`)
  return [...first, ...rest]
}

const DAEMONS = ['systemd', 'systemd-journal', 'sshd', 'cron', 'dbus-daemon'] as const

/** A server that its owner has thought about: there is nothing to find. */
export const HEALTHY: FixtureHost = {
  seesAll: true,
  comms: comms([...DAEMONS, 'systemd-oomd'], 118),
  files: {
    '/proc/consoles':
      'tty0                 -WU (EC p  )    4:1\nttyS0                -W- (E  p a)    4:64',
    '/proc/cmdline': 'console=ttyS0,115200n8 console=tty0 crashkernel=512M log_buf_len=4M',
    '/proc/uptime': '8641.03 30000.11',
    '/proc/meminfo': meminfo(31, 8),
    '/proc/zoneinfo': TWO_NODES,
    '/proc/pressure/memory':
      'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0',
    '/proc/sys/kernel/osrelease': '6.1.0-56-amd64',
    '/proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-01)',
    '/proc/sys/kernel/printk': '5\t7\t1\t7',
    '/proc/sys/kernel/printk_delay': '0',
    '/proc/sys/kernel/panic': '10',
    '/proc/sys/kernel/panic_on_oops': '1',
    '/proc/sys/kernel/sysrq': '1',
    '/proc/sys/kernel/core_pattern': 'core',
    '/proc/sys/kernel/hung_task_timeout_secs': '120',
    '/proc/sys/kernel/hung_task_panic': '0',
    '/proc/sys/kernel/hung_task_warnings': '10',
    '/proc/sys/kernel/softlockup_panic': '0',
    '/proc/sys/kernel/watchdog_thresh': '10',
    '/proc/sys/vm/oom_dump_tasks': '1',
    '/proc/sys/vm/oom_kill_allocating_task': '0',
    '/proc/sys/vm/panic_on_oom': '0',
    '/proc/sys/vm/min_free_kbytes': '67584',
    '/proc/sys/vm/watermark_scale_factor': '100',
    '/proc/sys/vm/overcommit_memory': '0',
    '/proc/sys/vm/overcommit_ratio': '50',
    '/proc/sys/vm/admin_reserve_kbytes': '8192',
    '/proc/sys/vm/swappiness': '60',
    '/sys/module/printk/parameters/time': 'Y',
    '/sys/module/printk/parameters/ignore_loglevel': 'N',
    '/sys/module/printk/parameters/always_kmsg_dump': 'N',
    '/sys/module/pstore/parameters/backend': 'efi_pstore',
    '/sys/module/pstore/parameters/kmsg_bytes': '65536',
    '/sys/class/tty/ttyS0/console': 'Y',
    '/sys/class/tty/ttyS0/type': '4',
    '/sys/class/dmi/id/sys_vendor': 'Dell Inc.',
    '/sys/class/dmi/id/product_name': 'PowerEdge R640',
    '/sys/class/dmi/id/board_name': '0H28RR',
    '/sys/class/dmi/id/bios_version': '2.21.2',
    '/sys/class/dmi/id/bios_date': '02/19/2024',
    '/sys/devices/system/cpu/possible': '0-15',
    '/sys/kernel/kexec_crash_loaded': '1',
    '/sys/kernel/kexec_crash_size': '536870912',
    '/sys/kernel/mm/lru_gen/min_ttl_ms': '0',
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0',
    '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': '0',
    '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids',
    '/boot/config-6.1.0-56-amd64': 'CONFIG_LOG_BUF_SHIFT=17\nCONFIG_LOG_CPU_MAX_BUF_SHIFT=12',
    '/etc/systemd/journald.conf': 'Storage=persistent\nSyncIntervalSec=15s',
    '/etc/systemd/system/user.slice.d/oomd.conf': 'ManagedOOMMemoryPressure=kill',
  },
}

/** A host like another, with files changed; `null` takes one away. */
export function like(
  host: FixtureHost,
  files: Readonly<Record<string, string | null>>,
  more: Partial<Omit<FixtureHost, 'files'>> = {},
): FixtureHost {
  const kept = Object.entries({ ...host.files, ...files }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  )
  return { ...host, ...more, files: Object.fromEntries(kept) }
}

/** What a distribution leaves as it is. */
const UNTOUCHED = {
  '/proc/sys/kernel/printk': '7\t4\t1\t7',
  '/proc/sys/kernel/panic': '0',
  '/proc/sys/kernel/panic_on_oops': '0',
  '/proc/sys/kernel/sysrq': '438',
  '/proc/sys/vm/watermark_scale_factor': '10',
  '/sys/kernel/kexec_crash_loaded': '0',
  '/sys/kernel/kexec_crash_size': '0',
  '/sys/module/pstore/parameters/kmsg_bytes': '10240',
  '/etc/systemd/journald.conf': null,
  '/etc/systemd/system/user.slice.d/oomd.conf': null,
  '/var/log/journal': '',
} as const

/** Two nodes, a serial line of 19,200 baud to the management controller. */
const BARE_METAL = like(
  HEALTHY,
  {
    ...UNTOUCHED,
    '/proc/consoles':
      'ttyS1                -W- (EC p a)    4:65\ntty0                 -WU (E  p  )    4:1',
    '/proc/cmdline': 'console=tty0 console=ttyS1,19200n8',
    '/sys/class/tty/ttyS1/console': 'Y',
    '/sys/class/tty/ttyS1/type': '4',
    [termiosPath('ttyS1')]:
      'speed 19200 baud; rows 24; columns 80;\n-parenb -parodd cs8 hupcl -cstopb cread clocal -crtscts',
    '/etc/systemd/system.conf': 'RuntimeWatchdogSec=10s',
  },
  { comms: comms([...DAEMONS, 'rsyslogd'], 163) },
)

export const HOSTS = {
  'bare-metal': BARE_METAL,
  /** The same while a console guard has quieted it. */
  guarded: like(BARE_METAL, {
    ...guardFiles('near', 'alive'),
    '/proc/sys/kernel/printk': '5\t7\t1\t7',
  }),
  /** The same after the guard was killed. */
  'guard-killed': like(BARE_METAL, {
    ...guardFiles('near', 'gone'),
    '/proc/sys/kernel/printk': '5\t7\t1\t7',
  }),
  /** A guest whose serial line nobody holds to its speed. */
  cloud: like(HEALTHY, {
    ...UNTOUCHED,
    '/proc/consoles':
      'ttyS0                -W- (EC  p a)    4:64\ntty0                 -WU (E   p  )    4:1',
    '/proc/cmdline': 'console=tty0 console=ttyS0,115200',
    '/proc/sys/kernel/osrelease': '6.12.117+deb13-cloud-amd64',
    '/proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-08-01)',
    '/proc/zoneinfo': ONE_NODE,
    '/proc/meminfo': meminfo(4, 0),
    '/sys/class/dmi/id/sys_vendor': 'QEMU',
    '/sys/class/dmi/id/product_name': 'Standard PC (i440FX + PIIX, 1996)',
    '/sys/class/dmi/id/board_name': null,
    '/boot/config-6.12.117+deb13-cloud-amd64':
      'CONFIG_LOG_BUF_SHIFT=17\nCONFIG_LOG_CPU_MAX_BUF_SHIFT=12',
  }),
  /** A console with a printing thread of its own: nobody waits. */
  arm: like(HEALTHY, {
    ...UNTOUCHED,
    '/proc/consoles': 'ttyAMA0              -W- (EC N  a)  204:64',
    '/proc/cmdline': 'console=ttyAMA0,115200',
    '/proc/sys/kernel/osrelease': '7.2.13-arm64',
    '/proc/sys/kernel/version': '#1 SMP PREEMPT Debian 7.2.13-1 (2026-08-01)',
    '/sys/firmware/devicetree/base/model': 'Raspberry Pi 5 Model B Rev 1.0',
    '/sys/class/dmi/id/sys_vendor': null,
    '/sys/class/dmi/id/product_name': null,
    '/sys/class/dmi/id/board_name': null,
    '/sys/class/dmi/id/bios_version': null,
    '/sys/class/dmi/id/bios_date': null,
    '/boot/config-6.1.0-56-amd64': null,
    '/proc/config.gz': 'CONFIG_LOG_BUF_SHIFT=17\nCONFIG_LOG_CPU_MAX_BUF_SHIFT=12',
  }),
  /** A partition of a POWER machine: the speed of its console is not known. */
  hypervisor: like(HEALTHY, {
    ...UNTOUCHED,
    '/proc/consoles': 'hvc0                 -W- (EC p  )  229:0',
    '/proc/cmdline': 'console=hvc0',
    '/sys/class/dmi/id/sys_vendor': null,
    '/sys/class/dmi/id/product_name': null,
    '/sys/class/dmi/id/board_name': null,
  }),
  /** Inside a container: the host's settings, and few of its processes. */
  container: {
    seesAll: false,
    comms: ['node', 'postgres', 'sh'],
    files: {
      '/proc/consoles': 'ttyS0                -W- (EC  p a)    4:64',
      '/proc/cmdline': 'console=ttyS0',
      '/proc/uptime': '120.00 400.00',
      '/proc/meminfo': meminfo(16, 0),
      '/proc/zoneinfo': ONE_NODE,
      '/proc/sys/kernel/osrelease': '6.12.117+deb13-cloud-amd64',
      '/proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-08-01)',
      '/proc/sys/kernel/printk': '7\t4\t1\t7',
      '/proc/sys/vm/oom_dump_tasks': '1',
      '/proc/sys/vm/panic_on_oom': '0',
      '/proc/cpuinfo': 'flags\t\t: fpu vme hypervisor sse',
      '/.dockerenv': '',
    },
  },
  /** An old kernel with cgroup v1, and an RTS/CTS handshake on its line. */
  'cgroup-v1': like(HEALTHY, {
    ...UNTOUCHED,
    '/proc/consoles': 'ttyS0                -W- (EC p a)    4:64',
    '/proc/cmdline': 'console=ttyS0,9600n8r',
    '/proc/sys/kernel/osrelease': '5.10.0-46-amd64',
    '/proc/sys/kernel/version': '#1 SMP Debian 5.10.262-1 (2026-08-01)',
    '/proc/pressure/memory': null,
    '/sys/fs/cgroup/cgroup.controllers': null,
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': '',
    '/sys/kernel/mm/lru_gen/min_ttl_ms': null,
    '/boot/config-6.1.0-56-amd64': null,
    '/boot/config-5.10.0-46-amd64': 'CONFIG_LOG_BUF_SHIFT=17',
  }),
  /** PREEMPT_RT: threads print, however slow the line is. */
  realtime: like(HEALTHY, {
    ...UNTOUCHED,
    '/proc/consoles': 'ttyS0                -W- (EC Np a)    4:64',
    '/proc/cmdline': 'console=ttyS0,9600',
    '/proc/sys/kernel/osrelease': '6.12.117+deb13-rt-amd64',
    '/proc/sys/kernel/version': '#1 SMP PREEMPT_RT Debian 6.12.117-1 (2026-08-01)',
    '/boot/config-6.12.117+deb13-rt-amd64': 'CONFIG_LOG_BUF_SHIFT=17',
  }),
  /** A slow line was spared by the level, which silenced netconsole too. */
  netconsole: like(HEALTHY, {
    ...UNTOUCHED,
    '/proc/consoles':
      'ttyS1                -W- (EC p a)    4:65\ntty0                 -WU (E  p  )    4:1\nnetcon_ext0          -W- (E    )',
    '/proc/cmdline': 'console=ttyS1,19200n8',
    '/proc/sys/kernel/printk': '4\t4\t1\t7',
    '/sys/class/tty/ttyS1/console': 'Y',
    '/sys/class/tty/ttyS1/type': '4',
    '/sys/module/netconsole': '',
    '/sys/kernel/config/netconsole/plimsoll/enabled': '1',
  }),
  /** So many processes that a fast line is slow, and a report overwrites its own head. */
  large: like(
    HEALTHY,
    {
      ...UNTOUCHED,
      '/proc/consoles': 'ttyS0                -W- (EC p a)    4:64',
      '/proc/cmdline': 'console=ttyS0,115200n8',
      '/proc/meminfo': meminfo(512, 0),
      '/proc/sys/vm/min_free_kbytes': '90112',
      '/etc/systemd/system.conf': null,
    },
    { comms: comms([...DAEMONS, 'kubelet', 'systemd-oomd', 'earlyoom'], 2000) },
  ),
} as const satisfies Readonly<Record<string, FixtureHost>>

export type HostName = keyof typeof HOSTS

function toTask(comm: string, at: number, unprotected = false): ReportTask {
  return {
    comm,
    pid: at === 0 ? 1 : 300 + at,
    uid: at % 3 === 0 ? 1000 : 0,
    totalVmPages: 55_000,
    rssAnonPages: 2400,
    rssFilePages: 1200,
    rssShmemPages: 0,
    pageTableBytes: 0,
    swapPages: 0,
    oomScoreAdj: comm === 'sshd' && !unprotected ? -1000 : 0,
  }
}

/** The host as the doctor would read it. */
export function readingOf({ files, comms: names, seesAll, unprotected }: FixtureHost): Reading {
  return {
    files: new Map(Object.entries(files)),
    unread: [],
    processes: names.map((comm, at) => toTask(comm, at, unprotected)),
    nodes: parseZones(files['/proc/zoneinfo'] ?? ''),
    pageBytes: 4096,
    seesAll,
  }
}
