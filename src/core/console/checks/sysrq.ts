/** @module kernel.sysrq: which keys work at the keyboard and by BREAK on a serial line (drivers/tty/sysrq.c). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'

/** SYSRQ_ENABLE_DUMP and SYSRQ_ENABLE_SIGNAL. */
const DUMPS = 8
const SIGNALS = 64

export const check: Check = {
  id: 'sysrq',
  asks: 'Can somebody at the console dump tasks and kill?',
  looksAt: ['/proc/sys/kernel/sysrq'],
  healthy: `1, or a mask with ${DUMPS} (dumps) and ${SIGNALS} (signals)`,
  find(facts) {
    const mask = sysctlOf(facts, 'kernel.sysrq')
    if (mask === null || mask === 1 || ((mask & DUMPS) !== 0 && (mask & SIGNALS) !== 0)) return null
    const wanted = mask | DUMPS | SIGNALS
    return {
      severity: 'note',
      title: `SysRq keys that dump tasks or kill are refused (mask ${mask})`,
      what: 'The mask is for keyboard and serial BREAK; /proc/sysrq-trigger does not heed it for root.',
      evidence: seenIn(facts, '/proc/sys/kernel/sysrq'),
      consequence: 'Whoever stands at a frozen host can neither see its tasks nor end one.',
      fix: sysctlFix(
        'kernel.sysrq',
        wanted,
        'Hardening guides want 0: leave it where the console is not under lock and key.',
      ),
      givesUp: 'whoever reaches the console can kill and crash',
      undo: `sysctl -w kernel.sysrq=${mask}`,
    }
  },
}
