/** @module rsyslog that reads the kernel's log twice: from the kernel, and from the journal (rsyslog's imjournal). */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { filesLike } from '../reading.ts'

export const check: Check = {
  id: 'rsyslog-twice',
  asks: 'Does rsyslog read kernel messages once?',
  looksAt: ['/etc/rsyslog.conf', '/etc/rsyslog.d/*.conf'],
  healthy: 'one of imklog, imkmsg and imjournal',
  find(facts) {
    if (!facts.running.has('rsyslogd')) return null
    const loaded = filesLike(facts, /^\/etc\/rsyslog/).flatMap(([path, text]) =>
      text.split('\n').flatMap((line) => {
        const name = /^[^#]*\b(imklog|imkmsg|imjournal)\b/.exec(line)?.[1]
        return name === undefined ? [] : [{ path, value: line.trim(), name }]
      }),
    )
    if (new Set(loaded.map(({ name }) => name)).size < 2) return null
    return {
      severity: 'note',
      title: 'rsyslog reads kernel messages twice',
      what: 'imjournal takes them from the journal, and imklog or imkmsg from the kernel; imjournal drops what exceeds 20,000 lines in ten minutes.',
      evidence: loaded.map(({ path, value }) => ({ path, value })),
      consequence: 'Every line of an OOM report is there twice, or one copy of it in part.',
      fix: adviceOnly('Load one of them: imklog for the kernel, imuxsock for services.'),
      givesUp: 'structured fields of the journal',
      undo: 'load it again',
    }
  },
}
