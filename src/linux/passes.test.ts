import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { openProcTree, PAGE, type ProcTree } from './proc-tree.fixture.ts'
import { openProcesses, type Processes } from './processes.ts'
import { openSampler } from './sampler.ts'

const MIB = 2 ** 20

function open(tree: ProcTree): Processes {
  const { procRoot } = tree
  return openProcesses({ procRoot, pageSize: PAGE, clockTicksPerSec: 100, maxFds: 0 })
}

function slotOf({ table }: Processes, pid: number): number {
  return table.pid.indexOf(pid)
}

test('a process appears with all its figures, and its kinds of memory apart', () => {
  using tree = openProcTree()
  tree.set({
    pid: 812,
    startTicks: 7,
    comm: 'a) b',
    anonBytes: 10 * MIB,
    shmemBytes: 2 * MIB,
    fileBytes: 3 * MIB,
    swapBytes: MIB,
    threads: 5,
    cgroup: '4:memory:/m\n1:name=systemd:/system.slice/a.service\n0::/\n',
  })
  const processes = open(tree)
  assert.equal(processes.fastPass(1000), true)
  const { table } = processes
  const slot = slotOf(processes, 812)
  assert.deepEqual(table.appeared, [slot])
  const figures = [
    table.anonBytes,
    table.shmemBytes,
    table.fileBytes,
    table.swapBytes,
    table.rssBytes,
  ]
  assert.deepEqual(
    figures.map((column) => (column[slot] ?? 0) / MIB),
    [10, 2, 3, 1, 15],
  )
  assert.deepEqual([table.threads[slot], table.fds[slot], table.uid[slot]], [5, 1, 1000])
  assert.deepEqual([table.comm[slot], table.cgroup[slot]], ['a) b', '/m'])
  assert.equal(processes.unitCgroup(slot), '/system.slice/a.service')
})

test('a pid that was given to another process is another process', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7, comm: 'old', anonBytes: 100 * MIB })
  const processes = open(tree)
  const { table } = processes
  processes.fastPass(1000)
  const before = slotOf(processes, 812)
  tree.set({ pid: 812, startTicks: 8, comm: 'new', anonBytes: MIB })
  processes.fastPass(2000)
  const after = slotOf(processes, 812)
  assert.deepEqual([table.gone, table.appeared], [[before], [after]])
  assert.notEqual(after, before, 'the slot of the old one stays to be read for this pass')
  assert.deepEqual([table.comm[after], table.startTicks[after]], ['new', 8])
  assert.equal(table.anonBytes[after], MIB)
  assert.equal(table.anonBytes[before], 100 * MIB)
  processes.fastPass(3000)
  assert.deepEqual([table.gone, table.appeared, table.processes], [[], [], 1])
})

test('a full pass takes nothing over from a later bearer of the pid', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7, threads: 1 })
  const processes = open(tree)
  processes.fastPass(1000)
  const slot = slotOf(processes, 812)
  tree.set({ pid: 812, startTicks: 8, threads: 99, comm: 'new' })
  processes.fullPass(10, 1500)
  assert.equal(processes.table.threads[slot], 1)
  assert.equal(processes.table.comm[slot], 'fake')
})

test('kernel threads are counted and have no slot', () => {
  using tree = openProcTree()
  tree.set({ pid: 2, startTicks: 1, isKernelThread: true })
  tree.set({ pid: 812, startTicks: 7 })
  const processes = open(tree)
  processes.fastPass(1000)
  assert.deepEqual([processes.table.processes, processes.table.kernelThreads], [1, 1])
})

test('what cannot be read any more is unknown, not what it was', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7, anonBytes: MIB })
  const processes = open(tree)
  processes.fastPass(1000)
  const slot = slotOf(processes, 812)
  tree.write('proc/812/statm', 'nonsense')
  processes.fastPass(2000)
  assert.ok(Number.isNaN(processes.table.anonBytes[slot]))
  assert.equal(processes.table.changed[slot], 1)
})

