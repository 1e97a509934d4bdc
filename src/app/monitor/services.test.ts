import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import type { Verdict } from '../../core/leak/records.ts'
import { meminfoText } from '../../linux/proc-tree.fixture.ts'
import type { Host } from './host.fixture.ts'
import { openHost } from './host.fixture.ts'

const UNIT = '0::/system.slice/web.service\n'
const ID = 'service:web.service'

function tickFor(host: Host, seconds: number): void {
  for (let second = 0; second < seconds; second++) host.tick()
}

function told(host: Host): unknown[] {
  return host.happenings
    .filter(({ subject }) => subject?.id === ID)
    .map(({ kind, data }) => (kind === 'verdict' ? data.to : data.what))
}

/** Grows by 8 MiB a second. */
function leak(host: Host, pid: number, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    host.tree.set({ pid, startTicks: 1, anonBytes: (20 + 8 * second) * MIB, cgroup: UNIT })
    host.tick()
  }
}

function leakingPair(host: Host, seconds: number, cgroup = UNIT): void {
  for (let second = 0; second < seconds; second++) {
    const anonBytes = (20 + 4 * second) * MIB
    for (const pid of [100, 101]) host.tree.set({ pid, startTicks: 1, anonBytes, cgroup })
    host.tick()
  }
}

test('a leaking unit that is stopped is over at once, shown empty for a while, and gone', () => {
  using host = openHost()
  host.tree.write('proc/meminfo', meminfoText({ MemAvailable: 1024 * 1024 }))
  leakingPair(host, 120)
  assert.equal(host.rows.get(ID)?.verdict.state, 'confirmed')
  const size = host.rows.get(ID)?.levelBytes
  for (const pid of [100, 101]) host.tree.end(pid)
  host.tick()
  const ended = host.happenings.filter(({ subject }) => subject?.id === ID).at(-1)
  assert.deepEqual([ended?.data.from, ended?.data.to], ['confirmed', 'harmless'])
  assert.match(ended?.reason ?? '', /^web.service ended at \d+ MiB while it leaked; its memory/)
  assert.equal((ended?.data.verdict as Verdict | undefined)?.levelBytes, size)
  const count = told(host).length
  tickFor(host, 4)
  const row = host.rows.get(ID)
  assert.deepEqual([row?.processes, row?.levelBytes, row?.anonBytes], [0, 0, 0])
  assert.deepEqual([row?.verdict.state, row?.verdict.reason], ['harmless', 'ended'])
  assert.deepEqual([row?.verdict.etaSec, row?.verdict.rateBytesPerSec], [null, null])
  tickFor(host, 10)
  assert.equal(host.rows.has(ID), false)
  assert.ok(!host.monitor.allRows().some(({ id }) => id === ID))
  assert.equal(told(host).length, count, 'its end is told once')
  host.tree.set({ pid: 200, startTicks: 9, anonBytes: 5 * MIB, cgroup: UNIT })
  host.tick()
  assert.equal(host.rows.get(ID)?.levelBytes, 5 * MIB)
  assert.equal(told(host).filter((what) => what === 'restart').length, 1)
})

test('a leaking program without a unit is gone with its last process', () => {
  using host = openHost()
  host.tree.write('proc/meminfo', meminfoText({ MemAvailable: 1024 * 1024 }))
  leakingPair(host, 120, '0::/batch\n')
  const id = [...host.rows.keys()].find((each) => each.startsWith('service:')) ?? ''
  assert.equal(host.rows.get(id)?.verdict.state, 'confirmed')
  for (const pid of [100, 101]) host.tree.end(pid)
  host.tick()
  assert.equal(host.rows.has(id), false)
  const states = host.happenings.filter(({ subject }) => subject?.id === id)
  assert.equal(states.at(-1)?.data.to, 'harmless')
})

