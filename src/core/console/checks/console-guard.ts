/** @module What a console guard has changed for the moment, and whether it is still there to give it back. */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { GUARD_JOURNAL } from '../guard-journal.ts'
import { guardEvidence, guardName, guardSets } from '../guarding.ts'
import { formatPrintk } from '../printk.ts'

export const check: Check = {
  id: 'console-guard',
  asks: 'Are the consoles as their owner has set them, or has a console guard quieted them?',
  looksAt: [GUARD_JOURNAL, '/proc/sys/kernel/random/boot_id'],
  healthy: 'as the owner has them',
  find(facts) {
    const { guard, printk } = facts
    if (guard?.isQuiet !== true) return null
    const owners = printk === null ? 'what it found' : `kernel.printk ${formatPrintk(printk)}`
    const evidence = [guardEvidence(guard)]
    const name = guardName(guard)
    if (guard.isAlive) {
      return {
        severity: 'note',
        title: `${name[0]?.toUpperCase()}${name.slice(1)} has quieted the consoles now: an OOM is near`,
        what: `While memory is short it ${guardSets(guard)}. All findings here judge what it found.`,
        evidence,
        consequence: 'Stack, memory and task table of a report are in dmesg alone for the moment.',
        fix: adviceOnly(`Nothing: it gives back ${owners} when the danger is over.`),
        givesUp: 'nothing',
        undo: 'end the guard: it gives back what it changed',
      }
    }
    return {
      severity: 'medium',
      title: 'A console guard that was ended has left the consoles quiet',
      what: `It ${guardSets(guard)} while an OOM is near, and had no time to give back ${owners}.`,
      evidence,
      consequence: 'Kernel messages that the owner wants on the console do not get there.',
      fix: adviceOnly('Run plimsoll doctor --undo console-guard, or start the agent again.'),
      givesUp: 'a quiet console: the next OOM report is printed as the owner has it',
      undo: 'nothing is to be undone: it is as the owner has set it',
    }
  },
}
