import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { meminfoText, PAGE, type ProcTree } from '../../linux/proc-tree.fixture.ts'
import { openSampler } from '../../linux/sampler.ts'
import type { Host } from './host.fixture.ts'
import { openHost } from './host.fixture.ts'
import { MONITOR_DEFAULTS, openMonitor } from './monitor.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

const LEAKER = { pid: 812, startTicks: 7, comm: 'leaker' }
const AS_LIMIT = `${'Max address space'.padEnd(26)}${String(GIB).padEnd(21)}unlimited bytes\n`

/** Grows by 8 MiB a second from 20 MiB. */
function growLeaker(host: Host, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    const anonBytes = (20 + 8 * second) * MIB
    host.tree.set({ ...LEAKER, anonBytes, vszBytes: anonBytes, limits: AS_LIMIT })
    host.tick()
  }
}

function verdicts(host: Host, id: SubjectId): unknown[] {
  return host.happenings
    .filter(({ kind, subject }) => kind === 'verdict' && subject?.id === id)
    .map(({ data }) => data.to)
}

test('a process that leaks is confirmed, and judged by the limit of its own', () => {
  using host = openHost()
  host.tree.set({ pid: 5, startTicks: 1, comm: 'calm', anonBytes: 300 * MIB })
  growLeaker(host, 60)
  const row = host.rows.get('process:812:7')
  assert.equal(row?.verdict.state, 'confirmed')
  assert.equal(row?.limit?.kind, 'rlimit-as')
  const rate = row?.verdict.rateBytesPerSec ?? 0
  assert.ok(Math.abs(rate / (8 * MIB) - 1) < 0.1, `rate ${rate}`)
  // 1 GiB at 8 MiB a second: nothing that the host's 6 GB would allow.
  assert.ok((row?.verdict.etaSec ?? Number.POSITIVE_INFINITY) < 128)
  assert.ok(verdicts(host, 'process:812:7').includes('confirmed'))
  assert.notEqual(host.rows.get('process:5:1')?.verdict.state, 'confirmed')
  assert.deepEqual(verdicts(host, 'process:5:1'), [])
})

test('a leaker that ends is told as harmless, and gone', () => {
  using host = openHost()
  growLeaker(host, 60)
  host.tree.end(812)
  const tick = host.tick()
  assert.ok(tick.gone.includes('process:812:7'))
  assert.equal(verdicts(host, 'process:812:7').at(-1), 'harmless')
  assert.equal(host.rows.has('process:812:7'), false)
  assert.ok(!host.monitor.allRows().some(({ pid }) => pid === 812))
})

test('what stands still is told once, and not again', () => {
  using host = openHost()
  host.tree.set({ ...LEAKER, anonBytes: 20 * MIB })
  const first = host.tick()
  assert.ok(first.rows.some(({ pid }) => pid === 812))
  for (let second = 0; second < 30; second++) host.tick()
  assert.ok(!host.tick().rows.some(({ pid }) => pid === 812))
})

const UNIT = '0::/system.slice/web.service\n'

test('a service outlives its process, and says that it was restarted', () => {
  using host = openHost()
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: 50 * MIB, cgroup: UNIT })
  host.tick()
  const id = 'service:web.service'
  assert.equal(host.rows.get(id)?.levelBytes, 50 * MIB)
  assert.equal(host.rows.get('process:100:1')?.serviceId, id)
  host.tree.end(100)
  host.tree.set({ pid: 200, startTicks: 9, anonBytes: 5 * MIB, cgroup: UNIT })
  host.tick()
  const restarts = host.happenings.filter(({ kind }) => kind === 'lifecycle')
  assert.deepEqual(
    restarts.map(({ subject, data }) => [subject?.id, data.what]),
    [[id, 'restart']],
  )
  assert.deepEqual([host.rows.get(id)?.levelBytes, host.rows.get(id)?.processes], [5 * MIB, 1])
})

for (const [what, others, kind] of [
  ['of one process is bounded by the limit of that process', 0, 'rlimit-as'],
  ['of several is not bounded by the limit of one of them', 2, 'host'],
] as const) {
  test(`a service ${what}`, () => {
    using host = openHost()
    const member = { startTicks: 1, anonBytes: 50 * MIB, vszBytes: 60 * MIB, cgroup: UNIT }
    host.tree.set({ ...member, pid: 100, limits: AS_LIMIT })
    for (let other = 1; other <= others; other++) host.tree.set({ ...member, pid: 100 + other })
    host.tick()
    host.tick()
    const limit = host.monitor.allRows().find(({ id }) => id === 'service:web.service')?.limit
    assert.equal(limit?.kind, kind)
    if (others === 0) assert.equal(limit?.headroomBytes, GIB - 60 * MIB)
  })
}

