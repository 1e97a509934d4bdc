/** @module Two programs that kill when memory is short: each acts on what the other has not freed yet. */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { killersOf } from '../killers.ts'
import { listed } from '../say.ts'

export const check: Check = {
  id: 'two-killers',
  asks: 'Does one program alone kill when memory is short?',
  looksAt: ['/proc', '/etc/systemd/system', '/sys/kernel/mm/lru_gen/min_ttl_ms'],
  healthy: 'one',
  find(facts) {
    const killers = killersOf(facts)
    if (killers.length < 2) return null
    return {
      severity: 'medium',
      title: `${listed(killers.map(({ name }) => name))} all kill when memory is short`,
      what: 'Each has its own rule, and none waits until what another killed has given its memory back.',
      evidence: killers.map(({ path, value }) => ({ path, value })),
      consequence: 'One shortage may cost two programs, and nobody can say beforehand which.',
      fix: adviceOnly('Keep the one whose rule you want, and disable the others.'),
      givesUp: "the others' rules",
      undo: 'enable them again',
    }
  },
}