test('a zombie holds nothing, which is known', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7 })
  tree.write('proc/812/status', 'Name:\tfake\nState:\tZ (zombie)\nUid:\t0\t0\t0\t0\nThreads:\t1\n')
  const processes = open(tree)
  processes.fastPass(1000)
  const slot = slotOf(processes, 812)
  assert.deepEqual(
    [
      processes.table.rssBytes[slot],
      processes.table.shmemBytes[slot],
      processes.table.swapBytes[slot],
    ],
    [0, 0, 0],
  )
})

test('the requested process is read first, then all in turn', () => {
  using tree = openProcTree()
  for (let pid = 100; pid < 110; pid++) tree.set({ pid, startTicks: pid })
  const processes = open(tree)
  const { table } = processes
  processes.fastPass(1000)
  const wanted = slotOf(processes, 107)
  processes.requestFull(wanted)
  assert.equal(processes.fullPass(1, 2000), 1)
  assert.equal(table.fullAtMs[wanted], 2000)
  for (let round = 0; round < 10; round++) processes.fullPass(1, 3000 + round)
  const oldest = Math.min(...table.fullAtMs.subarray(0, table.length))
  assert.ok(oldest >= 2000, 'nobody is left out')
})

test('descriptors are counted anew once their process has run', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7, switches: 5 })
  const processes = open(tree)
  processes.fastPass(1000)
  const slot = slotOf(processes, 812)
  tree.write('proc/812/fd/1', '')
  tree.set({ pid: 812, startTicks: 7, switches: 6 })
  processes.fullPass(10, 2000)
  assert.equal(processes.table.fds[slot], 2)
})

test('growth of anonymous memory needs no full pass to be seen', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7, anonBytes: MIB, vszBytes: 64 * MIB })
  const processes = open(tree)
  processes.fastPass(1000)
  const slot = slotOf(processes, 812)
  tree.set({ pid: 812, startTicks: 7, anonBytes: 9 * MIB, vszBytes: 64 * MIB })
  processes.fastPass(2000)
  assert.equal(processes.table.anonBytes[slot], 9 * MIB)
  assert.deepEqual([processes.table.appeared, processes.table.gone], [[], []])
})

test('a /proc that vanished is told, and no pass throws', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7 })
  const processes = open(tree)
  processes.fastPass(1000)
  tree.remove('proc')
  assert.equal(processes.fastPass(2000), false)
  assert.equal(processes.table.processes, 0)
  assert.equal(processes.fullPass(10, 2000), 0)
})

test('a sampler that is closed leaves no descriptor open', () => {
  using tree = openProcTree()
  tree.set({ pid: 812, startTicks: 7 })
  const { procRoot, sysRoot } = tree
  const count = (): number => readdirSync('/proc/self/fd').length
  const before = count()
  const sampler = openSampler({ procRoot, sysRoot, pageSize: PAGE, maxFds: 64 })
  sampler.fastPass(1000)
  assert.ok(count() > before)
  sampler.close()
  assert.equal(count(), before)
})

test('the table is the set of living processes, whatever starts, ends and comes again', () => {
  const step = fc.record({
    pid: fc.integer({ min: 100, max: 105 }),
    startTicks: fc.integer({ min: 1, max: 3 }),
    lives: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 6 }), (rounds) => {
      using tree = openProcTree()
      const processes = open(tree)
      const { table } = processes
      const living = new Map<number, number>()
      for (const [index, steps] of rounds.entries()) {
        for (const { pid, startTicks, lives } of steps) {
          if (lives) tree.set({ pid, startTicks, anonBytes: startTicks * MIB })
          else tree.end(pid)
          if (lives) living.set(pid, startTicks)
          else living.delete(pid)
        }
        processes.fastPass(1000 * index)
        processes.fullPass(3, 1000 * index)
        const seen = new Map<number, number>()
        for (let slot = 0; slot < table.length; slot++) {
          if (table.pid[slot] === 0) continue
          seen.set(table.pid[slot] ?? 0, table.startTicks[slot] ?? 0)
          assert.equal(table.anonBytes[slot], (table.startTicks[slot] ?? 0) * MIB)
        }
        assert.deepEqual(seen, living)
        assert.equal(table.processes, living.size)
      }
    }),
    { numRuns: 40 },
  )
})
