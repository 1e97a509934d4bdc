/** @module The detector of hung tasks: a freeze may trip it, and its own reports go to the same console. */
import { expectedWaitMs } from '../facts.ts'
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { seconds } from '../say.ts'

export const check: Check = {
  id: 'hung-task',
  asks: 'Does a standstill panic the host, or print without end?',
  looksAt: ['hung_task_panic', 'hung_task_timeout_secs', 'hung_task_warnings'].map(
    (name) => `/proc/sys/kernel/${name}`,
  ),
  healthy: 'hung_task_panic=0, hung_task_warnings=10',
  find(facts) {
    const panics = (sysctlOf(facts, 'kernel.hung_task_panic') ?? 0) > 0
    const timeoutSec = sysctlOf(facts, 'kernel.hung_task_timeout_secs') ?? 0
    const warnings = sysctlOf(facts, 'kernel.hung_task_warnings')
    const freezeMs = expectedWaitMs(facts)
    const isShort = panics && timeoutSec > 0 && freezeMs > (timeoutSec * 1000) / 4
    const evidence = seenIn(facts, ...this.looksAt)
    if (isShort) {
      return {
        severity: 'high',
        title: `A few OOM reports of ${seconds(freezeMs)} may panic the host (hung_task_panic)`,
        what: `A task that has not run for ${timeoutSec} s panics the host; reports one after another keep waiting tasks from running.`,
        evidence,
        consequence: 'A storm of OOMs ends in a panic in the middle of a report.',
        fix: sysctlFix('kernel.hung_task_panic', 0),
        givesUp: 'the restart of a host whose tasks really hang',
        undo: 'sysctl -w kernel.hung_task_panic=1',
      }
    }
    if (warnings !== -1) return null
    return {
      severity: 'note',
      title: 'Reports of hung tasks have no limit (hung_task_warnings=-1)',
      what: 'Each has a call trace, and goes to the consoles too.',
      evidence,
      consequence: 'A slow console is kept busy by the host that waits for it.',
      fix: sysctlFix('kernel.hung_task_warnings', 10),
      givesUp: 'the eleventh report and those after it',
      undo: 'sysctl -w kernel.hung_task_warnings=-1',
    }
  },
}
