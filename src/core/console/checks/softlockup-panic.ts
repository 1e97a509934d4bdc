/** @module kernel.softlockup_panic. Printing touches the watchdog, so that a long report is not taken for a lockup. */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'

export const check: Check = {
  id: 'softlockup-panic',
  asks: 'Does a busy CPU panic the host?',
  looksAt: ['/proc/sys/kernel/softlockup_panic', '/proc/sys/kernel/watchdog_thresh'],
  healthy: '0',
  find(facts) {
    if ((sysctlOf(facts, 'kernel.softlockup_panic') ?? 0) === 0) return null
    return {
      severity: 'note',
      title: 'A CPU that is busy for long panics the host (softlockup_panic)',
      what: 'The limit is twice kernel.watchdog_thresh. An OOM report does not trip it, since printing resets it: a freeze leaves no trace of itself.',
      evidence: seenIn(
        facts,
        '/proc/sys/kernel/softlockup_panic',
        '/proc/sys/kernel/watchdog_thresh',
      ),
      consequence: 'Reclaim on a busy guest may be taken for a lockup.',
      fix: sysctlFix('kernel.softlockup_panic', 0),
      givesUp: 'the restart of a host whose CPU really hangs',
      undo: 'sysctl -w kernel.softlockup_panic=1',
    }
  },
}
