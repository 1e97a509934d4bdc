/** @module journald that drops kernel lines by level: with kernel.printk "5 7 1 7" the memory figures are debug lines. */
import type { Check } from '../finding.ts'
import { JOURNALD_DROP_IN } from '../finding.ts'
import { journalFilter, keepsUpTo } from '../log-filter.ts'
import { neededLevels, rsyslogKeepsAll } from '../log-levels.ts'

export const check: Check = {
  id: 'journald-level',
  asks: 'Does the journal keep every line of an OOM report?',
  looksAt: ['/etc/systemd/journald.conf', '/proc/sys/kernel/printk'],
  healthy: 'MaxLevelStore=debug, ReadKMsg=yes',
  find(facts) {
    const { levels, by } = journalFilter(facts)
    const needed = neededLevels(facts)
    // A journal that keeps nothing at all is another check's.
    if (by === null || by.key === 'Storage' || keepsUpTo(levels, needed.later)) return null
    const isBlind = by.key === 'ReadKMsg'
    return {
      severity: rsyslogKeepsAll(facts) || keepsUpTo(levels, needed.now) ? 'note' : 'medium',
      title: isBlind
        ? 'The journal does not take kernel messages'
        : `The journal drops kernel lines above ${by.value}: an OOM report is not whole in it`,
      what: 'The table of processes has the level info; lines without a level have the second figure of kernel.printk, and with 7 that is debug.',
      evidence: [{ path: by.path, value: `${by.key}=${by.value}` }],
      consequence: 'Memory figures or the table of an OOM are in no log.',
      fix: {
        now: [],
        persistent: [
          {
            file: JOURNALD_DROP_IN,
            text: `[Journal]\n${isBlind ? 'ReadKMsg=yes' : 'MaxLevelStore=debug'}\n`,
          },
        ],
        advice: 'Then: systemctl restart systemd-journald.',
      },
      givesUp: 'debug messages of services are kept too',
      undo: 'delete the drop-in and restart systemd-journald',
    }
  },
}
