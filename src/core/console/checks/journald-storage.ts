/** @module journald that keeps its log in memory: it is gone with the boot. */
import type { Check } from '../finding.ts'
import { JOURNALD_DROP_IN } from '../finding.ts'
import { iniValue } from '../ini.ts'
import { isDenied, textOf } from '../reading.ts'

/** rsyslog and syslog-ng, which keep files of their own. */
const OTHERS = ['rsyslogd', 'syslog-ng'] as const

export const check: Check = {
  id: 'journald-storage',
  asks: 'Is the log still there after a reset?',
  looksAt: ['/etc/systemd/journald.conf', '/var/log/journal'],
  healthy: 'Storage=persistent, or auto with /var/log/journal',
  find(facts) {
    if (!facts.running.has('systemd-journal')) return null
    if (OTHERS.some((comm) => facts.running.has(comm))) return null
    const storage = iniValue(facts, 'journald', 'Storage')
    const hasDirectory = textOf(facts, '/var/log/journal') !== null
    const mode = storage?.value ?? 'auto'
    if (mode === 'auto' && isDenied(facts, '/var/log/journal')) return null
    if (mode === 'persistent' || (mode === 'auto' && hasDirectory)) return null
    return {
      severity: 'medium',
      title: 'The log is kept in memory alone, and ends with the boot',
      what: `journald has Storage=${mode}${mode === 'auto' ? ', and /var/log/journal is not there' : ''}; no other log daemon runs.`,
      evidence: [
        storage === null
          ? { path: '/var/log/journal', value: 'is not there' }
          : { path: storage.path, value: `Storage=${storage.value}` },
      ],
      consequence: 'After a reset nothing is left of the OOM that led to it.',
      fix: {
        now: [],
        persistent: [{ file: JOURNALD_DROP_IN, text: '[Journal]\nStorage=persistent\n' }],
        advice: 'Then: systemctl restart systemd-journald; journalctl --flush.',
      },
      givesUp: 'up to 10 % of the file system, at most 4 GiB',
      undo: 'delete the drop-in and restart systemd-journald',
    }
  },
}
