/** @module The guest's first process: a shell script that mounts, sets, plays the scene and ends. */
import type { Guest } from './guest.ts'

/** The ports by their names inside the guest. */
export const TALK_PORT = '/dev/ttyS0'
export const EVENT_PORT = '/dev/ttyS2'
/** Consoles in the order of `Guest.consoles`. */
export const CONSOLE_PORTS = ['ttyS1', 'ttyS3'] as const

/** Said on the talk port around the kernel's log. */
export const LOG_BEGINS = '=== kernel log'
export const LOG_ENDS = '=== end'

const SHELL = '#!/bin/busybox sh'

const MOUNTS = [
  // What a system has of its own stays.
  '/bin/busybox --install -s /bin 2> /dev/null',
  'mkdir -p /proc /sys /dev /tmp /run',
  'mount -t proc proc /proc',
  'mount -t sysfs sys /sys',
  '[ -c /dev/ttyS0 ] || mount -t devtmpfs dev /dev',
]

const PORTS = [
  // Raw, or the line discipline turns each newline into two bytes.
  `for port in ${TALK_PORT} ${EVENT_PORT}; do stty raw -echo < $port; done`,
  `exec < /dev/null > ${TALK_PORT} 2>&1`,
]

const FUNCTIONS = [
  // Uptime is the clock of the kernel's own stamps.
  `tell() { echo "{\\"event\\":\\"$1\\",\\"atMs\\":$(now)\${2:+,$2}}" > ${EVENT_PORT}; }`,
  `now() { read up idle < /proc/uptime; echo "\${up%.*}\${up#*.}0"; }`,
  'gone() { while [ -d "/proc/$1" ] && ! grep -q "^State:.Z" "/proc/$1/status"; do sleep 0.05; done; }',
]

function mountCgroups(version: Guest['cgroups']): readonly string[] {
  switch (version) {
    case 'v2':
      return [
        'mkdir -p /sys/fs/cgroup && mount -t cgroup2 cgroup /sys/fs/cgroup',
        'for c in memory pids cpu; do echo +$c > /sys/fs/cgroup/cgroup.subtree_control; done',
      ]
    case 'v1':
      return [
        'mount -t tmpfs cgroup /sys/fs/cgroup',
        'mkdir /sys/fs/cgroup/memory && mount -t cgroup -o memory cgroup /sys/fs/cgroup/memory',
        // As systemd does: before 5.11 a limit did not bind the groups below without it.
        'echo 1 > /sys/fs/cgroup/memory/memory.use_hierarchy',
      ]
    default:
      return []
  }
}

function setSysctls(sysctls: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(sysctls).map(
    ([name, value]) => `echo '${value}' > /proc/sys/${name.replaceAll('.', '/')}`,
  )
}

function insertModules(modules: readonly string[]): readonly string[] {
  return modules.map((path) => `insmod ${path}`)
}

/** The end of every script: what is common to all from the first event to the last. */
function play(guest: Guest): readonly string[] {
  return [
    ...((guest.zramMib ?? 0) > 0
      ? [
          `echo ${guest.zramMib}M > /sys/block/zram0/disksize`,
          'mkswap /dev/zram0',
          'swapon /dev/zram0',
        ]
      : []),
    ...setSysctls(guest.sysctls ?? {}),
    'tell booted',
    ...guest.script,
    'tell played',
    `echo '${LOG_BEGINS}'`,
    'dmesg -r',
    `echo '${LOG_ENDS}'`,
    'tell done',
    // The ports are read to their end before the machine goes.
    'sleep 60',
  ]
}

function textOf(lines: readonly string[]): string {
  return `${[SHELL, 'export PATH=/bin:/sbin:/usr/bin:/usr/sbin', ...lines].join('\n')}\n`
}

/** The text of `/init`, the first process; the modules are loaded here. */
export function renderInit(guest: Guest, modules: readonly string[]): string {
  return textOf([
    ...MOUNTS,
    ...PORTS,
    ...FUNCTIONS,
    ...insertModules(modules),
    ...mountCgroups(guest.cgroups),
    ...play(guest),
  ])
}

/** The text of a script that a system's own first process starts, when it has mounted all. */
export function renderService(guest: Guest): string {
  return textOf([
    '/bin/busybox --install -s /bin 2> /dev/null',
    ...PORTS,
    ...FUNCTIONS,
    ...play(guest),
  ])
}

/** Where the first root holds what is copied over the second. */
export const OVER = 'over'

/**
 * The text of the first root's `/init` where a disk holds the root: loads all modules, mounts
 * `device`, copies what is only of this run over it, and goes on with the `init` found there.
 */
export function renderSwitch(device: string, init: string, modules: readonly string[]): string {
  return textOf([
    ...MOUNTS,
    `exec < /dev/null > ${TALK_PORT} 2>&1`,
    ...insertModules(modules),
    'mkdir -p /root',
    // Nothing of the file system's own making disturbs the scene.
    `mount -t ext4 -o noinit_itable ${device} /root`,
    `cp -a /${OVER}/. /root`,
    'mkdir -p /root/dev',
    'umount /proc /sys',
    'mount --move /dev /root/dev',
    `exec switch_root /root ${init}`,
  ])
}