test('a program of one process that is run again and again is told by its process alone', () => {
  using host = openHost()
  host.tree.write('proc/meminfo', meminfoText({ MemAvailable: 1024 * 1024 }))
  for (const pid of [100, 200, 300]) {
    for (let second = 0; second < 120; second++) {
      const anonBytes = (20 + 8 * second) * MIB
      host.tree.set({ pid, startTicks: pid, anonBytes, comm: 'leaky', cgroup: '0::/batch\n' })
      host.tick()
      const service = [...host.rows.values()].find(({ kind }) => kind === 'service')
      const process = host.rows.get(`process:${pid}:${pid}`)
      // The first seconds of a new run are not judged by the run before.
      if (second < 5) assert.equal(service, undefined)
      if (second === 119) assert.equal(process?.verdict.state, 'confirmed')
    }
    host.tree.end(pid)
    tickFor(host, 3)
  }
  const verdicts = host.happenings.filter(({ kind }) => kind === 'verdict')
  assert.ok(verdicts.every(({ subject }) => subject?.id.startsWith('process:')))
  const alarms = verdicts.filter(({ data }) => data.to === 'confirmed')
  assert.deepEqual(
    alarms.map(({ subject }) => subject?.pid),
    [100, 200, 300],
  )
})

test('a leaker that gave everything back and that nobody waits for has ended', () => {
  using host = openHost()
  host.tree.write('proc/meminfo', meminfoText({ MemAvailable: 1024 * 1024 }))
  leak(host, 100, 120)
  const id = 'process:100:1'
  assert.equal(host.rows.get(id)?.verdict.state, 'confirmed')
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: 0, cgroup: UNIT })
  tickFor(host, 3)
  assert.equal(host.rows.has(id), false)
  const ends = host.happenings.filter(
    ({ subject, data }) => subject?.id === id && data.to === 'harmless',
  )
  assert.deepEqual(
    ends.map(({ reason }) => reason),
    ['fake 100 ended at 972 MiB while it leaked; its memory came back'],
  )
  assert.equal(host.rows.get(ID)?.levelBytes, 0)
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: 3 * MIB, cgroup: UNIT })
  host.tick()
  assert.equal(host.rows.get(id)?.levelBytes, 3 * MIB, 'it became another program')
})

test('a main process that starts one child after another is not restarted by their ends', () => {
  using host = openHost()
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: 2 * MIB, cgroup: UNIT })
  for (let pid = 101; pid < 120; pid++) {
    host.tree.set({ pid, startTicks: pid, anonBytes: 50 * MIB, cgroup: UNIT })
    host.tick()
    host.tree.end(pid)
    host.tick()
  }
  assert.deepEqual(told(host), [])
  host.tree.end(100)
  host.tree.set({ pid: 300, startTicks: 300, anonBytes: 2 * MIB, cgroup: UNIT })
  host.tick()
  assert.deepEqual(told(host), ['restart'])
})

test('what processes share counts no more than once the host has it', () => {
  using host = openHost()
  host.tree.write('proc/meminfo', meminfoText({ Shmem: 200 * 1024, AnonPages: 900 * 1024 }))
  for (const pid of [100, 101, 102, 103]) {
    const shared = { anonBytes: 300 * MIB, shmemBytes: 150 * MIB }
    host.tree.set({ pid, startTicks: 1, ...shared, cgroup: UNIT })
  }
  host.tick()
  const row = host.rows.get(ID)
  assert.deepEqual([row?.anonBytes, row?.shmemBytes], [900 * MIB, 200 * MIB])
  assert.equal(row?.levelBytes, 1100 * MIB)
})

test('a container that is started anew is found in its new cgroup', () => {
  using host = openHost()
  const path = (digit: string) => `/system.slice/docker-${digit.repeat(64)}.scope`
  const start = (pid: number, digit: string) => {
    const id = digit.repeat(64)
    host.tree.write(`proc/var/lib/docker/containers/${id}/config.v2.json`, '{"Name":"/web"}')
    host.tree.set({ pid, startTicks: pid, anonBytes: 5 * MIB, cgroup: `0::${path(digit)}\n` })
  }
  start(100, 'a')
  host.tick()
  assert.equal(host.rows.get('service:web')?.cgroup, path('a'))
  host.tree.end(100)
  start(200, 'b')
  tickFor(host, 2)
  assert.equal(host.rows.get('service:web')?.cgroup, path('b'))
})
