/**
 * @module The sampler in a guest with real cgroups (version 2): what it says of each group beside what
 * the kernel said of it just before and just after.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { KERNEL_VERSIONS, type Kernel } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import type { GuestRun } from '../../lab/machine/run.ts'
import { MIB } from '../../src/base/units.ts'
import type { GroupFigures, Look } from './cgroup-look.ts'
import { play } from './play.ts'
import { bundleProgram } from './plimsoll-files.ts'

const LOOK = join(import.meta.dirname, 'cgroup-look.ts')
/** What a kernel counts per processor before it adds it to the sum (MEMCG_CHARGE_BATCH), and a little. */
const SLACK_BYTES = 1.5 * MIB

async function guest(kernel: Kernel): Promise<Guest> {
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [],
    cgroups: 'v2',
    modules: ['lzo', 'lzo_rle', 'zram'],
    files: [...(await nodeFiles()), await bundleProgram(LOOK, 'look.mjs')],
    script: [
      'cd /sys/fs/cgroup',
      'in_group() { ( echo 0 > /sys/fs/cgroup$1/cgroup.procs; shift; exec "$@" ) & }',
      // By MiB, and no longer than a guest lives.
      'holds() { until [ $(($(cat /sys/fs/cgroup$1/memory.current) >> 20)) -ge $2 ]; do sleep 0.1; done; }',
      'look() { node /look.mjs "$@" > /dev/ttyS2; }',
      'mkdir -p bound outer/inner free high',
      'echo 256M > bound/memory.max',
      'echo +memory > outer/cgroup.subtree_control',
      'echo 200M > outer/memory.max',
      'echo 500M > outer/inner/memory.max',
      'echo 300M > outer/inner/memory.high',

      'in_group /bound grow anon 0 64',
      'in_group /bound grow shared 0 20 --shared',
      'in_group /bound dd if=/dev/zero of=/cached bs=1M count=30',
      'in_group /outer/inner grow deep 0 48',
      'in_group /free grow free 0 24',
      'holds /bound 110; holds /outer 48; holds /free 24',
      'look still /bound /outer /outer/inner /free',

      // Slower than a look, and less than its limit.
      'in_group /bound grow growing 20 100',
      'look growing --grown /bound --bytes 20000000 /bound',

      // Held at its line by the kernel, which has nowhere to put it.
      'echo 32M > high/memory.high',
      'in_group /high grow halted 0 96',
      'holds /high 32; sleep 1',
      'look halted /high',

      'echo 128M > /sys/block/zram0/disksize; mkswap /dev/zram0; swapon /dev/zram0',
      'until [ $(($(cat high/memory.swap.current) >> 20)) -ge 60 ]; do sleep 0.1; done',
      'look swapped /high /bound',
    ],
  }
}

function lookOf(run: GuestRun, name: string): Look {
  const found = run.events.find((event) => event.event === 'look' && event.name === name)
  assert.ok(found !== undefined, `no look ${name}; the guest said: ${run.talk.join('\n')}`)
  return found as unknown as Look
}

function figures(group: string, { before, after }: Look): readonly [GroupFigures, GroupFigures] {
  const [first, last] = [before.groups[group], after.groups[group]]
  assert.ok(first?.anon !== undefined && last?.anon !== undefined, `${group} has no memory.stat`)
  return [first, last]
}

/** By hand: what no reclaim gives back. Kernels before 5.18 do not sum `kernel`, which is small here. */
function heldBytes(of: GroupFigures): number {
  const { anon = 0, shmem = 0, sock = 0, swap = 0, kernel = 0, slab_reclaimable = 0 } = of
  return anon + shmem + sock + swap + Math.max(0, kernel - slab_reclaimable)
}

function assertBetween(value: number | undefined, bounds: readonly number[], what: string): void {
  const [low, high] = [Math.min(...bounds) - SLACK_BYTES, Math.max(...bounds) + SLACK_BYTES]
  assert.ok(
    value !== undefined && value >= low && value <= high,
    `${what}: ${value} ${low} ${high}`,
  )
}

function poolOf(look: Look, group: string) {
  const row = look.pools.find(({ name }) => name === group)
  assert.ok(row !== undefined, `${group} has no row: ${JSON.stringify(look.pools)}`)
  return row
}

