import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../../base/units.ts'
import type { HostFigures } from './choose.ts'
import { chooseSetting } from './choose.ts'
import { INCIDENT, LOUD, serialConsole, settingOf } from './host.ts'
import { simulate } from './simulate.ts'

const QUIET = { ...LOUD, consoleLevel: 4 }
const HOST: HostFigures = {
  release: '6.12.1',
  memoryBytes: 8 * GIB,
  consoles: [serialConsole(57_600, 1)],
  printk: QUIET,
  dumpsTasks: false,
  stamp: { hasTime: false, uptimeSec: 10, callerBytes: 0, hasLevel: false },
  tasks: 40,
  report: settingOf({ ...INCIDENT, tasks: 40 }).report,
}

test('a host is taken as it was read', () => {
  const { setting, from, tasks } = chooseSetting(HOST, {})
  assert.deepEqual(
    [setting.consoles, setting.printk, setting.dumpsTasks, setting.memoryBytes, tasks],
    [HOST.consoles, QUIET, false, 8 * GIB, 40],
  )
  assert.equal(setting.report, HOST.report)
  assert.equal(setting.stamp, HOST.stamp)
  assert.deepEqual([...new Set(Object.values(from))], ['host'])
})

test('what is asked for changes one figure each, and is said to be asked for', () => {
  const { setting, from } = chooseSetting(HOST, { bauds: [9600, 19_200], printk: LOUD })
  assert.deepEqual(
    setting.consoles.map(({ name }) => name),
    ['ttyS0', 'ttyAMA0'],
  )
  assert.equal(setting.printk, LOUD)
  assert.equal(setting.report, HOST.report, 'the report is still its own')
  assert.deepEqual([from.consoles, from.printk, from.tasks], ['asked', 'asked', 'host'])
})

for (const asked of [{ tasks: 300 }, { release: '5.10' }]) {
  test(`another report is rendered: ${JSON.stringify(asked)}`, () => {
    const { setting } = chooseSetting(HOST, asked)
    assert.notEqual(setting.report, HOST.report)
    const rows = setting.report.filter(({ part }) => part === 'task-table').length
    assert.equal(rows, 2 + (asked.tasks ?? 40))
  })
}

test('what could not be read is the incident, and is said to be assumed', () => {
  const { setting, from } = chooseSetting(
    { ...HOST, consoles: null, report: null, tasks: null },
    {},
  )
  assert.deepEqual(
    setting.consoles.map(({ cost }) => cost.from === 'baud' && cost.baud),
    [19_200],
  )
  assert.deepEqual([from.consoles, from.tasks, from.printk], ['assumed', 'assumed', 'host'])
})

test('a big host runs out as well, and a long report is seen to its end', () => {
  const { setting } = chooseSetting(HOST, { memoryBytes: 512 * GIB })
  assert.equal(simulate(setting).reports.length, 1)
  const long = chooseSetting(null, { tasks: 5000, bauds: [9600] }).setting
  const [report] = simulate(long).reports
  assert.ok(report !== undefined && report.toMs > 400_000)
  assert.ok(long.seconds * 1000 > report.toMs)
})

test('who asks for containers asks for them alone, unless for leakers too', () => {
  assert.equal(chooseSetting(null, { containers: 3 }).setting.leakers, 0)
  assert.equal(chooseSetting(null, { containers: 3, leakers: 2 }).setting.leakers, 2)
  assert.equal(chooseSetting(null, { leakBytesPerSec: MIB }).setting.leakBytesPerSec, MIB)
})
