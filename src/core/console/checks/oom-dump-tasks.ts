/** @module vm.oom_dump_tasks=0: the table of the processes is nowhere, not even in dmesg. */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix } from '../finding.ts'

export const check: Check = {
  id: 'oom-dump-tasks',
  asks: 'Is it recorded who had how much memory at an OOM?',
  looksAt: ['/proc/sys/vm/oom_dump_tasks'],
  healthy: '1, where the console is not what is waited for',
  find(facts) {
    if (facts.dumpsTasks !== false) return null
    return {
      severity: 'medium',
      title: 'OOM reports name the victim alone (vm.oom_dump_tasks=0)',
      what: 'The table of processes is not written at all: not to the console, not to dmesg, not to the journal.',
      evidence: seenIn(facts, '/proc/sys/vm/oom_dump_tasks'),
      consequence:
        'After an OOM nobody can tell who had the memory, or whether the victim was the culprit.',
      fix: sysctlFix(
        'vm.oom_dump_tasks',
        1,
        'First make sure that no slow console prints it: kernel.printk = 5 7 1 7 keeps the table off all of them.',
      ),
      givesUp: 'a line of 100 to 130 bytes a process in the log',
      undo: 'sysctl -w vm.oom_dump_tasks=0',
    }
  },
}
