import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../base/units.ts'
import { openHost } from './host.fixture.ts'

const LIMITS = `${'Max address space'.padEnd(26)}${String(GIB).padEnd(21)}unlimited bytes\n`

test('the limit of a new process is read, however many others rise', () => {
  using host = openHost(512)
  const grow = (pid: number, second: number): void => {
    const anonBytes = (20 + 4 * second) * MIB
    host.tree.set({ pid, startTicks: 1, anonBytes, vszBytes: anonBytes, limits: LIMITS })
  }
  const rising = Array.from({ length: 96 }, (_, index) => 1 + index)
  for (let second = 0; second < 22; second++) {
    for (const pid of rising) grow(pid, second)
    if (second > 14) grow(500, second)
    host.tick()
  }
  const kindOf = (pid: number) => host.monitor.allRows().find((row) => row.pid === pid)?.limit?.kind
  assert.equal(kindOf(1), 'rlimit-as')
  assert.equal(kindOf(500), 'rlimit-as')
})
