/** @module kernel.printk_delay: a busy wait for every record, shown or not (printk.c, printk_delay). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { seconds } from '../say.ts'

const NAME = 'kernel.printk_delay'

export const check: Check = {
  id: 'printk-delay',
  asks: 'Does every kernel message wait on purpose?',
  looksAt: ['/proc/sys/kernel/printk_delay'],
  healthy: '0',
  find(facts) {
    const delayMs = sysctlOf(facts, NAME)
    if (delayMs === null || delayMs <= 0) return null
    const lines = facts.report?.length ?? null
    return {
      severity: lines !== null && lines * delayMs < 1000 ? 'medium' : 'high',
      title: `Every kernel message takes ${delayMs} ms longer (printk_delay)`,
      what: 'The wait is made for each line, whether a console shows it or not.',
      evidence: seenIn(facts, '/proc/sys/kernel/printk_delay'),
      consequence:
        lines === null
          ? 'Each line of an OOM report adds that to the freeze.'
          : `The ${lines} lines of an OOM report add ${seconds(lines * delayMs)} to the freeze.`,
      fix: sysctlFix(NAME, 0),
      givesUp: 'nothing, unless somebody films the screen of a panic',
      undo: `sysctl -w ${NAME}=${delayMs}`,
    }
  },
}
