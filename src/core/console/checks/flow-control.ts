/** @module `r` in console=: the driver waits for CTS, up to a second for each character (8250_port.c, wait_for_xmitr). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { listed } from '../say.ts'

export const check: Check = {
  id: 'flow-control',
  asks: 'Does a console wait for the other end of its line?',
  looksAt: ['/proc/cmdline'],
  healthy: 'no `r` behind the bits in console=',
  find({ consoles }) {
    const waiting = (consoles?.consoles ?? []).filter((one) => one.line?.hasFlowControl === true)
    if (waiting.length === 0) return null
    const names = listed(waiting.map(({ name }) => name))
    return {
      severity: 'high',
      title: `${names} has hardware flow control: with nobody at the other end each character may take a second`,
      what: 'The r in console= has the driver wait for CTS before each character, and gives it up to a second.',
      evidence: waiting.map(({ name }) => ({
        path: '/proc/cmdline',
        value: `console=${name},...r`,
      })),
      consequence: 'An OOM report of some kilobytes would take hours where nothing is connected.',
      fix: adviceOnly(
        `Take the r out of console=${waiting[0]?.name},... and reboot; until then detach the console: echo 0 > /sys/class/tty/${waiting[0]?.name}/console`,
      ),
      givesUp: 'characters, where a slow terminal is connected that needs the handshake',
      undo: 'put the r back',
    }
  },
}
