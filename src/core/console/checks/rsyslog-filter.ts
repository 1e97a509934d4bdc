/** @module rsyslog selectors for kernel messages that stop above debug, or above info (rsyslog.conf(5)). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { keepsUpTo, rsyslogLevels, rsyslogRules } from '../log-filter.ts'
import { journalKeepsAll, neededLevels } from '../log-levels.ts'

export const check: Check = {
  id: 'rsyslog-filter',
  asks: 'Does rsyslog keep every line of an OOM report?',
  looksAt: ['/etc/rsyslog.conf', '/etc/rsyslog.d/*.conf', '/proc/sys/kernel/printk'],
  healthy: 'kern.* to a file',
  find(facts) {
    if (!facts.running.has('rsyslogd')) return null
    const levels = rsyslogLevels(facts)
    const needed = neededLevels(facts)
    const most = rsyslogRules(facts).toSorted((a, b) => b.levels - a.levels)[0]
    if (most === undefined || keepsUpTo(levels, needed.later)) return null
    return {
      severity: journalKeepsAll(facts) || keepsUpTo(levels, needed.now) ? 'note' : 'medium',
      title: 'rsyslog keeps no whole OOM report: its rules leave out the levels of some lines',
      what: 'The table of processes has the level info; lines without a level have the second figure of kernel.printk, and with 7 that is debug.',
      evidence: [{ path: most.path, value: most.line }],
      consequence: 'Memory figures or the table of an OOM are in no file of rsyslog.',
      fix: adviceOnly('Add a line kern.* /var/log/kern.log, and restart rsyslog.'),
      givesUp: 'room on disk for debug messages of the kernel',
      undo: 'take the line out again',
    }
  },
}
