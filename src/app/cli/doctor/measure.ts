/** @module `plimsoll doctor --measure`: says what it will print, prints it, and takes the time. */
import { PlimsollError } from '../../../base/errors.ts'
import { escapeForTerminal } from '../../../base/escape.ts'
import type { Facts } from '../../../core/console/facts.ts'
import type { Measured } from '../../../core/console/probe.ts'
import { conclude, makeProbe, whyNoProbe } from '../../../core/console/probe.ts'
import { timeKmsg } from '../../../linux/kmsg.ts'

/** @throws PLM_MEASURE where it would measure nothing, PLM_PERMISSION */
export function runMeasure(facts: Facts): Measured {
  if (process.getuid?.() !== 0) {
    throw new PlimsollError('PLM_PERMISSION', 'only root may write to the kernel log', {
      hint: 'Run it as root: sudo plimsoll doctor --measure',
    })
  }
  const probe = makeProbe(facts)
  if (probe === null) {
    throw new PlimsollError('PLM_MEASURE', `nothing was measured. ${whyNoProbe(facts) ?? ''}`)
  }
  // Before it, and whatever becomes of the document on the standard output.
  process.stderr.write(`${escapeForTerminal(probe.notice)}\n`)
  const times = timeKmsg(probe.lines)
  if (!times.ok) throw new PlimsollError('PLM_MEASURE', times.error)
  return conclude(facts, probe, times.value)
}
