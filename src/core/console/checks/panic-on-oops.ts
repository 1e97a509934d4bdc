/** @module kdump without kernel.panic_on_oops: an oops goes on with broken state and leaves no dump. */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { isKdumpLoaded, KDUMP_LOADED } from '../kdump.ts'

export const check: Check = {
  id: 'panic-on-oops',
  asks: 'Does a kernel bug leave a dump, where a crash kernel is loaded?',
  looksAt: ['/proc/sys/kernel/panic_on_oops', KDUMP_LOADED],
  healthy: '1 where kdump is loaded',
  find(facts) {
    if (isKdumpLoaded(facts) !== true || sysctlOf(facts, 'kernel.panic_on_oops') !== 0) return null
    return {
      severity: 'note',
      title: 'A crash kernel is loaded, but an oops does not start it',
      what: 'kernel.panic_on_oops=0 kills the task alone, and its locks stay held.',
      evidence: seenIn(facts, '/proc/sys/kernel/panic_on_oops', KDUMP_LOADED),
      consequence: 'The host may hang later, without a dump of what went wrong.',
      fix: sysctlFix('kernel.panic_on_oops', 1),
      givesUp: 'a host that goes on after a bug in a driver',
      undo: 'sysctl -w kernel.panic_on_oops=0',
    }
  },
}
