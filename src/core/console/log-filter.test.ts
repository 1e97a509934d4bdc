import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  debugInLogs,
  journalFilter,
  keepsUpTo,
  kernelLevelsOf,
  rsyslogLevels,
} from './log-filter.ts'

function filesOf(texts: Readonly<Record<string, string>>): { files: ReadonlyMap<string, string> } {
  return { files: new Map(Object.entries(texts)) }
}

const MAIN = '/etc/systemd/journald.conf'
const OWN = '/etc/systemd/journald.conf.d/50-site.conf'

/** Up to which level the journal has all; -1: nothing. */
for (const [texts, level, key] of [
  [{}, 7, undefined],
  [{ [MAIN]: '[Journal]\n#MaxLevelStore=info' }, 7, undefined],
  [{ [MAIN]: '[Journal]\nMaxLevelStore=info' }, 6, 'MaxLevelStore'],
  [{ [MAIN]: '[Journal]\nMaxLevelStore=6' }, 6, 'MaxLevelStore'],
  [{ [MAIN]: '[Journal]\nMaxLevelStore = 7' }, 7, undefined],
  [{ [MAIN]: 'MaxLevelStore=info', [OWN]: 'MaxLevelStore=debug' }, 7, undefined],
  [{ [MAIN]: 'MaxLevelStore=debug', [OWN]: 'MaxLevelStore=warning' }, 4, 'MaxLevelStore'],
  [{ [MAIN]: 'MaxLevelStore=info\nMaxLevelStore=' }, 7, undefined],
  [{ [MAIN]: 'MaxLevelStore=loud' }, 7, undefined],
  [{ [MAIN]: 'MaxLevelSyslog=info' }, 7, undefined],
  [{ [MAIN]: 'Storage=none' }, -1, 'Storage'],
  [{ [MAIN]: 'Storage=volatile' }, 7, undefined],
  [{ [MAIN]: 'ReadKMsg=no' }, -1, 'ReadKMsg'],
  [{ [MAIN]: 'ReadKMsg=yes' }, 7, undefined],
] as const) {
  test(`journald with ${JSON.stringify(texts)} keeps what is up to ${level}`, () => {
    const { levels, by } = journalFilter(filesOf(texts))
    assert.equal(levels, 2 ** (level + 1) - 1)
    assert.equal(by?.key, key)
  })
}

for (const [selector, levels] of [
  ['kern.*', '01234567'],
  ['*.*;auth,authpriv.none', '01234567'],
  ['*.info;mail.none;authpriv.none;cron.none', '0123456'],
  ['*.info;kern.debug', '01234567'],
  ['*.=debug', '7'],
  ['*.=info;*.=notice;*.=warn;auth,authpriv.none', '456'],
  ['*.*;kern.!err', '4567'],
  ['*.*;kern.!=info', '0123457'],
  ['auth,kern.*', '01234567'],
  ['mail.*', ''],
  ['kern.info', '0123456'],
  ['*.*;kern.none', ''],
  ['kern.loud', ''],
  ['', ''],
] as const) {
  test(`the selector ${JSON.stringify(selector)} takes the kernel's ${levels || 'nothing'}`, () => {
    const kept = kernelLevelsOf(selector)
    assert.equal([...'01234567'].filter((level) => kept & (1 << Number(level))).join(''), levels)
  })
}

// Debian's and RHEL's own, and what else people write.
for (const [text, levels] of [
  ['kern.*\t\t\t\t-/var/log/kern.log', 0xff],
  ['*.*;auth,authpriv.none\t\t-/var/log/syslog', 0xff],
  ['#kern.*  /dev/console\n*.info;mail.none;cron.none /var/log/messages', 0x7f],
  ['*.info /var/log/messages\n*.=debug /var/log/debug', 0xff],
  ['kern.* /dev/console\nkern.err /var/log/err', 0x0f],
  ['kern.* @192.0.2.1', 0],
  ['', 0],
] as const) {
  test(`rsyslog with ${JSON.stringify(text)}`, () => {
    assert.equal(rsyslogLevels(filesOf({ '/etc/rsyslog.d/50-default.conf': text })), levels)
  })
}

test('a level counts only with all that are graver', () => {
  assert.deepEqual(
    [keepsUpTo(0x7f, 6), keepsUpTo(0x7f, 7), keepsUpTo(0x80, 7)],
    [true, false, false],
  )
})

const JOURNAL_DROPS = { [MAIN]: 'MaxLevelStore=info' }
const RSYSLOG_KEEPS = { '/etc/rsyslog.conf': 'kern.* /var/log/kern.log' }
for (const [texts, journald, rsyslog, expected] of [
  [{ ...RSYSLOG_KEEPS }, true, true, 'keeps-debug'],
  [{ ...JOURNAL_DROPS, ...RSYSLOG_KEEPS }, true, true, 'keeps-debug'],
  [{ ...JOURNAL_DROPS, ...RSYSLOG_KEEPS }, true, false, 'drops-debug'],
  [RSYSLOG_KEEPS, false, true, 'keeps-debug'],
  [{}, false, true, 'drops-debug'],
  [{}, true, false, 'keeps-debug'],
  [{}, false, false, 'unknown'],
] as const) {
  test(`logs with ${JSON.stringify(texts)}, ${journald}, ${rsyslog}: ${expected}`, () => {
    assert.equal(debugInLogs(filesOf(texts), { journald, rsyslog }), expected)
  })
}
