import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MIB } from '../../../base/units.ts'
import type { Incident } from './host.ts'
import { INCIDENT, serialConsole, settingOf } from './host.ts'
import { simulate } from './simulate.ts'

const incidents: fc.Arbitrary<Incident> = fc.record({
  release: fc.constantFrom('5.10', '6.1', '6.12', '7.2'),
  memoryBytes: fc.integer({ min: 64, max: 1024 }).map((mib) => mib * MIB),
  tasks: fc.integer({ min: 0, max: 60 }),
  bauds: fc.array(fc.constantFrom(9600, 19_200, 57_600, 115_200), { maxLength: 2 }),
  printk: fc.constant(INCIDENT.printk),
  dumpsTasks: fc.boolean(),
  leakers: fc.integer({ min: 0, max: 4 }),
  leakBytesPerSec: fc.integer({ min: 1, max: 400 }).map((mib) => mib * MIB),
  restartSec: fc.option(fc.integer({ min: 0, max: 5 })),
  others: fc.integer({ min: 0, max: 3 }),
  containers: fc.integer({ min: 0, max: 3 }),
  containerLimitBytes: fc.integer({ min: 4, max: 64 }).map((mib) => mib * MIB),
  isAdaptive: fc.boolean(),
  seconds: fc.integer({ min: 1, max: 30 }),
  seed: fc.integer(),
})
const RUNS = { numRuns: 60 }

test('what was taken is given back or still held, and never more than there is', () => {
  fc.assert(
    fc.property(incidents, (incident) => {
      const outcome = simulate(settingOf(incident))
      assert.equal(outcome.takenBytes, outcome.freedBytes + outcome.heldBytes)
      assert.ok(outcome.heldBytes <= incident.memoryBytes)
    }),
    RUNS,
  )
})

test('reports never overlap, and each kills one that leaks', () => {
  fc.assert(
    fc.property(incidents, (incident) => {
      const { reports, kills, processes } = simulate(settingOf(incident))
      for (const [index, report] of reports.entries()) {
        assert.ok(report.fromMs >= (reports[index - 1]?.toMs ?? 0) - 1e-6)
        assert.ok(report.killMs >= report.fromMs && report.toMs >= report.killMs)
      }
      // The last may be under way when time is up.
      assert.ok(kills === reports.length || kills === reports.length - 1)
      assert.ok(
        processes.every(({ role, killedAtMs }) => role === 'leaker' || killedAtMs.length === 0),
      )
    }),
    RUNS,
  )
})

/** One leak, one report: what comes after another report would be another story, by its length. */
const once = incidents.map((incident) => ({
  ...incident,
  leakers: 1,
  leakBytesPerSec: 400 * MIB,
  restartSec: null,
  containers: 0,
  others: 1,
  isAdaptive: false,
  seconds: 120,
}))

test('a faster line never makes anybody wait longer', () => {
  fc.assert(
    fc.property(once, fc.integer({ min: 300, max: 115_200 }), (incident, baud) => {
      const setting = settingOf(incident)
      const stallAt = (rate: number): number =>
        simulate({ ...setting, consoles: [serialConsole(rate, 0)] }).longestStallMs
      // As finely as who waits looks.
      assert.ok(stallAt(baud * 2) <= stallAt(baud) + setting.mechanics.tickMs)
    }),
    RUNS,
  )
})

test('fewer tasks, and fewer levels on the console, never make anybody wait longer', () => {
  fc.assert(
    fc.property(once, fc.integer({ min: 1, max: 7 }), (incident, consoleLevel) => {
      const stallOf = (one: Incident): number => simulate(settingOf(one)).longestStallMs
      const slackMs = 4
      const fewer = { ...incident, tasks: Math.floor(incident.tasks / 2) }
      assert.ok(stallOf(fewer) <= stallOf(incident) + slackMs)
      const quieter = { ...incident, printk: { ...incident.printk, consoleLevel } }
      assert.ok(stallOf(quieter) <= stallOf(incident) + slackMs)
    }),
    RUNS,
  )
})
