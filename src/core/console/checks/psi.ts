/** @module Memory pressure that cannot be read: nobody sees a shortage before it is an OOM (Documentation/accounting/psi.rst). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { hasPsi } from '../killers.ts'
import { isDenied } from '../reading.ts'

const PATH = '/proc/pressure/memory'

export const check: Check = {
  id: 'psi',
  asks: 'Is memory pressure measured?',
  looksAt: [PATH],
  healthy: 'it is there',
  find(facts) {
    const isKnown = facts.files.has('/proc/meminfo') && facts.given !== null
    if (!isKnown || hasPsi(facts) || isDenied(facts, PATH)) return null
    return {
      severity: 'medium',
      title: 'Memory pressure is not measured (no PSI)',
      what: 'The kernel was built without it, or started with it switched off.',
      evidence: [{ path: PATH, value: 'cannot be read' }],
      consequence: 'systemd-oomd does nothing, and whoever would act before an OOM sees it late.',
      fix: adviceOnly('Add psi=1 to the kernel command line, and reboot.'),
      givesUp: 'a little CPU at each wake-up',
      undo: 'take it out again',
    }
  },
}