test('a service is bounded by the limit of its cgroup, whoever of it grows', () => {
  using host = openHost()
  writeGroup(host.tree, 100 * MIB)
  using sampler = disposable(host.tree)
  const monitor = openMonitor(sampler.value, { ...MONITOR_DEFAULTS, maxSeries: 64 })
  for (const pid of [100, 101]) {
    host.tree.set({ pid, startTicks: 1, anonBytes: 50 * MIB, cgroup: UNIT })
  }
  for (let second = 0; second < 3; second++) monitor.tick(1_000_000 + second * 1000, 0)
  const limit = monitor.allRows().find(({ id }) => id === 'service:web.service')?.limit
  assert.deepEqual(limit, { kind: 'cgroup', headroomBytes: GIB - 100 * MIB })
})

test('a worker that ends beside others is no restart', () => {
  using host = openHost()
  for (const pid of [100, 101, 102, 103]) {
    host.tree.set({ pid, startTicks: 1, anonBytes: 10 * MIB, cgroup: UNIT })
  }
  host.tick()
  assert.equal(host.rows.get('service:web.service')?.processes, 4)
  host.tree.end(103)
  host.tick()
  assert.deepEqual(host.happenings, [])
  assert.equal(host.rows.get('service:web.service')?.levelBytes, 30 * MIB)
})

test('two scripts of one interpreter are two services; a restart of one is not of the other', () => {
  using host = openHost()
  const script = (pid: number, startTicks: number, file: string): void =>
    host.tree.set({
      pid,
      startTicks,
      comm: 'MainThread',
      anonBytes: 10 * MIB,
      exe: '/usr/bin/node',
      args: ['node', `/srv/${file}`, '--password=s3cret'],
      cgroup: '0::/user.slice/user-7.slice/session-1.scope\n',
    })
  script(100, 1, 'a.js')
  script(101, 1, 'b.js')
  host.tick()
  const place = '/user.slice/user-7.slice'
  assert.equal(host.rows.get('process:100:1')?.serviceId, `service:node a.js@${place}`)
  assert.equal(host.rows.get('process:101:1')?.serviceId, `service:node b.js@${place}`)
  assert.equal(host.rows.get('process:100:1')?.name, 'node a.js')
  assert.ok(!JSON.stringify(host.monitor.allRows()).includes('s3cret'))
})

test('where executables may not be known, two scripts of one interpreter are two all the same', () => {
  using host = openHost()
  for (const [pid, file] of [
    [100, 'a.js'],
    [101, 'b.js'],
  ] as const) {
    const args = ['/usr/bin/node', `/srv/${file}`, '--password=s3cret']
    host.tree.set({ pid, startTicks: 1, comm: 'MainThread', anonBytes: 10 * MIB, args })
  }
  const bare = { comm: 'MainThread', anonBytes: 10 * MIB, args: ['node', 's3cret'] }
  host.tree.set({ pid: 102, startTicks: 1, ...bare })
  host.tick()
  assert.deepEqual(
    [100, 101, 102].map((pid) => host.rows.get(`process:${pid}:1`)?.name),
    ['node a.js', 'node b.js', 'node'],
  )
  const services = new Set([...host.rows.values()].map(({ serviceId }) => serviceId))
  assert.ok(services.has('service:node a.js@') && services.has('service:node b.js@'))
  assert.ok(!JSON.stringify(host.monitor.allRows()).includes('s3cret'))
})

test('a process that is moved to another cgroup joins the service there', () => {
  using host = openHost()
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: 10 * MIB, cgroup: '0::/\n' })
  host.tick()
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: 12 * MIB, cgroup: UNIT, comm: 'web' })
  host.tick()
  host.tick()
  assert.equal(host.rows.get('process:100:1')?.unit, 'web.service')
  assert.equal(host.rows.get('service:web.service')?.processes, 1)
})

function writeGroup(tree: ProcTree, anonBytes: number): void {
  tree.write('sys/fs/cgroup/cgroup.controllers', 'memory\n')
  const base = 'sys/fs/cgroup/system.slice/web.service'
  tree.write(`${base}/memory.current`, `${anonBytes}\n`)
  tree.write(`${base}/memory.stat`, `anon ${anonBytes}\n`)
  tree.write(`${base}/memory.max`, `${GIB}\n`)
}

