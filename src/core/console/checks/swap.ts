/** @module A host without swap: pressure rises late, and an OOM is abrupt. */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { meminfoKb } from '../reading.ts'

export const check: Check = {
  id: 'swap',
  asks: 'Is there swap, so that pressure is seen before the end?',
  looksAt: ['/proc/meminfo'],
  healthy: 'some swap; zram of a quarter of memory will do',
  find(facts) {
    const totalKb = meminfoKb(facts, 'SwapTotal')
    if (totalKb !== 0) return null
    return {
      severity: 'note',
      title: 'There is no swap: between short of memory and OOM is little time',
      what: 'Anonymous memory cannot leave, so that programs and their files are reclaimed until nothing is left.',
      evidence: [{ path: '/proc/meminfo', value: 'SwapTotal: 0 kB' }],
      consequence: 'Whoever watches pressure has seconds, not minutes.',
      fix: adviceOnly(
        'Add zram swap (package zram-tools or systemd-zram-generator), or a swap file.',
      ),
      givesUp: 'some CPU; a disk that swaps without a killer beside it thrashes',
      undo: 'swapoff',
    }
  },
}
