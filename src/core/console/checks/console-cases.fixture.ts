/** @module Cases of the checks of consoles, printk and the log. */
import { GUARD_FOUND, guardFiles } from '../guard.fixture.ts'
import type { Case } from './cases.fixture.ts'
import { KERNEL, many, NETWORK, SLOW, VM } from './cases.fixture.ts'

export const CONSOLE_CASES: readonly Case[] = [
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
    files: { ...SLOW, '/proc/consoles': `${NETWORK}\ntty0 -WU (E p ) 4:1` },
    severity: 'high',
    title: /to print$/,
    fix: /"\/sys\/class\/tty\/ttyS1\/console","value":"0"/,
  },
  {
    // Without the line, nothing would be /dev/console.
    id: 'console-freeze',
    files: { ...SLOW, '/proc/consoles': NETWORK },
    severity: 'high',
    title: /to print$/,
    fix: /5 7 1 7/,
  },
  {
    // A file that comes after ours counts at boot.
    id: 'console-freeze',
    files: { ...SLOW, '/etc/sysctl.d/99-sysctl.conf': 'kernel/printk = 7 4 1 7' },
    severity: 'high',
    title: /to print$/,
    fix: /99-sysctl\.conf sets kernel\.printk too/,
  },
  {
    // The line is judged as its owner has it, and the guard's setting is nobody's to change.
    id: 'console-freeze',
    files: { ...SLOW, ...guardFiles('near', 'alive'), '/proc/sys/kernel/printk': '5\t7\t1\t7' },
    severity: 'note',
    title: /takes \d+\.\d s to print$/,
    fix: /^\{"now":\[\],"persistent":\[\],"advice":"Nothing, as long as the console guard \(process 812\)/,
  },
  {
    id: 'console-freeze',
    files: { ...SLOW, ...guardFiles('near', 'gone'), '/proc/sys/kernel/printk': '5\t7\t1\t7' },
    severity: 'high',
    title: /takes \d+\.\d s to print$/,
    fix: /^\{"now":\[\],"persistent":\[\],"advice":"Run plimsoll doctor --undo console-guard first\."/,
  },
  {
    id: 'console-guard',
    files: { ...SLOW, ...guardFiles('near', 'alive'), '/proc/sys/kernel/printk': '5\t7\t1\t7' },
    severity: 'note',
    title: /^The console guard \(process 812\) has quieted the consoles now/,
    fix: /gives back kernel\.printk 7 4 1 7/,
  },
  {
    id: 'console-guard',
    files: { ...SLOW, ...guardFiles('near', 'gone'), '/proc/sys/kernel/printk': '5\t7\t1\t7' },
    severity: 'medium',
    title: /was ended has left the consoles quiet/,
    fix: /doctor --undo console-guard/,
  },
  {
    // Of the UART that was taken from printk the list of consoles has no line.
    id: 'console-guard',
    files: {
      ...SLOW,
      ...guardFiles('near', 'gone', { remedy: 'detach', console: 'ttyS1', found: GUARD_FOUND }),
      '/proc/consoles': 'tty0 -WU (EC p ) 4:1',
      '/sys/class/tty/ttyS1/console': 'N',
    },
    severity: 'medium',
    title: /left the consoles quiet/,
  },
  {
    id: 'flow-control',
    files: { ...SLOW, '/proc/cmdline': 'console=ttyS1,115200n8r' },
    severity: 'high',
    title: /^ttyS1 waits for a handshake/,
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
]
