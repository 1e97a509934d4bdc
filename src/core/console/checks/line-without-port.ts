/** @module A console on a port that is not there: the driver waits for an answer that does not come (8250_port.c). */
import type { Check } from '../finding.ts'
import { adviceOnly, seenIn } from '../finding.ts'
import { integerOf } from '../reading.ts'
import { listed } from '../say.ts'

export const check: Check = {
  id: 'line-without-port',
  asks: 'Is there hardware behind each serial console?',
  looksAt: ['/proc/consoles', '/sys/class/tty/*/type'],
  healthy: 'a type other than 0',
  find(facts) {
    const path = (name: string): string => `/sys/class/tty/${name}/type`
    const lost = (facts.consoles?.consoles ?? []).filter(
      ({ name, kind }) => kind === 'uart' && integerOf(facts, path(name)) === 0,
    )
    if (lost.length === 0) return null
    const names = listed(lost.map(({ name }) => name))
    return {
      severity: 'medium',
      title: `There is no port behind the console ${names}`,
      what: 'The driver waits for each character to go out, up to 10 ms on kernels before 6.12.',
      evidence: seenIn(facts, '/proc/consoles', ...lost.map(({ name }) => path(name))),
      consequence: 'An OOM report of 10 kB may take 100 s, and nobody can read it.',
      fix: adviceOnly(`Take console=${lost[0]?.name} out of the kernel command line, and reboot.`),
      givesUp: 'nothing',
      undo: 'put it back',
    }
  },
}
