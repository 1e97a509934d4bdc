/** @module vm.swappiness=0 beside swap: anonymous memory stays until file pages are nearly gone (mm/vmscan.c, get_scan_count). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { meminfoKb } from '../reading.ts'

export const check: Check = {
  id: 'swappiness',
  asks: 'Is the swap that is there made use of?',
  looksAt: ['/proc/sys/vm/swappiness', '/proc/meminfo'],
  healthy: '60; 100 to 180 with zram',
  find(facts) {
    const isThere = (meminfoKb(facts, 'SwapTotal') ?? 0) > 0
    if (!isThere || sysctlOf(facts, 'vm.swappiness') !== 0) return null
    return {
      severity: 'note',
      title: 'There is swap, but it is not used before the end (vm.swappiness=0)',
      what: 'Reclaim takes files, those of running programs too, until almost none are left.',
      evidence: seenIn(facts, '/proc/sys/vm/swappiness'),
      consequence: 'The host thrashes on its own programs while idle memory stays.',
      fix: sysctlFix('vm.swappiness', 60),
      givesUp: 'idle processes answer later, once',
      undo: 'sysctl -w vm.swappiness=0',
    }
  },
}
