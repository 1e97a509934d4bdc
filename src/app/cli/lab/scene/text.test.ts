import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../../../../../lab/scenarios/account.ts'
import { incident } from '../../../../../lab/scenarios/incident.ts'
import { INCIDENT, type Scenario } from '../../../../../lab/scenarios/scenario.ts'
import { chooseLook, plainText } from '../../watch/look.ts'
import { displayWidth } from '../../watch/text.ts'
import { exitCodeOf, type PlayedScene } from './played.ts'
import { comparisonLines, conclude, consoleLine, sceneLines, statusLine } from './text.ts'

const LOOK = chooseLook({ env: { LANG: 'C' }, isTty: false, colourDepth: 1, utcOffsetMin: 0 })
const KEPT = { hasHeader: true, hasKill: true, hasTable: true }
const ACCOUNT: Account = {
  ending: 'played',
  tookMs: 20_000,
  moments: [
    { what: 'leak', atMs: 2000, name: null },
    { what: 'memory-gone', atMs: 6000, name: 'leaker' },
    { what: 'killed', atMs: 18_000, name: 'leaker' },
    { what: 'over', atMs: 18_500, name: null },
  ],
  printing: [{ fromMs: 6000, toMs: 18_000 }],
  stalls: [{ fromMs: 6100, toMs: 18_100 }],
  longestStallMs: 12_000,
  killed: ['leaker'],
  wire: { lines: 250, bytes: 23_040 },
  table: { lines: 202, bytes: 19_000 },
  console: KEPT,
  log: KEPT,
  outcomes: null,
}

function scene(account: Partial<Account> = {}, special: Partial<PlayedScene> = {}): PlayedScene {
  return {
    scenario: incident,
    setting: {
      ...INCIDENT,
      kernel: { name: '6.1', release: '6.1.0', vmlinuz: '/k', modulesDir: null },
    },
    change: null,
    account: { ...ACCOUNT, ...account },
    talk: [],
    ...special,
  }
}

const PANIC: Scenario = {
  ...incident,
  ooms: incident.ooms.map((oom) => ({ ...oom, kind: 'panic' as const })),
}

for (const [what, played, exit, words] of [
  [
    'others stood still',
    scene(),
    10,
    /stood still for 12\.0 s: .* 23,040 bytes .* 19,200 baud before it killed leaker/,
  ],
  ['nobody did', scene({ longestStallMs: 34 }), 0, /^Nobody stood still for longer than 0\.03 s/],
  ['the time was up', scene({ ending: 'timed-out' }), 11, /not over after 20\.0 s/],
  ['the machine went away', scene({ ending: 'gone' }), 11, /gone after 20\.0 s, before/],
  [
    'a panic was due',
    scene({ ending: 'gone', longestStallMs: 0 }, { scenario: PANIC }),
    0,
    /panicked/,
  ],
  ['a panic was due and did not come', scene({}, { scenario: PANIC }), 11, /^$/],
] as const) {
  test(`the conclusion and the exit code where ${what}`, () => {
    assert.match(conclude(played), words)
    assert.equal(exitCodeOf([played]), exit)
  })
}

test('what a guest says steers no terminal', () => {
  const evil = 'a\u001b[2Jb\u0007\u009bc'
  const [console] = [consoleLine(evil, 1000, 80, LOOK)]
  assert.match(plainText(console), /a\\x1b\[2Jb\\x07\\x9bc$/)
})

test('of a row of the task table both ends are shown', () => {
  const row = `[    6.462478] [     94]     0    94 ${'1 '.repeat(60)}sleeper-0`
  const line = plainText(consoleLine(row, 6_870, 80, LOOK))
  assert.equal(displayWidth(line), 80)
  assert.match(line, /^ {2}6\.87 s {2}\| \[ {4}6\.462478\].*~.*sleeper-0$/)
})

test('of any other line the start is shown', () => {
  const kill = `[    7.694684] Out of memory: Killed process 110 (leaker) ${'total-vm '.repeat(9)}`
  const line = plainText(consoleLine(kill, 8_760, 80, LOOK))
  assert.equal(displayWidth(line), 80)
  assert.match(line, /Killed process 110 \(leaker\) total-.*~$/)
})

for (const [silentMs, words] of [
  [null, '19,200 baud | 1,024 bytes'],
  [200, '19,200 baud | 1,024 bytes | others go on'],
  [6200, '19,200 baud | 1,024 bytes | others silent for 6.2 s'],
] as const) {
  test(`the line at the bottom: ${words}`, () => {
    const line = statusLine({ baud: 19_200, bytes: 1024, silentMs }, LOOK)
    assert.equal(plainText(line).trim(), words)
  })
}

test('no line of the end is wider than 80 columns', () => {
  const outcome = { lines: 200, bytes: 123_456, waitMs: 64_300, console: KEPT, log: KEPT }
  const without = {
    ...outcome,
    log: { ...KEPT, hasTable: false },
    console: { ...KEPT, hasTable: false },
  }
  const outcomes = {
    asItWas: { ...outcome, name: 'as it was' },
    remedies: [{ ...without, name: 'vm.oom_dump_tasks=0' }],
  }
  const told = [
    ...sceneLines(scene({ outcomes }), 'plimsoll lab incident --compare', 80, LOOK),
    ...comparisonLines([scene({ outcomes }), scene({}, { change: 'kernel.printk=5 7 1 7' })], 80),
  ].map(plainText)
  for (const line of told) assert.ok(displayWidth(line) <= 80, line)
  assert.ok(
    told.some((line) =>
      /vm\.oom_dump_tasks=0 +123,456 +64\.3 s +all but the table +the table$/.test(line),
    ),
  )
})

test('what a shell says of a job that ended is not told', () => {
  const talk = ['Killed', "/init: line 40: can't create /proc/sys/vm/x: nonexistent directory"]
  const told = sceneLines(scene({}, { talk }), '', 80, LOOK).map(plainText).join('\n')
  assert.match(told, /The guest says: \/init: line 40/)
  assert.doesNotMatch(told, /says: Killed/)
})
