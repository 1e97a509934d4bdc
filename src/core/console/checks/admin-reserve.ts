/** @module vm.admin_reserve_kbytes: what is left for root to log in with (mm/util.c). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { meminfoKb } from '../reading.ts'

const NAME = 'vm.admin_reserve_kbytes'
const PATH = '/proc/sys/vm/admin_reserve_kbytes'

export const check: Check = {
  id: 'admin-reserve',
  asks: 'Is memory left for root to log in?',
  looksAt: [PATH, '/proc/sys/vm/overcommit_memory'],
  healthy: '8192, or 131072 with vm.overcommit_memory=2; 3 % of memory on small hosts',
  find(facts) {
    const kb = sysctlOf(facts, NAME)
    const totalKb = meminfoKb(facts, 'MemTotal')
    if (kb === null || totalKb === null) return null
    const wanted = sysctlOf(facts, 'vm.overcommit_memory') === 2 ? 131_072 : 8192
    if (kb >= Math.min(wanted, Math.floor(totalKb * 0.03))) return null
    return {
      severity: 'note',
      title: `${kb} KiB are reserved for root's login; ${wanted} KiB are needed`,
      what: 'Promises of memory to others stop short of this much.',
      evidence: seenIn(facts, PATH, '/proc/sys/vm/overcommit_memory'),
      consequence: 'Root may be unable to log in and to kill what leaks.',
      fix: sysctlFix(NAME, wanted),
      givesUp: 'that much, for programs of others',
      undo: `sysctl -w ${NAME}=${kb}`,
    }
  },
}
