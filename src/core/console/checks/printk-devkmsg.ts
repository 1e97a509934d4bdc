/** @module kernel.printk_devkmsg=off: what programs write to /dev/kmsg is swallowed (printk.c, devkmsg_write). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix } from '../finding.ts'
import { textOf } from '../reading.ts'

const PATH = '/proc/sys/kernel/printk_devkmsg'

export const check: Check = {
  id: 'printk-devkmsg',
  asks: 'May programs write to the kernel log?',
  looksAt: [PATH],
  healthy: 'ratelimit',
  find(facts) {
    if (textOf(facts, PATH) !== 'off') return null
    return {
      severity: 'note',
      title: 'The kernel log refuses what programs write (printk_devkmsg=off)',
      what: 'A write to /dev/kmsg succeeds and nothing is logged.',
      evidence: seenIn(facts, PATH),
      consequence: 'What an agent says of a shortage does not stand beside the lines of the OOM.',
      fix: sysctlFix('kernel.printk_devkmsg', 'ratelimit'),
      givesUp: 'programs may fill the log, at a bounded rate',
      undo: 'sysctl -w kernel.printk_devkmsg=off',
    }
  },
}
