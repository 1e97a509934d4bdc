/** @module A hardware watchdog that bites before a report is out resets the host in its middle. */

import type { Facts } from '../facts.ts'
import { expectedWaitMs, isNominal } from '../facts.ts'
import type { Check, Evidence } from '../finding.ts'
import { SYSTEMD_DROP_IN } from '../finding.ts'
import { iniValue, parseSpanSec } from '../ini.ts'
import { filesLike } from '../reading.ts'
import { seconds } from '../say.ts'

interface Timeout {
  readonly sec: number
  readonly evidence: Evidence
}

/** What systemd asks of the watchdog, and what an active one has. */
function timeoutsOf(facts: Facts): readonly Timeout[] {
  const wish = iniValue(facts, 'system', 'RuntimeWatchdogSec')
  const wishSec = wish === null ? null : parseSpanSec(wish.value)
  const devices = filesLike(facts, /^\/sys\/class\/watchdog\/[^/]+\/timeout$/).filter(
    ([path]) => facts.files.get(path.replace(/timeout$/, 'state')) === 'active',
  )
  return [
    ...(wish !== null && wishSec !== null && wishSec > 0
      ? [{ sec: wishSec, evidence: { path: wish.path, value: `RuntimeWatchdogSec=${wish.value}` } }]
      : []),
    ...devices.map(([path, text]) => ({ sec: Number(text), evidence: { path, value: text } })),
  ].filter(({ sec }) => sec > 0)
}

export const check: Check = {
  id: 'watchdog-shorter',
  asks: 'Does the hardware watchdog wait for a report to end?',
  looksAt: ['/etc/systemd/system.conf', '/sys/class/watchdog/*/timeout'],
  healthy: 'none, or one that waits twice as long as the freeze lasts',
  find(facts) {
    const freezeMs = expectedWaitMs(facts)
    const [shortest] = timeoutsOf(facts).toSorted((a, b) => a.sec - b.sec)
    if (shortest === undefined || shortest.sec * 1000 > freezeMs * 2) return null
    const isCertain = shortest.sec * 1000 <= freezeMs && !isNominal(facts)
    const wanted = Math.ceil((freezeMs * 3) / 1000)
    return {
      severity: isCertain ? 'high' : 'medium',
      title: `The hardware watchdog resets after ${shortest.sec} s; an OOM report takes ${seconds(freezeMs)}`,
      what: 'Whoever feeds the watchdog needs memory too, and stands still with the others.',
      evidence: [shortest.evidence],
      consequence:
        'The host is reset in the middle of the report, before anything is killed, and the report is lost.',
      fix: {
        now: [],
        persistent: [{ file: SYSTEMD_DROP_IN, text: `[Manager]\nRuntimeWatchdogSec=${wanted}s\n` }],
        advice: 'Better: shorten the freeze. Then: systemctl daemon-reexec.',
      },
      givesUp: `a hang is noticed ${wanted} s after it began`,
      undo: 'delete the drop-in, systemctl daemon-reexec',
    }
  },
}