test('a cgroup is a pool with its own limit, judged, and gone with its processes', () => {
  using host = openHost()
  writeGroup(host.tree, 20 * MIB)
  // Its sampler found the hierarchy when it was opened: one that is opened now does.
  using sampler = disposable(host.tree)
  const monitor = openMonitor(sampler.value, { ...MONITOR_DEFAULTS, maxSeries: 64 })
  const id = 'cgroup:/system.slice/web.service'
  let bootMs = 1_000_000
  let last: SubjectRow | undefined
  for (let look = 0; look < 80; look++) {
    host.tree.set({ pid: 100, startTicks: 1, anonBytes: MIB, cgroup: UNIT })
    writeGroup(host.tree, (20 + 8 * look) * MIB)
    bootMs += 5000
    last = monitor.tick(bootMs, bootMs)?.rows.find((row) => row.id === id) ?? last
  }
  assert.equal(last?.limit?.kind, 'cgroup')
  assert.equal(last?.unit, 'web.service')
  assert.equal(last?.verdict.state, 'confirmed')
  host.tree.end(100)
  bootMs += 5000
  const end = monitor.tick(bootMs, bootMs)
  assert.ok(end?.gone.includes(id))
  const over = end?.happenings.find(({ subject }) => subject?.id === id)
  assert.deepEqual([over?.data.from, over?.data.to], ['confirmed', 'harmless'])
})

test('what cannot be read is null in a row, never zero', () => {
  using host = openHost()
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: MIB })
  host.tree.remove('proc/100/status')
  host.tree.remove('proc/100/fd')
  host.tick()
  const row = host.rows.get('process:100:1')
  assert.equal(row?.anonBytes, MIB)
  assert.deepEqual(
    [row?.shmemBytes, row?.swapBytes, row?.threads, row?.fds, row?.uid],
    [null, null, null, null, null],
  )
})

test('with more subjects than series all are shown, and the rest is counted as unjudged', () => {
  using host = openHost(8)
  for (let pid = 100; pid < 130; pid++) host.tree.set({ pid, startTicks: 1, anonBytes: MIB })
  host.tick()
  assert.equal([...host.rows.values()].filter(({ kind }) => kind === 'process').length, 30)
  assert.ok(host.monitor.index.dropped > 0)
  assert.equal(host.monitor.index.slots.size, 8)
  const processes = [...host.rows.values()].filter(({ kind }) => kind === 'process')
  assert.ok(processes.every(({ levelBytes }) => levelBytes === MIB))
})

test('who waits for a series is judged once another is given back', () => {
  using host = openHost(40)
  for (let pid = 100; pid < 160; pid++) host.tree.set({ pid, startTicks: 1, anonBytes: MIB })
  host.tick()
  growLeaker(host, 20)
  assert.equal(host.rows.get('process:812:7')?.verdict.state, 'unknown')
  for (let pid = 100; pid < 160; pid++) host.tree.end(pid)
  growLeaker(host, 80)
  assert.equal(host.rows.get('process:812:7')?.verdict.state, 'confirmed')
})

test('slots of series are given back: what came and went leaves none behind', () => {
  using host = openHost()
  host.tick()
  const before = host.monitor.index.slots.size
  for (let round = 0; round < 50; round++) {
    host.tree.set({ pid: 100 + round, startTicks: round, anonBytes: MIB, comm: 'job' })
    host.tick()
    host.tree.end(100 + round)
    host.tick()
  }
  // The service of these jobs is remembered for a while.
  assert.ok(host.monitor.index.slots.size <= before + 1)
})

test('a host whose meminfo vanished yields no tick, and the next one goes on', () => {
  using host = openHost()
  host.tree.set({ pid: 100, startTicks: 1, anonBytes: MIB })
  host.tick()
  host.tree.write('proc/meminfo', '')
  host.tree.end(100)
  host.tree.set({ pid: 101, startTicks: 1, anonBytes: MIB })
  assert.equal(host.monitor.tick(2_000_000, 0), undefined)
  host.tree.write('proc/meminfo', meminfoText({}))
  const tick = host.tick()
  assert.equal(tick.host.processes, 1)
  assert.ok(tick.gone.includes('process:100:1'))
  assert.ok(host.rows.has('process:101:1'))
})

function disposable({ procRoot, sysRoot }: ProcTree) {
  const value = openSampler({ procRoot, sysRoot, filesRoot: procRoot, pageSize: PAGE, maxFds: 0 })
  return { value, [Symbol.dispose]: () => value.close() }
}
