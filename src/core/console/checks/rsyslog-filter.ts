/** @module rsyslog selectors for kernel messages that stop above debug, or above info (rsyslog.conf(5)). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { journalKeepsAll, neededLevels } from '../log-levels.ts'
import { filesLike } from '../reading.ts'

const KERNEL = /^\s*([\w*,;.!=]+)\s+-?\/\S+/
/** Levels at which a report's lines are kept, by the name in a selector. */
const LEVELS: Readonly<Record<string, number>> = {
  '*': 7,
  debug: 7,
  info: 6,
  notice: 5,
  warning: 4,
  warn: 4,
  err: 3,
  error: 3,
  crit: 2,
  alert: 1,
  emerg: 0,
  none: -1,
}

/** The highest level of the kernel's messages that a selector keeps; -1: none of them. */
export function kernelLevelOf(selector: string): number {
  return selector.split(';').reduce((kept, part) => {
    const match = /^([\w*,]+)\.(?:=)?([\w*]+)$/.exec(part)
    const facilities = (match?.[1] ?? '').split(',')
    const isKernels = facilities.includes('kern') || facilities.includes('*')
    // The later part overrides for the facilities that it names.
    return isKernels ? (LEVELS[match?.[2] ?? ''] ?? kept) : kept
  }, -1)
}

export const check: Check = {
  id: 'rsyslog-filter',
  asks: 'Does rsyslog keep every line of an OOM report?',
  looksAt: ['/etc/rsyslog.conf', '/etc/rsyslog.d/*.conf', '/proc/sys/kernel/printk'],
  healthy: 'kern.* to a file',
  find(facts) {
    if (!facts.running.has('rsyslogd')) return null
    const rules = filesLike(facts, /^\/etc\/rsyslog/).flatMap(([path, text]) =>
      text.split('\n').flatMap((line) => {
        const selector = KERNEL.exec(line)?.[1]
        return selector === undefined
          ? []
          : [{ path, line: line.trim(), level: kernelLevelOf(selector) }]
      }),
    )
    const needed = neededLevels(facts)
    const best = rules.toSorted((a, b) => b.level - a.level)[0]
    if (best === undefined || best.level >= needed.later) return null
    return {
      severity: journalKeepsAll(facts) || best.level >= needed.now ? 'note' : 'medium',
      title: 'rsyslog keeps no whole OOM report: its rules stop above the levels of some lines',
      what: 'The table of processes has the level info; lines without a level have the second figure of kernel.printk, and with 7 that is debug.',
      evidence: [{ path: best.path, value: best.line }],
      consequence: 'Memory figures or the table of an OOM are in no file of rsyslog.',
      fix: adviceOnly('Add a line kern.* /var/log/kern.log, and restart rsyslog.'),
      givesUp: 'room on disk for debug messages of the kernel',
      undo: 'take the line out again',
    }
  },
}
