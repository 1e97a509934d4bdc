/** @module sshd that the kernel may kill: its listener asks to be left alone at its start (openssh, platform_pre_listen). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'

/** From here on the killer looks elsewhere as long as there is anything else. */
const PROTECTED = -900

export const check: Check = {
  id: 'login-unprotected',
  asks: 'May the kernel kill the way to log in?',
  looksAt: ['/proc/PID/oom_score_adj'],
  healthy: `an sshd of ${PROTECTED} or less`,
  find({ processes, seesAll }) {
    const daemons = processes?.filter(({ comm }) => comm === 'sshd') ?? []
    if (!seesAll || daemons.length === 0) return null
    const lowest = daemons.toSorted((a, b) => a.oomScoreAdj - b.oomScoreAdj)[0]
    if (lowest === undefined || lowest.oomScoreAdj <= PROTECTED) return null
    return {
      severity: 'note',
      title: 'The kernel may kill sshd',
      what: 'The daemon that listens is as good a victim as any process of its size.',
      evidence: [{ path: `/proc/${lowest.pid}/oom_score_adj`, value: String(lowest.oomScoreAdj) }],
      consequence: 'After an OOM nobody may be able to log in.',
      fix: adviceOnly('systemctl edit ssh.service: [Service] OOMScoreAdjust=-1000'),
      givesUp: 'sessions do not inherit it, but what the daemon itself leaks is never taken',
      undo: 'systemctl revert ssh.service',
    }
  },
}
