/** @module Reports in what collectors, clouds and pages wrap around lines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEnvelope } from './envelope.ts'
import { readReports } from './read.ts'

const HEADER = 'web invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=988'
const KILL =
  'Memory cgroup out of memory: Killed process 9001 (web) total-vm:999999kB, anon-rss:500000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1000kB oom_score_adj:988'

type Wrap = (line: string, second: number) => string
const json =
  (make: (line: string) => unknown): Wrap =>
  (line) =>
    JSON.stringify(make(line))

const WRAPS: readonly (readonly [name: string, wrap: Wrap])[] = [
  ['Docker', json((log) => ({ log: `${log}\n`, stream: 'stdout', time: '2026-01-01T00:00:00Z' }))],
  ['journalctl -o json', json((MESSAGE) => ({ _TRANSPORT: 'kernel', PRIORITY: '4', MESSAGE }))],
  [
    'journalctl -o json, as bytes',
    json((line) => ({ MESSAGE: [...line].map((c) => c.charCodeAt(0)) })),
  ],
  [
    'Fluentd',
    (line) =>
      `2026-01-01 00:00:00.000000000 +0000 kernel: ${JSON.stringify({ message: line, ident: 'kernel' })}`,
  ],
  ['Google', json((message) => ({ jsonPayload: { message }, severity: 'INFO' }))],
  ['Google, as text', json((textPayload) => ({ textPayload }))],
  ['Splunk', json((_raw) => ({ preview: false, result: { _raw, host: 'web1' } }))],
  ['CloudWatch', json((message) => ({ events: [{ timestamp: 1, message, ingestionTime: 2 }] }))],
  [
    'Loki',
    json((line) => ({
      streams: [{ stream: { job: 'kern' }, values: [['1767225600000000000', line]] }],
    })),
  ],
  ['OpenTelemetry', json((stringValue) => ({ body: { stringValue } }))],
  ['Graylog', json((short_message) => ({ version: '1.1', host: 'web1', short_message }))],
  [
    'the export format',
    (line) => `__CURSOR=s=1;i=1\n_TRANSPORT=kernel\nMESSAGE=${line}\nPRIORITY=4\n`,
  ],
  ['JSON over several lines', (line) => JSON.stringify({ host: 'web1', message: line }, null, 2)],
  ['a container runtime', (line) => `2026-01-01T00:00:00.123456789Z stdout F ${line}`],
  ['HTML', (line) => `${line.replaceAll('(', '&#40;')}<br/>`],
  ['HTML, preformatted', (line) => `<pre><code>${line.replaceAll('|', '&#124;')}</code></pre>`],
  ['quoted-printable', (line) => `${line.replaceAll('=', '=3D')}=20`],
  ['logcat', (line) => `01-01 00:03:12.123     0     0 W         : ${line}`],
  ['a log with a name in front', (line, second) => `[Kernel dmesg] [${second}.104] ${line}`],
  ['logread', (line) => `Thu Jan  1 00:03:12 2026 kern.warn kernel: ${line}`],
  ['the serial log of a cloud', (line) => `2026/01/01 00:00:00.123456 ${line}`],
]

for (const [name, wrap] of WRAPS) {
  test(`a report as ${name}`, () => {
    const log = [HEADER, KILL].map(wrap).join('\n')
    const found = readReports(log).map(({ trigger, killed, gfpMask, isMemcgKill }) => [
      trigger?.comm,
      killed.map(({ pid, comm, anonRssKb }) => [pid, comm, anonRssKb]),
      gfpMask,
      isMemcgKill,
    ])
    assert.deepEqual(found, [['web', [[9001, 'web', 500_000]], 0xcc0, true]])
  })
}

test('a record of several lines is so many, with its time', () => {
  const line = JSON.stringify({
    MESSAGE: 'active_anon:10 inactive_anon:90 isolated_anon:0\n free:15 free_pcp:0',
    _SOURCE_MONOTONIC_TIMESTAMP: '12345678901',
    SYSLOG_IDENTIFIER: 'kernel',
  })
  const [report] = readReports([HEADER, line, KILL].join('\n'))
  assert.deepEqual([report?.counters.inactive_anon, report?.counters.free], [90, 15])
  assert.equal(openEnvelope(line)?.[0]?.uptimeSec, 12345.678901)
})

test('what a program says of itself is not what the kernel says, in an envelope, too', () => {
  for (const said of [{ SYSLOG_IDENTIFIER: 'app' }, { ident: 'app' }, { _TRANSPORT: 'stdout' }]) {
    assert.deepEqual(readReports(JSON.stringify({ MESSAGE: KILL, ...said })), [])
  }
  const inside = 'Nov 25 12:00:01 web1 app[7]: as told: Nov 25 12:00:01 web1 kernel: '
  assert.deepEqual(readReports(`${inside}${KILL}`), [])
})

test('what only looks like an envelope is none', () => {
  for (const line of ['{"a', '{"log":', 'a {"b"} c', '"message": "x', 'R&D', 'x </TASK> y', '']) {
    assert.equal(openEnvelope(line), undefined, line)
  }
  let deep = '"x"'
  for (let i = 0; i < 50; i++) deep = `{"a":${deep}}`
  assert.equal(openEnvelope(deep), undefined)
})
