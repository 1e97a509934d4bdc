import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../../base/units.ts'
import type { HostConsole } from '../cost.ts'
import type { ReportLine } from '../records.ts'
import { wireBytes } from '../wire.ts'
import { INCIDENT, LOUD, serialConsole, settingOf } from './host.ts'
import type { Outcome } from './outcome.ts'
import type { Setting } from './setting.ts'
import { simulate } from './simulate.ts'

const STAMP = { hasTime: true, uptimeSec: 10, callerBytes: 0, hasLevel: false }
// On the wire 100, 200, 600 and 100 bytes.
const REPORT: readonly ReportLine[] = [
  { part: 'header', level: 4, text: 'x'.repeat(83) },
  { part: 'mem-info', level: 'default', text: 'x'.repeat(183) },
  { part: 'task-table', level: 6, text: 'x'.repeat(583) },
  { part: 'kill', level: 3, text: 'x'.repeat(83) },
]
const CONTAINER_REPORT = REPORT.filter(({ part }) => part !== 'mem-info')
/** A byte takes a millisecond. */
const SLOW = serialConsole(10_000, 0)
const THREADED: HostConsole = { ...SLOW, name: 'ttyAMA0', isSynchronous: false }

/** A machine whose own work takes no time, so that what is left is printing. */
const PLAIN: Setting = {
  ...settingOf({ ...INCIDENT, memoryBytes: 100 * MIB, leakBytesPerSec: 100 * MIB, seconds: 20 }),
  consoles: [SLOW],
  stamp: STAMP,
  report: REPORT,
  containerReport: CONTAINER_REPORT,
  mechanics: { tickMs: 4, reclaimMs: 0, freeBytesPerMs: 1e12 },
}

function run(change: Partial<Setting>): Outcome {
  return simulate({ ...PLAIN, ...change })
}

function lastedMs({ reports }: Outcome): readonly number[] {
  return reports.map(({ fromMs, toMs }) => Math.round((toMs - fromMs) * 1e6) / 1e6)
}

test('one leaker and one console: the report lasts as long as its bytes', () => {
  const outcome = run({})
  const bytes = REPORT.reduce((sum, { text }) => sum + wireBytes(text, STAMP), 0)
  assert.equal(bytes, 1000)
  assert.deepEqual(lastedMs(outcome), [1000])
  assert.deepEqual([outcome.consoles[0]?.bytes, outcome.consoles[0]?.busyMs], [1000, 1000])
  assert.equal(outcome.kills, 1)
  // Who waits looks again at each tick.
  assert.ok(outcome.longestStallMs >= 900 && outcome.longestStallMs <= 1004 + 20)
})

for (const [name, change, expected] of [
  ['two consoles: one after the other', { consoles: [SLOW, serialConsole(20_000, 1)] }, 1500],
  ['a console with a thread of its own', { consoles: [THREADED] }, 0],
  ['a slow console beside one with a thread', { consoles: [SLOW, THREADED] }, 1000],
  ['no console', { consoles: [] }, 0],
  ['without the task table', { dumpsTasks: false }, 400],
  ['5 4 1 7', { printk: { ...LOUD, consoleLevel: 5 } }, 400],
  ['5 7 1 7', { printk: { ...LOUD, consoleLevel: 5, defaultLevel: 7 } }, 200],
  ['4 4 1 7', { printk: { ...LOUD, consoleLevel: 4 } }, 100],
  ['3 4 1 7', { printk: { ...LOUD, consoleLevel: 3 } }, 0],
  ['ignore_loglevel', { printk: { ...LOUD, consoleLevel: 3, ignoresLevel: true } }, 1000],
  ['quieted in time', { isAdaptive: true }, 200],
] as const satisfies readonly (readonly [string, Partial<Setting>, number])[]) {
  test(`how long a report lasts: ${name}`, () => {
    assert.deepEqual(lastedMs(run(change)), [expected])
  })
}

test('SIGKILL is sent before the last line, and memory comes back to others from then on', () => {
  const { reports, processes } = run({ leakers: 2, seed: 3 })
  const [first] = reports
  assert.ok(first !== undefined)
  assert.ok(Math.abs(first.toMs - first.killMs - 100) < 1e-6, 'the kill line is left')
  const killed = processes.find(({ name }) => name === first.victim)
  assert.equal(killed?.killedAtMs[0], first.killMs)
})

