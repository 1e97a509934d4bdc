/** @module journald that drops kernel lines by level: with kernel.printk "5 7 1 7" the memory figures are debug lines. */
import type { Check } from '../finding.ts'
import { JOURNALD_DROP_IN } from '../finding.ts'
import { iniValue, isYes } from '../ini.ts'
import { neededLevels, rsyslogKeepsAll } from '../log-levels.ts'

const LEVELS: readonly string[] = [
  'emerg',
  'alert',
  'crit',
  'err',
  'warning',
  'notice',
  'info',
  'debug',
]

function levelOf(text: string): number | null {
  if (/^[0-7]$/.test(text)) return Number(text)
  const at = LEVELS.indexOf(text)
  return at < 0 ? null : at
}

export const check: Check = {
  id: 'journald-level',
  asks: 'Does the journal keep every line of an OOM report?',
  looksAt: ['/etc/systemd/journald.conf', '/proc/sys/kernel/printk'],
  healthy: 'MaxLevelStore=debug, ReadKMsg=yes',
  find(facts) {
    const store = iniValue(facts, 'journald', 'MaxLevelStore')
    const level = store === null ? null : levelOf(store.value)
    const readKmsg = iniValue(facts, 'journald', 'ReadKMsg')
    const isBlind = readKmsg !== null && readKmsg.value !== '' && !isYes(readKmsg.value)
    const needed = neededLevels(facts)
    const isCut = level !== null && level < needed.later
    if (!isBlind && !isCut) return null
    const shown = isBlind ? readKmsg : store
    const key = isBlind ? 'ReadKMsg' : 'MaxLevelStore'
    return {
      severity:
        rsyslogKeepsAll(facts) || (!isBlind && level !== null && level >= needed.now)
          ? 'note'
          : 'medium',
      title: isBlind
        ? 'The journal does not take kernel messages'
        : `The journal drops kernel lines above ${store?.value}: an OOM report is not whole in it`,
      what: 'The table of processes has the level info; lines without a level have the second figure of kernel.printk, and with 7 that is debug.',
      evidence: [{ path: shown?.path ?? '', value: `${key}=${shown?.value ?? ''}` }],
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
