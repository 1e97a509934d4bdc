/** @module kernel.core_pattern with a pipe: a program is started for each crash, when memory may be short. */
import type { Check } from '../finding.ts'
import { adviceOnly, seenIn } from '../finding.ts'
import { textOf } from '../reading.ts'

const PATH = '/proc/sys/kernel/core_pattern'
/** systemd-coredump bounds what it takes, and is what most hosts have. */
const KNOWN = /systemd-coredump/

export const check: Check = {
  id: 'core-pattern',
  asks: 'Does a crash start a program that needs memory?',
  looksAt: [PATH],
  healthy: 'a file name, or systemd-coredump',
  find(facts) {
    const pattern = textOf(facts, PATH)
    if (pattern === null || !pattern.startsWith('|') || KNOWN.test(pattern)) return null
    if (/^\|\/bin\/(false|true)$/.test(pattern)) return null
    return {
      severity: 'note',
      title: 'Every crash starts a program that takes the core by a pipe',
      what: 'An OOM victim leaves no core, but a large process that crashes for want of memory does.',
      evidence: seenIn(facts, PATH),
      consequence: 'The handler takes memory at the moment when there is none.',
      fix: adviceOnly(
        'Give the handler a memory limit, or bound cores with ulimit -c for large programs.',
      ),
      givesUp: 'cores of large programs',
      undo: 'take the limit away',
    }
  },
}
