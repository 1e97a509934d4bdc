import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ExplainDocument } from '../../src/core/oom/document.ts'

const LOGS = 'lab/scenarios/logs'
const SWARM = join(LOGS, '6.12-swarm.log')
const INCIDENT = join(LOGS, '6.12-incident.log')

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-explain-'))
after(() => rmSync(directory, { recursive: true }))

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function explain(words: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['dist/cli.cjs', 'explain', ...words],
    { input, encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: '', ...env } },
  )
  return { code: status, stdout, stderr }
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

/** Three kills of one name in ten seconds. */
const STORM = [10, 14, 20]
  .flatMap((second, i) => [
    `[   ${second}.000000] web invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`,
    `[   ${second}.000001] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),global_oom,task=web,pid=${i},uid=0`,
    `[   ${second}.000002] Out of memory: Killed process ${i} (web) total-vm:9kB, anon-rss:${8192 + i}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:0kB oom_score_adj:0`,
  ])
  .join('\n')

test('a page says the verdict first and on which lines it rests', () => {
  const { code, stdout } = explain([INCIDENT])
  assert.equal(code, 10)
  assert.match(stdout, /^▲ GUILTY {2}leaker \(\d+\) was killed/)
  const kill = readFileSync(INCIDENT, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes('Killed process'))
  assert.match(stdout, new RegExp(`^ {2}killed +leaker .*\\[line ${kill + 1}\\]$`, 'm'))
  for (const line of stdout.split('\n')) {
    // A path is never broken.
    assert.ok(line.length <= 80 || !line.trim().includes(' '), line)
  }
})

test('where letters are all there is, the page is in ASCII', () => {
  const { stdout } = explain([INCIDENT], '', { LANG: 'C' })
  assert.match(stdout, /^! GUILTY/)
  assert.match(stdout, /^[\n\x20-\x7e]*$/)
})

test('a storm is one story, its first report in full and the others a line each', () => {
  const log = write('storm.log', STORM)
  const { stdout } = explain([log])
  assert.match(stdout, /^STORM {2}3 kills in 10 s, 3 reports, one cause/)
  assert.match(stdout, /Killed: 3 x web\./)
  assert.equal(stdout.match(/^ {2}asked/gm)?.length, 1)
  assert.match(stdout, /^ {2}\[line 4\] +\+4\.0 s {2}.* web \(1\), anon 8\.0 MiB$/m)
  assert.equal(explain(['--all', log]).stdout.match(/^ {2}asked/gm)?.length, 3)
})

test('JSON has one line a log, with its storms, and an error in its place', () => {
  const cut = gzipSync(`${STORM}\n${'noise\n'.repeat(90_000)}`)
  const logs = [
    SWARM,
    write('storm2.log', STORM),
    write('empty.log', 'nothing\n'),
    write('cut.log.gz', cut.subarray(0, cut.length - 20)),
  ]
  const { code, stdout, stderr } = explain(['--json', ...logs])
  const documents = stdout
    .trimEnd()
    .split('\n')
    .map((line): ExplainDocument => JSON.parse(line))
  assert.deepEqual(
    documents.map(({ file, reports, storms }) => [file, reports.length, storms.length]),
    [
      [logs[0], 1, 0],
      [logs[1], 3, 1],
      [logs[2], 0, 0],
      [logs[3], 3, 1],
    ],
  )
  const [storm] = documents[1]?.storms ?? []
  assert.deepEqual([storm?.kills, storm?.spanSec], [3, 10])
  assert.deepEqual(storm?.killed, [{ name: 'web', count: 3 }])
  assert.equal(documents[0]?.error, null)
  assert.match(documents[3]?.error ?? '', /cut\.log\.gz cannot be read/)
  assert.match(stderr, /cut\.log\.gz cannot be read/)
  assert.equal(code, 11)
})

