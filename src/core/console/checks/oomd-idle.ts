/** @module systemd-oomd runs and can do nothing (systemd-oomd.service(8), systemd.resource-control(5)). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { oomdUnits, runsOomd, whyOomdIdles } from '../killers.ts'

export const check: Check = {
  id: 'oomd-idle',
  asks: 'Can a systemd-oomd that runs do anything?',
  looksAt: [
    '/proc',
    '/etc/systemd/system',
    '/proc/pressure/memory',
    '/sys/fs/cgroup/cgroup.controllers',
  ],
  healthy: 'cgroup v2, PSI, and a unit with ManagedOOMMemoryPressure=kill or ManagedOOMSwap=kill',
  find(facts) {
    const why = runsOomd(facts) ? whyOomdIdles(facts) : null
    if (why === null) return null
    return {
      severity: 'medium',
      title: `systemd-oomd runs without effect: ${why}`,
      what: 'It watches the units alone that say so.',
      evidence: [{ path: '/proc', value: 'systemd-oomd runs' }],
      consequence: 'A shortage goes on to the kernel, as if it were not installed.',
      fix: adviceOnly(
        oomdUnits(facts).length === 0
          ? 'systemctl edit user.slice (or the slice of the workload): [Slice] ManagedOOMMemoryPressure=kill'
          : 'Give it what it needs, or disable it and take earlyoom.',
      ),
      givesUp: 'it kills the cgroup with the most reclaim, after 30 s above 60 % pressure',
      undo: 'systemctl revert user.slice',
    }
  },
}
