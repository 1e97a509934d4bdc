/** @module kernel.panic=0: a host that panics stands still until somebody comes. */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'

export const check: Check = {
  id: 'panic-timeout',
  asks: 'Does the host restart after a panic?',
  looksAt: ['/proc/sys/kernel/panic'],
  healthy: '10 to 60',
  find(facts) {
    if (sysctlOf(facts, 'kernel.panic') !== 0) return null
    return {
      severity: 'note',
      title: 'A panic leaves the host standing until somebody resets it',
      what: 'kernel.panic=0 waits for ever.',
      evidence: seenIn(facts, '/proc/sys/kernel/panic'),
      consequence: 'The outage lasts until a person is there.',
      fix: sysctlFix('kernel.panic', 10),
      givesUp: 'the panic on the screen, after ten seconds',
      undo: 'sysctl -w kernel.panic=0',
    }
  },
}