test('the largest is killed, and who only wakes and allocates is spared', () => {
  const outcome = run({ leakers: 3, others: 3 })
  assert.equal(outcome.reports.length, 3, 'as soon as one is dead, the others need the next report')
  assert.ok(outcome.reports.every(({ victim }) => victim.startsWith('leaker')))
  const spared = outcome.processes.filter(({ role }) => role === 'other')
  assert.deepEqual(
    spared.map(({ killedAtMs }) => killedAtMs.length),
    [0, 0, 0],
  )
  assert.ok(spared.every(({ stalls }) => stalls.length === 3))
})

test('containers that are full at once print one after another, and the last waits for all', () => {
  const outcome = run({ leakers: 0, containers: 5, containerLimitBytes: 10 * MIB })
  // 800 bytes each.
  assert.deepEqual(lastedMs(outcome), [800, 800, 800, 800, 800])
  const starts = outcome.reports.map(({ fromMs }) => fromMs)
  for (const [index, fromMs] of starts.slice(1).entries()) {
    assert.ok(Math.abs(fromMs - (outcome.reports[index]?.toMs ?? 0)) < 1e-6, 'no gap')
  }
  assert.ok(outcome.longestStallMs > 5 * 800 - 150, 'it waits for the reports of the others')
  const outside = outcome.processes.find(({ name }) => name === 'heartbeat')
  assert.equal(outside?.longestStallMs, 0, 'there is memory outside')
})

test('a container waits for the report of the machine, and the machine for those of containers', () => {
  // The container is full 100 ms before the end of memory, so that its report comes first.
  const { reports, processes } = run({
    containers: 1,
    leakers: 1,
    containerLimitBytes: 40 * MIB,
    memoryBytes: 100 * MIB,
  })
  assert.deepEqual(reports.map(({ kind }) => kind).toSorted(), ['global', 'memcg'])
  const [first, second] = reports
  assert.ok(first !== undefined && second !== undefined)
  assert.ok(second.fromMs >= first.toMs, 'never two at once')
  const waited = processes.filter(({ longestStallMs }) => longestStallMs >= 700)
  assert.ok(waited.length >= 2)
})

test('the rate limit bounds quick reports, and never slow ones', () => {
  const storm = { leakers: 0, containers: 24, containerLimitBytes: 2 * MIB, seconds: 60 }
  const quick = run({ ...storm, consoles: [serialConsole(1_000_000, 0)] })
  assert.equal(quick.reports.filter(({ isFull }) => isFull).length, 10)
  assert.equal(quick.kills, 24, 'who gets no report is killed all the same')
  assert.deepEqual(
    quick.reports.at(-1)?.parts.map(({ part }) => part),
    ['kill'],
  )
  const slow = run(storm)
  assert.equal(slow.reports.filter(({ isFull }) => isFull).length, 24)
})

test('a leaker that is started again leaks again', () => {
  const outcome = run({ restartSec: 2, seconds: 30 })
  assert.ok(outcome.reports.length >= 5)
  const starts = outcome.events.filter(({ what }) => what === 'restarted').length
  assert.ok(starts === outcome.kills || starts === outcome.kills - 1, 'the last one after the end')
})

test('the agent is too late for memory that goes from plenty to none between two looks', () => {
  const change = { isAdaptive: true, memoryBytes: 16 * 1024 * MIB }
  const quick = run({ ...change, leakBytesPerSec: 60 * 1024 * MIB })
  assert.deepEqual(lastedMs(quick).slice(0, 1), [1000])
  const slower = run({ ...change, leakBytesPerSec: 4 * 1024 * MIB })
  assert.deepEqual(lastedMs(slower), [200])
})

test('the agent restores what it found when there is memory again', () => {
  const printks = run({ isAdaptive: true }).events.flatMap((event) =>
    event.what === 'quieted' || event.what === 'restored' ? [[event.what, event.printk]] : [],
  )
  assert.deepEqual(printks, [
    ['quieted', '5 7 1 7'],
    ['restored', '7 4 1 7'],
  ])
})

test('the same seed is the same run', () => {
  const setting = settingOf({ ...INCIDENT, leakers: 3, containers: 3, seconds: 30 })
  assert.deepEqual(simulate(setting), simulate(setting))
  assert.notDeepEqual(simulate(setting), simulate({ ...setting, seed: 2 }))
})
