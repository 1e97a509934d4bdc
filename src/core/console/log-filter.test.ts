import assert from 'node:assert/strict'
import { test } from 'node:test'
import { combineFilters, journaldKeepsDebug, rsyslogKeepsDebug } from './log-filter.ts'

for (const [texts, keeps] of [
  [[], true],
  [['[Journal]\n#MaxLevelStore=info\n'], true],
  [['[Journal]\nMaxLevelStore=info\n'], false],
  [['[Journal]\nMaxLevelStore=6\n'], false],
  [['[Journal]\nMaxLevelStore = 7\n'], true],
  [['[Journal]\nMaxLevelStore=info\n', '[Journal]\nMaxLevelStore=debug\n'], true],
  [['[Journal]\nMaxLevelStore=debug\n', '[Journal]\nMaxLevelStore=warning\n'], false],
  [['[Journal]\nMaxLevelStore=info\nMaxLevelStore=\n'], true],
  [['[Journal]\nMaxLevelSyslog=info\n'], true],
  [['[Journal]\nStorage=none\n'], false],
  [['[Journal]\nStorage=volatile\n'], true],
  [['[Journal]\nReadKMsg=no\n'], false],
  [['[Journal]\nReadKMsg=yes\n'], true],
] as const) {
  test(`journald with ${JSON.stringify(texts)} ${keeps ? 'keeps' : 'drops'} debug`, () => {
    assert.equal(journaldKeepsDebug(texts), keeps)
  })
}

// Debian's and RHEL's own, and what else people write.
for (const [text, keeps] of [
  ['kern.*\t\t\t\t-/var/log/kern.log\n', true],
  ['*.*;auth,authpriv.none\t\t-/var/log/syslog\n', true],
  ['#kern.*  /dev/console\n*.info;mail.none;authpriv.none;cron.none /var/log/messages\n', false],
  ['*.info;kern.debug /var/log/messages\n', true],
  ['*.=debug /var/log/debug\n', true],
  ['auth,kern.* /var/log/both\n', true],
  ['mail.* /var/log/mail\n', false],
  ['kern.info /var/log/kern.log\n', false],
  ['*.*;kern.none /var/log/rest\n', false],
  ['', false],
] as const) {
  test(`rsyslog with ${JSON.stringify(text)} ${keeps ? 'keeps' : 'drops'} debug`, () => {
    assert.equal(rsyslogKeepsDebug([text]), keeps)
  })
}

for (const [journald, rsyslog, expected] of [
  [true, false, 'keeps-debug'],
  [false, true, 'keeps-debug'],
  [null, true, 'keeps-debug'],
  [false, null, 'drops-debug'],
  [false, false, 'drops-debug'],
  [null, null, 'unknown'],
] as const) {
  test(`journald ${journald}, rsyslog ${rsyslog}: ${expected}`, () => {
    assert.equal(combineFilters(journald, rsyslog), expected)
  })
}
