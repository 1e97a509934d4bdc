/** @module vm.overcommit_memory other than 0 (mm/util.c, __vm_enough_memory). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'

const NAME = 'vm.overcommit_memory'

export const check: Check = {
  id: 'overcommit',
  asks: 'How are promises of memory kept?',
  looksAt: ['/proc/sys/vm/overcommit_memory', '/proc/sys/vm/overcommit_ratio'],
  healthy: '0; 2 for a workload that is known to bear it',
  find(facts) {
    const mode = sysctlOf(facts, NAME)
    if (mode !== 1 && mode !== 2) return null
    return {
      severity: 'note',
      title:
        mode === 1
          ? 'Every promise of memory is made (vm.overcommit_memory=1)'
          : 'Promises of memory are bounded (vm.overcommit_memory=2)',
      what:
        mode === 1
          ? 'malloc never fails, however much is asked for: some databases want it so.'
          : 'malloc fails where it would have succeeded: forks of large programs, the JVM and sanitizers break first.',
      evidence: seenIn(facts, '/proc/sys/vm/overcommit_memory', '/proc/sys/vm/overcommit_ratio'),
      consequence:
        mode === 1
          ? 'A wrong size in a program becomes an OOM instead of an error.'
          : 'Logging in may fail when memory is promised away: vm.admin_reserve_kbytes should be about 131072.',
      fix: sysctlFix(NAME, 0, 'Unless the workload asks for it.'),
      givesUp:
        mode === 1 ? 'forks of very large processes may be refused' : 'errors instead of an OOM',
      undo: `sysctl -w ${NAME}=${mode}`,
    }
  },
}
