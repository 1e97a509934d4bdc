/** @module `r` in console=: the driver waits for CTS, up to a second for each character (8250_port.c, wait_for_xmitr). */
import type { Check } from '../finding.ts'
import { sysfsFix } from '../finding.ts'
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
      title: `${names} waits for a handshake: a second for each byte with nobody there`,
      what: 'The r in console= has the driver wait for CTS before each character, and gives it up to a second.',
      evidence: waiting.map(({ name }) => ({
        path: '/proc/cmdline',
        value: `console=${name},...r`,
      })),
      consequence: 'An OOM report of some kilobytes would take hours where nothing is connected.',
      fix: {
        now: waiting
          .filter(({ canDetach }) => canDetach)
          .flatMap(({ name }) => sysfsFix(`/sys/class/tty/${name}/console`, 0).now),
        persistent: [],
        advice: `Take the r out of console=${waiting[0]?.name},... on the kernel command line, and reboot.`,
      },
      givesUp: 'bytes, where a slow terminal is connected that needs the handshake',
      undo: 'put the r back; a detached console comes back with the reboot',
    }
  },
}
