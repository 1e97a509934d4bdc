/** @module journald syncs every five minutes, at once only for critical messages; those of an OOM are none (journald.conf(5)). */
import type { Check } from '../finding.ts'
import { JOURNALD_DROP_IN } from '../finding.ts'
import { iniValue, parseSpanSec } from '../ini.ts'

const DEFAULT = '5m'
const WANTED_SEC = 60

export const check: Check = {
  id: 'journald-sync',
  asks: 'How much of the log may a reset take?',
  looksAt: ['/etc/systemd/journald.conf'],
  healthy: 'SyncIntervalSec of 10 to 30 s',
  find(facts) {
    if (!facts.running.has('systemd-journal')) return null
    const set = iniValue(facts, 'journald', 'SyncIntervalSec')
    const text = set === null || set.value === '' ? DEFAULT : set.value
    const sec = parseSpanSec(text)
    if (sec === null || sec <= WANTED_SEC) return null
    return {
      severity: 'note',
      title: `journald writes to disk every ${text}${set === null ? ', its default' : ''}`,
      what: 'It syncs at once for critical messages alone; the lines of an OOM are errors, warnings and less.',
      evidence: [
        set === null
          ? { path: '/etc/systemd/journald.conf', value: 'SyncIntervalSec is not set' }
          : { path: set.path, value: `SyncIntervalSec=${set.value}` },
      ],
      consequence: `A hard reset takes the last ${Math.round(sec / 60)} minutes, the OOM among them.`,
      fix: {
        now: [],
        persistent: [{ file: JOURNALD_DROP_IN, text: '[Journal]\nSyncIntervalSec=15s\n' }],
        advice: 'Then: systemctl restart systemd-journald.',
      },
      givesUp: 'four writes to disk a minute, while something logs',
      undo: 'delete the drop-in and restart systemd-journald',
    }
  },
}
