/** @module What a case of a check is, and the hosts that the cases begin with. */
import type { Severity } from '../finding.ts'
import { HEALTHY } from '../hosts.fixture.ts'

export type Changes = Readonly<Record<string, string | null>>

export interface Case {
  readonly id: string
  /** Beside a healthy host. */
  readonly files?: Changes
  readonly comms?: readonly string[]
  /** No process is kept from being killed. */
  readonly unprotected?: true
  readonly severity: Severity
  readonly title: RegExp
  /** What is in the fix, as JSON. */
  readonly fix?: RegExp
}

export const SLOW = {
  '/proc/consoles': 'ttyS1                -W- (EC p a)    4:65',
  '/proc/cmdline': 'console=ttyS1,19200n8 crashkernel=512M log_buf_len=4M',
  '/proc/sys/kernel/printk': '7\t4\t1\t7',
  '/sys/class/tty/ttyS1/console': 'Y',
} as const
export const NETWORK = `${SLOW['/proc/consoles']}\nnetcon_ext0          -W- (E    )`
export const VM = '/proc/sys/vm'
export const KERNEL = '/proc/sys/kernel'
export const JOURNALD = '/etc/systemd/journald.conf'
export const OOMD = '/etc/systemd/system/user.slice.d/oomd.conf'
export const many = (count: number): readonly string[] => [
  ...HEALTHY.comms,
  ...Array.from({ length: count }, (_, at) => `more-${at}`),
]
export const GIB_512 = (HEALTHY.files['/proc/meminfo'] ?? '').replace(
  /MemTotal: +\d+/,
  'MemTotal: 536870912',
)
