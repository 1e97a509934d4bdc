/** @module Nobody but the kernel ends a shortage, and the kernel does so last, with its report. */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { killersOf, runsOomd } from '../killers.ts'

export const check: Check = {
  id: 'no-killer',
  asks: 'Does anybody act before the kernel must?',
  looksAt: ['/proc', '/etc/systemd/system', '/sys/kernel/mm/lru_gen/min_ttl_ms'],
  healthy: 'systemd-oomd with a unit to watch, earlyoom, nohang, or min_ttl_ms',
  find(facts) {
    if (facts.processes === null || !facts.seesAll || killersOf(facts).length > 0) return null
    // One that runs without effect is another finding.
    if (runsOomd(facts)) return null
    return {
      severity: 'note',
      title: 'Nobody acts on a shortage of memory before the kernel does',
      what: 'The kernel kills when reclaim has failed for good; until then a host may thrash for minutes.',
      evidence: [
        { path: '/proc', value: 'neither systemd-oomd with a unit, nor earlyoom, nor nohang' },
      ],
      consequence: 'Every shortage ends in an OOM report, with the freeze that goes with it.',
      fix: adviceOnly('ManagedOOMMemoryPressure=kill for a slice with systemd-oomd, or earlyoom.'),
      givesUp: 'a program may be killed that would have got through',
      undo: 'disable it again',
    }
  },
}
