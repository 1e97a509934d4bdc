/** @module The sampler in a guest with the older cgroups (version 1), which kernels had until 6.11. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Kernel, KernelVersion } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { MIB } from '../../src/base/units.ts'
import type { Look } from './cgroup-look.ts'
import { play, told } from './play.ts'
import { bundleProgram } from './plimsoll-files.ts'

const LOOK = join(import.meta.dirname, 'cgroup-look.ts')
/** Debian's 6.12 is built without CONFIG_MEMCG_V1. */
const VERSIONS: readonly KernelVersion[] = ['5.10', '6.1']

async function guest(kernel: Kernel): Promise<Guest> {
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [],
    cgroups: 'v1',
    files: [...(await nodeFiles()), await bundleProgram(LOOK, 'look.mjs')],
    script: [
      'cd /sys/fs/cgroup/memory',
      'in_group() { ( echo 0 > $1/cgroup.procs; shift; exec "$@" ) & }',
      'holds() { until [ $(($(cat $1/memory.usage_in_bytes) >> 20)) -ge $2 ]; do sleep 0.1; done; }',
      'mkdir -p bound outer/inner free',
      'echo 128M > bound/memory.limit_in_bytes',
      'echo 200M > outer/memory.limit_in_bytes',
      'in_group bound grow anon 0 40',
      'in_group bound grow shared 0 20 --shared',
      'in_group bound dd if=/dev/zero of=/cached bs=1M count=30',
      'in_group outer/inner grow deep 0 48',
      'in_group free grow free 0 16',
      'holds bound 90; holds outer/inner 48; holds free 16',
      'node /look.mjs first /bound /outer /outer/inner /free > /dev/ttyS2',
    ],
  }
}

for (const version of VERSIONS) {
  test(`${version}: usage without page cache, and limits that bind the groups below`, async (t) => {
    const run = await play(t, version, guest)
    if (run === null) return
    const { pools, processes } = told(run, 'look') as unknown as Look
    const rows = pools
      .map(({ name, usedBytes, limitBytes }) => {
        return [name, Math.round(usedBytes / MIB), limitBytes === null ? null : limitBytes / MIB]
      })
      .sort()
    assert.deepEqual(rows, [
      ['/bound', 60, 128],
      ['/free', 16, null],
      ['/outer', 48, 200],
      ['/outer/inner', 48, null],
    ])
    const bounds = processes.map(({ comm, limit }) => {
      const isGroup = limit?.kind === 'cgroup'
      return [comm, isGroup ? Math.round(limit.headroomBytes / MIB) : null]
    })
    assert.deepEqual(Object.fromEntries(bounds), {
      anon: 128 - 60,
      shared: 128 - 60,
      deep: 200 - 48,
      free: null,
    })
  })
}
