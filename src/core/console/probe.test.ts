import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Changes } from './checks/cases.fixture.ts'
import { KERNEL, SLOW } from './checks/cases.fixture.ts'
import { CHECKS } from './checks/index.ts'
import { examine } from './examine.ts'
import type { Facts } from './facts.ts'
import { factsOf } from './facts.ts'
import { guardFiles } from './guard.fixture.ts'
import { HEALTHY, HOSTS, like, readingOf } from './hosts.fixture.ts'
import type { Probe } from './probe.ts'
import { conclude, makeProbe, undisturbedMs, whyNoProbe } from './probe.ts'
import { remediesOf } from './remedies.ts'
import { verdictOf } from './verdict.ts'

const factsWith = (files: Changes): Facts =>
  factsOf(readingOf(like(HEALTHY, { ...SLOW, ...files })))

function probeOf(facts: Facts): Probe {
  const probe = makeProbe(facts)
  assert.ok(probe !== null)
  return probe
}

test('three lines of at most 900 bytes, at the highest level that is shown', () => {
  const levels: readonly (readonly [string, string])[] = [
    ['7 4 1 7', '<6>'],
    ['5 7 1 7', '<4>'],
    ['15 4 1 7', '<7>'],
    ['2 4 1 7', '<1>'],
  ]
  for (const [printk, level] of levels) {
    const probe = probeOf(factsWith({ [`${KERNEL}/printk`]: printk }))
    assert.equal(probe.lines.length, 3)
    for (const line of probe.lines) {
      assert.ok(line.startsWith(`${level}plimsoll: console speed probe `), line)
      assert.ok(line.length <= 900 && line.length > 880)
      // Stamp, carriage return and line feed, without the level.
      assert.equal(probe.wireBytes, line.length - 3 + 15 + 2)
    }
  }
})

test('before it prints it says what, where and for how long', () => {
  const { notice, expectedMs, wireBytes } = probeOf(factsWith({}))
  assert.equal(expectedMs, (3 * wireBytes * 10_000) / 19_200)
  assert.match(notice, /^This prints 3 lines of 9\d\d bytes on ttyS1 .*takes about 1\.4 s\./)
})

const REFUSED: readonly (readonly [why: RegExp, files: Changes])[] = [
  [/^Memory is short/, { '/proc/pressure/memory': 'some avg10=5.10 avg60=0 avg300=0 total=1' }],
  [/printk_devkmsg is off/, { [`${KERNEL}/printk_devkmsg`]: 'off' }],
  [/nothing but emergencies/, { [`${KERNEL}/printk`]: '1 4 1 7' }],
  [
    /console guard has quieted/,
    { ...guardFiles('near', 'alive'), [`${KERNEL}/printk`]: '5 7 1 7' },
  ],
  [/No console/, { '/proc/consoles': '', '/proc/cmdline': '' }],
]
for (const [why, files] of REFUSED) {
  test(`nothing is measured: ${why.source}`, () => {
    const facts = factsWith(files)
    assert.match(whyNoProbe(facts) ?? '', why)
    assert.equal(makeProbe(facts), null)
  })
}

test('the shortest time counts, unless another processor took the line over', () => {
  assert.equal(undisturbedMs([500, 470, 610]), 470)
  assert.equal(undisturbedMs([480, 3, 500]), 480)
  assert.equal(undisturbedMs([2, 3, 500]), 2)
})

test('a slow line: its speed, and the time of a report at that', () => {
  const facts = factsWith({})
  const probe = probeOf(facts)
  const ms = (probe.wireBytes * 10_000) / 19_200
  const measured = conclude(facts, probe, [ms * 1.2, ms, ms * 1.1])
  assert.deepEqual([measured.consoles, measured.isAsynchronous], [['ttyS1'], false])
  assert.ok(Math.abs(measured.msPerByte * 1.92 - 1) < 1e-9)
  const { sentence, state, freezeMs } = verdictOf({ ...facts, measured })
  assert.equal(state, 'freeze')
  assert.ok(Math.abs((freezeMs ?? 0) / (verdictOf(facts).freezeMs ?? 0) - 1) < 1e-9)
  assert.match(
    sentence,
    /^An OOM here would stop every allocating process for \d+\.\d s: the report is [\d.]+ kB, and 1,920 bytes a second were measured on ttyS1\.$/,
  )
})

test('a wait on purpose is not the line', () => {
  const facts = factsWith({ [`${KERNEL}/printk_delay`]: '100' })
  const probe = probeOf(facts)
  const ms = (probe.wireBytes * 10_000) / 19_200
  assert.ok(Math.abs(conclude(facts, probe, [ms + 100]).msPerByte * 1.92 - 1) < 1e-9)
})

test('less than 1 us a byte is nobody waiting, and the flags are asked why', () => {
  const waits = factsWith({})
  const fast = conclude(waits, probeOf(waits), [0.2, 0.1, 0.3])
  const told = verdictOf({ ...waits, measured: fast })
  assert.deepEqual([fast.isAsynchronous, told.state], [true, 'none'])
  assert.match(told.sentence, /though ttyS1 is waited for: another processor printed it\.$/)
  const nbcon = factsWith({ '/proc/consoles': 'ttyS1                -W- (EC N  a)    4:65' })
  const say = (ms: number): string =>
    verdictOf({ ...nbcon, measured: conclude(nbcon, probeOf(nbcon), [ms]) }).sentence
  assert.match(say(0.1), /^An OOM here would stop nobody for long: .* took its writer 0\.1 ms/)
  assert.match(say(470), /though no console says that it is waited for\.$/)
})

test('a measurement rates the freeze and each remedy, in a guest too', () => {
  const facts = factsOf(readingOf(HOSTS.cloud))
  const probe = probeOf(facts)
  const measured = conclude(facts, probe, [probe.wireBytes * 0.8])
  const rated = { ...facts, measured }
  assert.deepEqual([verdictOf(facts).state, verdictOf(rated).state], ['nominal', 'freeze'])
  const remedies = remediesOf(rated) ?? []
  const at = (id: string) => remedies.find((remedy) => remedy.id === id)?.printing
  const asIs = at('as-is')
  const bytes = asIs?.nominal.consoles[0]?.bytes ?? Number.NaN
  assert.ok(Math.abs((asIs?.waitMs ?? 0) - bytes * 0.8) < 1e-6)
  for (const id of ['as-is', 'default-level', 'level-4', 'no-table'] as const) {
    assert.deepEqual([at(id)?.isMeasured, at(id)?.unknown], [true, []], id)
  }
  assert.ok((at('default-level')?.waitMs ?? 0) < (asIs?.waitMs ?? 0) / 10)
  // What the line alone takes of the sum is not known in a guest.
  assert.equal(at('detach')?.isMeasured, false)
  assert.equal(
    examine(rated, CHECKS).findings.find(({ id }) => id === 'console-freeze')?.severity,
    'high',
  )
})

test('on bare metal the screen has what the line does not take', () => {
  const facts = factsOf(readingOf(HOSTS['bare-metal']))
  const probe = probeOf(facts)
  const line = 10_000 / 19_200
  const measured = conclude(facts, probe, [probe.wireBytes * (line + 0.1)])
  const detach = remediesOf({ ...facts, measured })?.find(({ id }) => id === 'detach')?.printing
  const bytes = detach?.nominal.consoles[0]?.bytes ?? Number.NaN
  assert.deepEqual([detach?.isMeasured, detach?.unknown], [true, []])
  assert.ok(Math.abs((detach?.waitMs ?? 0) - bytes * 0.1) < 1e-6)
})