function processOf(look: Look, comm: string) {
  const row = look.processes.find((process) => process.comm === comm)
  assert.ok(row !== undefined, `${comm} is not seen: ${JSON.stringify(look.processes)}`)
  return row
}

function assertUsage(look: Look, group: string, limitMib: number | null): void {
  const row = poolOf(look, group)
  assertBetween(row.usedBytes, figures(group, look).map(heldBytes), `${group} usage`)
  assert.equal(row.limitBytes, limitMib === null ? null : limitMib * MIB, `${group} limit`)
}

for (const version of KERNEL_VERSIONS) {
  test(`${version}: the sampler and the kernel say the same of cgroups`, async (t) => {
    const run = await play(t, version, guest)
    if (run === null) return

    await t.test('usage without page cache; the limit is the lower of max and high', () => {
      const look = lookOf(run, 'still')
      assertUsage(look, '/bound', 256)
      assertUsage(look, '/outer', 200)
      assertUsage(look, '/outer/inner', 300)
      assertUsage(look, '/free', null)
      const [bound] = figures('/bound', look)
      assert.ok(poolOf(look, '/bound').usedBytes < (bound.current ?? 0) - 25 * MIB)
    })

    await t.test('anonymous and shared memory of processes, and the group that each is in', () => {
      const look = lookOf(run, 'still')
      const [anon, shared] = [processOf(look, 'anon'), processOf(look, 'shared')]
      assert.deepEqual([anon.cgroup, shared.cgroup], ['/bound', '/bound'])
      const stats = figures('/bound', look)
      assertBetween(
        anon.anonBytes + shared.anonBytes,
        stats.map((s) => s.anon ?? 0),
        'anon',
      )
      assertBetween(
        shared.shmemBytes,
        stats.map((s) => s.shmem ?? 0),
        'shmem',
      )
    })

    await t.test("what bounds a process is the tightest of its group's and those above", () => {
      const look = lookOf(run, 'still')
      const deep = processOf(look, 'deep')
      const free = figures('/outer', look).map((of) => 200 * MIB - heldBytes(of))
      assert.equal(deep.limit?.kind, 'cgroup')
      assertBetween(deep.limit?.headroomBytes, free, 'headroom')
      assert.notEqual(processOf(look, 'free').limit?.kind, 'cgroup')
    })

    await t.test('a group that grows is seen to grow', () => {
      const [first, second] = [lookOf(run, 'growing'), lookOf(run, 'growing, grown')]
      assertUsage(first, '/bound', 256)
      assertUsage(second, '/bound', 256)
      const grewBytes = poolOf(second, '/bound').usedBytes - poolOf(first, '/bound').usedBytes
      assert.ok(grewBytes > 15 * MIB, `grew ${grewBytes}`)
    })

    await t.test('pressure: who is held at memory.high waits, and so does the figure', () => {
      const { host, before, after } = lookOf(run, 'halted')
      const totals = [before, after].map(({ pressure }) =>
        Number(/^some .*total=(\d+)$/m.exec(pressure)?.[1]),
      )
      const [low = Number.NaN, high = Number.NaN] = totals
      assert.ok(host.psi !== null && high > 0)
      assert.ok(host.psi.someTotalUs >= low && host.psi.someTotalUs <= high, `${totals}`)
    })

    await t.test('what is swapped is held still, and stands beside memory in the limit', () => {
      const look = lookOf(run, 'swapped')
      const { swapTotalBytes, swapFreeBytes } = look.host
      assertBetween(swapTotalBytes, [128 * MIB], 'swap')
      const swapped = figures('/high', look).map((of) => of.swap ?? 0)
      assert.ok(Math.min(...swapped) > 50 * MIB)
      assertBetween(swapTotalBytes - swapFreeBytes, swapped, 'swap used')
      assertBetween(processOf(look, 'halted').swapBytes, swapped, 'swap of the process')
      const high = poolOf(look, '/high')
      assertBetween(high.usedBytes, figures('/high', look).map(heldBytes), 'usage')
      assert.equal(high.limitBytes, 32 * MIB + swapTotalBytes)
      assert.equal(poolOf(look, '/bound').limitBytes, 256 * MIB + swapTotalBytes)
    })

    assert.deepEqual(
      lookOf(run, 'still').missing.filter(({ what }) => /cgroup|pressure/.test(what)),
      [],
    )
  })
}