test('who else killed is said, and what is no text', () => {
  const killed =
    'Nov 25 10:00:01 web1 systemd-oomd[612]: Killed /a.scope due to memory pressure for / being 72% > 50% for > 20s\n'
  const oomd = write('oomd.log', killed)
  const binary = write('binary', new Uint8Array(readFileSync(process.execPath).subarray(0, 60_000)))
  const page = explain([oomd])
  assert.match(
    page.stdout,
    /^No OOM report of the kernel in it, but:\n {2}systemd-oomd killed \/a\.scope/,
  )
  assert.equal(page.code, 10)
  const nothing = explain([binary])
  assert.deepEqual([nothing.code, nothing.stdout], [11, 'No log lines in it: it is not text.\n'])
  const both = explain(['--json', oomd, binary])
  const documents = both.stdout
    .trimEnd()
    .split('\n')
    .map((line): ExplainDocument => JSON.parse(line))
  assert.deepEqual(
    documents.map(({ isText, otherKills }) => [isText, otherKills.map(({ group }) => group)]),
    [
      [true, ['/a.scope']],
      [false, []],
    ],
  )
  assert.equal(both.code, 10)
})

test('JSON events have one line a report, from standard input too', () => {
  const { code, stdout } = explain(['--json-events', '-'], STORM)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    events.map(({ schema, file, killed }) => [schema, file, killed[0].pid]),
    [0, 1, 2].map((pid) => ['plimsoll.explain-event/1', '-', pid]),
  )
  assert.equal(code, 10)
})

