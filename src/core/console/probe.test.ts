import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Changes } from './checks/cases.fixture.ts'
import { KERNEL, SLOW } from './checks/cases.fixture.ts'
import type { Facts } from './facts.ts'
import { factsOf } from './facts.ts'
import { HEALTHY, like, readingOf } from './hosts.fixture.ts'
import type { Probe } from './probe.ts'
import { conclude, makeProbe, undisturbedMs, whyNoProbe } from './probe.ts'

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
  assert.ok((measured.freezeMs ?? 0) > 5000)
  assert.match(measured.sentence, /^Measured: 1,920 bytes a second on ttyS1; an OOM report .* s\.$/)
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
  assert.deepEqual([fast.isAsynchronous, fast.freezeMs], [true, null])
  assert.match(fast.sentence, /though ttyS1 is waited for: another processor printed it/)
  const nbcon = factsWith({ '/proc/consoles': 'ttyS1                -W- (EC N  a)    4:65' })
  assert.match(conclude(nbcon, probeOf(nbcon), [0.1]).sentence, /as their flags say/)
  assert.match(
    conclude(nbcon, probeOf(nbcon), [470]).sentence,
    /though no console says that it is waited for/,
  )
})
