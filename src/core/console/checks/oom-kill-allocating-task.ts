/** @module vm.oom_kill_allocating_task=1: whoever happens to ask dies. */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'

const NAME = 'vm.oom_kill_allocating_task'

export const check: Check = {
  id: 'oom-kill-allocating-task',
  asks: 'Does the kernel look for the largest process before it kills?',
  looksAt: ['/proc/sys/vm/oom_kill_allocating_task'],
  healthy: '0',
  find(facts) {
    if ((sysctlOf(facts, NAME) ?? 0) === 0) return null
    return {
      severity: 'medium',
      title: 'The kernel kills whoever asks for memory, not who has it',
      what: 'vm.oom_kill_allocating_task saves the look at all processes; the report is printed all the same.',
      evidence: seenIn(facts, '/proc/sys/vm/oom_kill_allocating_task'),
      consequence: 'Innocent processes die, one after another, and the one that leaks goes on.',
      fix: sysctlFix(NAME, 0),
      givesUp: 'some milliseconds at an OOM, with very many processes',
      undo: `sysctl -w ${NAME}=1`,
    }
  },
}
