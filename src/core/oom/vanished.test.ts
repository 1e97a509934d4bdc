import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import { recogniseKill, whoSays } from './silent.ts'
import type { VanishedEvidence } from './vanished.ts'
import { isAbout, isKilledIn, judgeVanished, parseTarget } from './vanished.ts'

const NOTHING: VanishedEvidence = {
  target: parseTarget('web.service'),
  kernelKills: [],
  messages: [],
  losses: [],
  reportedKills: 0,
  unit: null,
  groupKills: null,
  hostKills: null,
  crashFiles: [],
  looked: [],
  unread: [],
}
const PLACE = { log: 'syslog', line: 7 }

test('a target is a pid, a unit or a name', () => {
  assert.deepEqual(parseTarget('812'), { kind: 'pid', pid: 812 })
  assert.deepEqual(parseTarget('web.service'), { kind: 'unit', unit: 'web.service' })
  assert.deepEqual(parseTarget('node'), { kind: 'name', name: 'node' })
})

const LOG =
  '[1.000000] Memory cgroup out of memory: Killed process 812 (very-long-name-) total-vm:9kB, anon-rss:8kB, file-rss:0kB'
const killed: readonly (readonly [target: string, boolean])[] = [
  ['812', true],
  ['8', false],
  ['very-long-name-of-a-program', true],
  ['very-long', false],
]
for (const [target, is] of killed) {
  test(`the kernel killed ${target}: ${is}`, () => {
    const [report] = readReports(LOG)
    assert.ok(report !== undefined)
    assert.equal(isKilledIn(parseTarget(target), explainReport(report)), is)
  })
}

const about: readonly (readonly [target: string, line: string, boolean])[] = [
  [
    'web.service',
    'May 1 10:00:00 h systemd[1]: web.service: systemd-oomd killed 2 process(es) in this unit.',
    true,
  ],
  [
    'web',
    'May 1 10:00:00 h systemd[1]: web.service: systemd-oomd killed 2 process(es) in this unit.',
    true,
  ],
  [
    'we',
    'May 1 10:00:00 h systemd[1]: web.service: systemd-oomd killed 2 process(es) in this unit.',
    false,
  ],
  [
    '71',
    'May 1 10:00:00 h earlyoom[9]: sending SIGTERM to process 71 uid 0 "web": oom_score 3, VmRSS 1 MiB',
    true,
  ],
  [
    '9',
    'May 1 10:00:00 h earlyoom[9]: sending SIGTERM to process 71 uid 0 "web": oom_score 3, VmRSS 1 MiB',
    false,
  ],
  [
    'node',
    'May 1 10:00:00 h node[71]: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    true,
  ],
  [
    'web',
    'May 1 10:00:00 h node[71]: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    false,
  ],
]
for (const [target, line, is] of about) {
  test(`about ${target}: ${is}: ${line.slice(16, 60)}`, () => {
    const said = whoSays(line)
    const message = recogniseKill(said.text)
    assert.ok(message !== undefined)
    assert.equal(isAbout(parseTarget(target), message, said), is)
  })
}

const message = {
  killer: 'earlyoom',
  pid: 71,
  comm: 'web',
  group: null,
  why: 'memory was low',
} as const
const answers: readonly (readonly [
  name: string,
  evidence: Partial<VanishedEvidence>,
  killers: readonly string[],
  doubt: RegExp | null,
])[] = [
  ['nothing is known', {}, [], null],
  [
    'the kernel, and nothing more certain is sought',
    { kernelKills: [{ place: PLACE, uptimeSec: 1, sentence: 'x' }], groupKills: 1 },
    ['kernel'],
    null,
  ],
  ['another killer', { messages: [{ place: PLACE, message }] }, ['earlyoom'], null],
  [
    'a group kill without a message',
    { groupKills: 2, hostKills: 2 },
    ['kernel'],
    /counts 2 kills .* the logs show 0/,
  ],
  [
    'oom-kill by systemd',
    { unit: { result: 'oom-kill', exitCode: 'killed', exitStatus: '9' } },
    ['kernel'],
    null,
  ],
  [
    'a signal by anybody',
    { unit: { result: 'signal', exitCode: 'killed', exitStatus: '9' } },
    [],
    /signal 9 ended it/,
  ],
  [
    'lost messages',
    { losses: [{ place: PLACE, notice: { lost: 'kernel' } }] },
    [],
    /messages of the kernel log were lost/,
  ],
  ['a crash', { crashFiles: ['dmesg-efi-1'] }, [], /dmesg-efi-1/],
  ['what may not be read', { unread: ['the journal may not be read'] }, [], /may not be read/],
]
for (const [name, evidence, killers, doubt] of answers) {
  test(`answer: ${name}`, () => {
    const answer = judgeVanished({ ...NOTHING, ...evidence })
    assert.deepEqual(
      answer.findings.map(({ killer }) => killer),
      killers,
    )
    if (doubt === null) assert.deepEqual(answer.doubts, [])
    else assert.match(answer.doubts.join('\n'), doubt)
  })
}