test('Markdown lets nothing of the log through, and quotes its lines', () => {
  const evil = STORM.replaceAll('web', 'a|*`<b>\u001b[2J')
  const { stdout } = explain(['--markdown', '--lines', write('evil.log', evil)])
  assert.match(stdout, /^### /m)
  assert.match(stdout, /a\\\|\\\*\\`\\<b\\>/)
  assert.doesNotMatch(stdout, /\u001b/)
  assert.match(stdout, /^3: .*Killed process 0/m)
})

test('a storm is one ticket, its later reports a line each', () => {
  const log = write('storm.md.log', STORM)
  const { stdout } = explain(['--markdown', log])
  assert.match(stdout, /^## Storm: 3 kills in 10 s, 3 reports, one cause: /)
  assert.equal(stdout.match(/^### /gm)?.length, 1)
  assert.deepEqual(stdout.match(/^- \+\d+\.\d s /gm), ['- +4.0 s ', '- +10.0 s '])
  const all = explain(['--markdown', '--all', log]).stdout
  assert.equal(all.match(/^### /gm)?.length, 3)
})

test('of a group at its limit the page says what it held, to the last KiB', () => {
  const { stdout } = explain([join(LOGS, '6.12-cgroup-group.log')])
  const part = stdout.slice(stdout.indexOf('  memory'), stdout.indexOf('  do '))
  assert.match(
    part,
    /^ {2}memory {4}64\.0 MiB in the group, whose limit is 64\.0 MiB\n {4}anon .* 63\.7 MiB/,
  )
  assert.match(part, /unaccounted +0 B/)
})

test('no line of a page is wider than 80 columns but a command, and no figure is torn from its unit', () => {
  for (const name of ['6.12-tmpfs', '6.12-hugepages', '6.1-cgroup-limit-v1', '5.10-swarm']) {
    for (const line of explain([join(LOGS, `${name}.log`)]).stdout.split('\n')) {
      if (!line.startsWith(' '.repeat(14))) assert.ok(line.length <= 80, line)
      assert.doesNotMatch(line, /^ *(?:\d+\]|[KMG]iB|%)/)
    }
  }
})

test('the page quotes lines as they are, but for what steers a terminal', () => {
  const evil = STORM.replaceAll('web', 'w\u001b[31mb')
  const { stdout } = explain(['--lines', write('evil2.log', evil)])
  assert.match(
    stdout,
    /^ {2}3: \[ {3}10\.000002\] Out of memory: Killed process 0 \(w\\x1b\[31mb\)/m,
  )
  assert.doesNotMatch(stdout, /\u001b/)
})

test("a directory's logs come oldest first, and those without an OOM are counted", () => {
  const logs = join(directory, 'var')
  mkdirSync(logs)
  writeFileSync(join(logs, 'syslog'), STORM)
  writeFileSync(join(logs, 'syslog.1'), 'nothing\n')
  writeFileSync(join(logs, 'syslog.2.gz'), gzipSync(STORM))
  const { stdout } = explain([logs])
  assert.deepEqual(
    stdout.match(/^== .*$/gm),
    ['syslog.2.gz', 'syslog'].map((name) => `== ${join(logs, name)}`),
  )
  assert.match(stdout, /^No OOM in one log\.$/m)
})

test('a log without an OOM ends well, a missing one does not', () => {
  const quiet = explain([write('quiet.log', 'x\n')])
  assert.deepEqual([quiet.code, quiet.stdout], [0, 'No OOM in this log.\n'])
  const none = explain([join(directory, 'none')])
  assert.equal(none.code, 69)
  assert.match(none.stderr, /there is no file .*none/)
  assert.equal(explain([]).code, 2)
  const some = explain([join(directory, 'none'), INCIDENT])
  assert.equal(some.code, 11)
  assert.match(some.stdout, /GUILTY/)
  assert.match(some.stderr, /there is no file .*none/)
})

test('--fail-on makes a finding of some verdicts alone', () => {
  assert.equal(explain(['--fail-on', 'guilty', INCIDENT]).code, 10)
  assert.equal(explain(['--fail-on', 'innocent,unknown', INCIDENT]).code, 0)
  const wrong = explain(['--fail-on', 'mine', INCIDENT])
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /expected some of guilty, innocent/)
})

test('where there is no journalctl it is said', () => {
  const { code, stderr } = explain(['--journal'], '', { PATH: directory })
  assert.equal(code, 69)
  assert.match(stderr, /journalctl cannot be run/)
})

test("the kernel's own log is read to its end, or it is said who may", () => {
  const { code, stderr } = explain(['--dmesg'])
  if (code === 77) assert.match(stderr, /\/dev\/kmsg may not be read/)
  else if (code === 69) assert.match(stderr, /\/dev\/kmsg cannot be read/)
  else assert.ok(code === 0 || code === 10, `${code} ${stderr}`)
})

const SYSLOG = [
  'May  1 10:00:00 host systemd[1]: Started web.service.',
  'May  1 10:00:01 host earlyoom[9]: sending SIGTERM to process 71 uid 0 "shop": oom_score 700, VmRSS 900 MiB, cmdline "shop"',
  'May  1 10:00:02 host systemd[1]: web.service: systemd-oomd killed 2 process(es) in this unit.',
  'May  1 10:00:03 host node[88]: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'May  1 10:00:04 host systemd-journald[5]: Suppressed 412 messages from x.service',
].join('\n')

const vanished: readonly (readonly [who: string, RegExp, number])[] = [
  ['shop', /^shop: killed by earlyoom\.\n[\s\S]*score 700 \[.*syslog, line 2\]/, 10],
  ['71', /^71: killed by earlyoom\./, 10],
  ['web.service', /^web\.service: killed by systemd-oomd\.[\s\S]*line 3\]/, 10],
  ['node', /^node: it died by itself\.[\s\S]*line 4\]/, 10],
  ['leaker', /^leaker: killed by the kernel\.[\s\S]*rightly: it held the most/, 10],
  ['mail', /^mail: the logs cannot tell[\s\S]*but +messages of the journal log were lost/, 11],
]
for (const [who, says, exit] of vanished) {
  test(`--vanished ${who}`, () => {
    const { code, stdout } = explain([
      '--vanished',
      who,
      write('vanished-syslog', SYSLOG),
      INCIDENT,
    ])
    assert.match(stdout, says)
    assert.equal(code, exit)
  })
}

test('--vanished looks through this host where no log is named', () => {
  const { code, stdout } = explain(['--vanished', 'no-such-program-ever', '--json'])
  const { schema, findings, looked, doubts } = JSON.parse(stdout)
  assert.deepEqual([schema, findings, code], ['plimsoll.vanished/1', [], 11])
  assert.ok(looked.length + doubts.length > 0)
})

test('the name in a kill by another program makes no link or mention in a ticket', () => {
  const line =
    'Jun 20 12:46:47 h earlyoom[812]: sending SIGTERM to process 7 uid 0 "@every[x](http://e.vl)": badness 5, VmRSS 9 MiB\n'
  const { stdout } = explain(['--markdown', write('other.log', line)])
  assert.match(stdout, /killed ` @every\[x\]\(http:\/\/e\.vl\) ` \(7\)/)
})
