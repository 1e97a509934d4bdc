import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Guest } from '../machine/guest.ts'
import type { GuestRun } from '../machine/run.ts'
import { findScenario } from './catalogue.ts'
import { findFaults } from './check.ts'

/** Slow enough that no bystander may miss the report. */
const BAUD = 19_200

function readLines(name: string): readonly string[] {
  return readFileSync(join(import.meta.dirname, 'logs', name), 'utf8')
    .split('\n')
    .slice(0, -1)
}

/** A recorded run, with a wait as long as its report takes on the line. */
function recorded(name: string): GuestRun {
  const console = readLines(`${name}.console`).map((text, index) => ({
    atMs: index,
    text,
    wireBytes: text.length + 2,
  }))
  const bytes = console.reduce((sum, { wireBytes }) => sum + wireBytes, 0)
  return {
    ending: 'played',
    consoles: [console],
    kernelLog: readLines(`${name}.log`),
    events: [{ event: 'stall', name: 'heartbeat', lastedMs: (bytes * 10_000) / BAUD }],
    talk: [],
    dropped: 0,
    bootedSec: 2,
    tookSec: 6,
    emulator: '',
  }
}

function faultsOf(scenario: string, change: Partial<GuestRun>, printk = '7 4 1 7'): string[] {
  const found = findScenario(scenario)
  assert.ok(found !== undefined)
  const guest: Guest = {
    kernel: { name: '6.1', release: '6.1', vmlinuz: '', modulesDir: null },
    memoryMib: 256,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    sysctls: { 'kernel.printk': printk },
    script: [],
  }
  return [...findFaults(found, guest, { ...recorded('6.1-incident'), ...change })]
}

test('a run that is as its scenario says has no faults', () => {
  assert.deepEqual(faultsOf('incident', {}), [])
})

test('whatever is not, is named', () => {
  const { kernelLog, consoles } = recorded('6.1-incident')
  const renamed = kernelLog.map((line) => line.replace('(leaker)', '(other)'))
  const waits = [{ event: 'stall', name: 'heartbeat', lastedMs: 60_000 }]
  const cases: readonly (readonly [string, string[], RegExp])[] = [
    ['another dead', faultsOf('incident', { kernelLog: renamed }), /expected dead \["leaker"\]/],
    ['another holder', faultsOf('tmpfs', {}), /expected tmpfs to hold much/],
    ['another constraint', faultsOf('cpuset', {}), /expected constraint "CONSTRAINT_CPUSET"/],
    ['no report', faultsOf('incident', { kernelLog: [] }), /expected report 1 of 1, got none/],
    ['too few reports', faultsOf('many-leakers', {}), /expected report 2 of 3, got none/],
    [
      'too many',
      faultsOf('incident', { kernelLog: [...kernelLog, ...kernelLog] }),
      /no such report/,
    ],
    ['no panic', faultsOf('panic', {}), /expected a panic/],
    ['not played', faultsOf('incident', { ending: 'timed-out' }), /expected ending "played"/],
    ['an empty console', faultsOf('incident', { consoles: [[]] }), /expected on the console/],
    ['a loud console', faultsOf('incident', { consoles }, '3 4 1 7'), /expected off the console/],
    ['no wait', faultsOf('incident', { events: [] }), /expected a wait of/],
    ['a long wait', faultsOf('incident', { events: waits }), /expected a wait of/],
  ]
  for (const [what, faults, pattern] of cases) {
    assert.ok(
      faults.some((fault) => pattern.test(fault)),
      `${what}: ${faults.join('\n')}`,
    )
  }
})
