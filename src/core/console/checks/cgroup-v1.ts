/** @module cgroup v1: no memory.pressure, no memory.oom.group, no systemd-oomd. */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { hasCgroup1, hasCgroup2 } from '../killers.ts'

export const check: Check = {
  id: 'cgroup-v1',
  asks: 'Is memory accounted by cgroup v2?',
  looksAt: ['/sys/fs/cgroup/cgroup.controllers', '/sys/fs/cgroup/memory'],
  healthy: 'cgroup v2',
  find(facts) {
    if (hasCgroup2(facts) || !hasCgroup1(facts)) return null
    return {
      severity: 'note',
      title: 'Memory is accounted by cgroup v1',
      what: 'It has no pressure of a group, no kill of a group as a whole, and no memory.high.',
      evidence: [{ path: '/sys/fs/cgroup/memory', value: 'is there' }],
      consequence:
        'A leaking service cannot be throttled before it is killed, and systemd-oomd does nothing.',
      fix: adviceOnly(
        'systemd.unified_cgroup_hierarchy=1 on the kernel command line, if every container runtime here knows v2.',
      ),
      givesUp: 'old container runtimes and JVMs that read v1 files',
      undo: 'take it out again',
    }
  },
}
