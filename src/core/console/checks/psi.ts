/** @module Memory pressure that cannot be read: nobody sees a shortage before it is an OOM (Documentation/accounting/psi.rst). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { hasPsi } from '../killers.ts'

export const check: Check = {
  id: 'psi',
  asks: 'Is memory pressure measured?',
  looksAt: ['/proc/pressure/memory'],
  healthy: 'it is there',
  find(facts) {
    const isKnown = facts.files.has('/proc/meminfo') && facts.given !== null
    if (!isKnown || hasPsi(facts)) return null
    return {
      severity: 'medium',
      title: 'Memory pressure is not measured (no PSI)',
      what: 'The kernel was built without it, or started with it switched off.',
      evidence: [{ path: '/proc/pressure/memory', value: 'cannot be read' }],
      consequence: 'systemd-oomd does nothing, and whoever would act before an OOM sees it late.',
      fix: adviceOnly('Add psi=1 to the kernel command line, and reboot.'),
      givesUp: 'a little CPU at each wake-up',
      undo: 'take it out again',
    }
  },
}
