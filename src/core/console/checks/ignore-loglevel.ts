/** @module printk.ignore_loglevel: every line is printed, whatever kernel.printk says. */
import { isOn } from '../facts.ts'
import type { Check } from '../finding.ts'
import { seenIn, sysfsFix } from '../finding.ts'

const PATH = '/sys/module/printk/parameters/ignore_loglevel'

export const check: Check = {
  id: 'ignore-loglevel',
  asks: 'Do consoles heed kernel.printk at all?',
  looksAt: [PATH],
  healthy: 'N',
  find(facts) {
    if (isOn(facts, PATH) !== true) return null
    return {
      severity: 'medium',
      title: 'ignore_loglevel is on: every kernel message goes to every console',
      what: 'No level in kernel.printk has an effect while it is on.',
      evidence: seenIn(facts, PATH),
      consequence:
        'A whole OOM report is printed on the slowest console, and debug messages with it.',
      fix: sysfsFix(
        PATH,
        'N',
        'Take ignore_loglevel out of the kernel command line, if it is there.',
      ),
      givesUp: 'debug messages on the console',
      undo: `echo Y > ${PATH}`,
    }
  },
}
