/** @module A console level of 3 or less: "Killed process" is an error (3), and is not shown (mm/oom_kill.c, pr_err). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix } from '../finding.ts'
import { formatPrintk, isShown } from '../printk.ts'

export const check: Check = {
  id: 'kill-line-hidden',
  asks: 'Does a console say that a process was killed?',
  looksAt: ['/proc/sys/kernel/printk'],
  healthy: 'a console level of 4 or more',
  find(facts) {
    const { printk } = facts
    if (printk === null || (facts.consoles?.consoles.length ?? 0) === 0 || isShown(3, printk))
      return null
    const wanted = formatPrintk({ ...printk, consoleLevel: 4 })
    return {
      severity: 'note',
      title: 'No console says whom an OOM killed',
      what: 'The line of the kill has the level of an error, 3; a console shows what is below its level.',
      evidence: seenIn(facts, '/proc/sys/kernel/printk'),
      consequence:
        'Errors of disks and file systems are not on the console either; a level of 4 costs 170 bytes at an OOM.',
      fix: sysctlFix('kernel.printk', wanted),
      givesUp: 'a silent console',
      undo: `sysctl -w kernel.printk="${formatPrintk(printk)}"`,
    }
  },
}
