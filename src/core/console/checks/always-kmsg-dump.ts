/** @module printk.always_kmsg_dump with a pstore backend: the log of every reboot is written to firmware. */
import { isOn } from '../facts.ts'
import type { Check } from '../finding.ts'
import { seenIn, sysfsFix } from '../finding.ts'
import { textOf } from '../reading.ts'

const PATH = '/sys/module/printk/parameters/always_kmsg_dump'
const BACKEND = '/sys/module/pstore/parameters/backend'

export const check: Check = {
  id: 'always-kmsg-dump',
  asks: 'Is the firmware written to at every reboot?',
  looksAt: [PATH, BACKEND],
  healthy: 'N with pstore in EFI variables',
  find(facts) {
    if (isOn(facts, PATH) !== true || !/efi/.test(textOf(facts, BACKEND) ?? '')) return null
    return {
      severity: 'note',
      title: 'Every reboot writes the log into the variables of the firmware',
      what: 'always_kmsg_dump has pstore keep the log of orderly restarts too.',
      evidence: seenIn(facts, PATH, BACKEND),
      consequence: 'Old dumps fill the variables; some firmware does not start when they are full.',
      fix: sysfsFix(PATH, 'N', 'Or have systemd-pstore.service move the dumps away.'),
      givesUp: 'the log of an orderly restart',
      undo: `echo Y > ${PATH}`,
    }
  },
}
