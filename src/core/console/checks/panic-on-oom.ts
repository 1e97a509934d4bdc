/** @module vm.panic_on_oom: the report is printed first, then the host panics (mm/oom_kill.c, check_panic_on_oom). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { isKdumpLoaded, KDUMP_LOADED } from '../kdump.ts'

const NAME = 'vm.panic_on_oom'
const PATH = '/proc/sys/vm/panic_on_oom'

export const check: Check = {
  id: 'panic-on-oom',
  asks: 'What becomes of the host at an OOM?',
  looksAt: [PATH, KDUMP_LOADED, '/proc/sys/kernel/panic'],
  healthy: '0; 1 with kdump loaded and kernel.panic above 0',
  find(facts) {
    const mode = sysctlOf(facts, NAME)
    if (mode !== 1 && mode !== 2) return null
    const hasKdump = isKdumpLoaded(facts) === true
    const timeout = sysctlOf(facts, 'kernel.panic')
    if (mode === 1 && hasKdump && timeout !== 0) return null
    const lost = hasKdump ? '' : ' No crash kernel is loaded, so that its memory is lost.'
    const hangs = timeout === 0 && !hasKdump ? ' kernel.panic is 0: it then hangs for ever.' : ''
    return {
      severity: 'high',
      title:
        mode === 2
          ? 'An OOM of any container panics the host (vm.panic_on_oom=2)'
          : 'An OOM panics the host (vm.panic_on_oom=1)',
      what: 'The report is printed first, at the pace of the consoles; the panic comes after it.',
      evidence: seenIn(facts, PATH, KDUMP_LOADED, '/proc/sys/kernel/panic'),
      consequence: `One process that leaks ends everything that runs here.${lost}${hangs}`,
      fix: sysctlFix(
        NAME,
        0,
        'With failover to another host: 1, kdump loaded, and kernel.panic=10.',
      ),
      givesUp: 'a clean restart instead of a host that limps on after a kill',
      undo: `sysctl -w ${NAME}=${mode}`,
    }
  },
}
