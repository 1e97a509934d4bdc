import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
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

test('a leaking service that is stopped is told as over and gone, and is back with its process', () => {
  using host = openHost()
  host.tree.write('proc/meminfo', meminfoText({ MemAvailable: 1024 * 1024 }))
  leak(host, 100, 90)
  assert.equal(host.rows.get(ID)?.verdict.state, 'confirmed')
  host.tree.end(100)
  tickFor(host, 5)
  assert.ok(host.rows.has(ID), 'a restart takes some seconds')
  tickFor(host, 10)
  assert.equal(host.rows.has(ID), false)
  assert.ok(!host.monitor.allRows().some(({ id }) => id === ID))
  assert.equal(told(host).at(-1), 'harmless')
  host.tree.set({ pid: 200, startTicks: 9, anonBytes: 5 * MIB, cgroup: UNIT })
  host.tick()
  assert.equal(host.rows.get(ID)?.levelBytes, 5 * MIB)
  assert.equal(told(host).filter((what) => what === 'restart').length, 1)
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
