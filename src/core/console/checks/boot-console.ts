/** @module A boot console that stayed: every line goes out twice, and all consoles are flushed by the caller. */
import type { Check } from '../finding.ts'
import { adviceOnly, seenIn } from '../finding.ts'
import { listed } from '../say.ts'

export const check: Check = {
  id: 'boot-console',
  asks: 'Is an early console still registered?',
  looksAt: ['/proc/consoles', '/proc/cmdline'],
  healthy: 'no flag B in /proc/consoles',
  find(facts) {
    const boot = (facts.consoles?.consoles ?? []).filter(({ isBoot }) => isBoot)
    if (boot.length === 0) return null
    return {
      severity: 'medium',
      title: `The boot console ${listed(boot.map(({ name }) => name))} is still there`,
      what: 'It prints every line a second time, often on the same wire, and while it is there no console has a printing thread of its own.',
      evidence: seenIn(facts, '/proc/consoles', '/proc/cmdline'),
      consequence: 'An OOM report takes up to twice the time.',
      fix: adviceOnly(
        'Take keep_bootcon and earlycon= (earlyprintk=) out of the kernel command line, and reboot.',
      ),
      givesUp: 'messages of the first moments of a boot',
      undo: 'put them back',
    }
  },
}
