import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainMissingTool } from '../../lab/leaks/build.ts'
import { startLeak } from '../../lab/leaks/start.ts'
import { MONITOR_DEFAULTS, openMonitor } from '../../src/app/monitor/monitor.ts'
import { GIB, MIB } from '../../src/base/units.ts'
import type { HostRow, Missing, PoolRow } from '../../src/core/procfs/records.ts'
import type { SubjectRow } from '../../src/core/wire/records.ts'
import { readBootMs } from '../../src/linux/identity.ts'
import { openSampler } from '../../src/linux/sampler.ts'

const LOOK = join(import.meta.dirname, 'sampler-look.ts')
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs']

interface Look {
  readonly uid: number
  readonly host: HostRow
  readonly pools: readonly PoolRow[]
  readonly missing: readonly Missing[]
  readonly processes: number
  /** Processes of which anonymous memory, program and owner are known. */
  readonly known: number
  readonly init: { readonly anonBytes: number | null; readonly uid: number }
}

function look(command: string, args: readonly string[]): Look {
  const { status, stdout, stderr } = spawnSync(command, [...args, process.execPath, LOOK], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

const isRoot = process.geteuid?.() === 0

test('without privileges: what may be read is there, what may not is said, nothing is zero for it', {
  skip: !isRoot && 'needs root to become another user',
}, () => {
  const { uid, host, pools, missing, processes, known, init } = look('setpriv', NOBODY)
  assert.equal(uid, 65534)
  assert.ok(processes > 1)
  // /proc/PID/statm and status are for everybody.
  assert.equal(known, processes)
  assert.ok((init.anonBytes ?? 0) > 0 && init.uid === 0)
  assert.ok(host.memTotalBytes > 0)
  const said = new Map(missing.map(({ what, why }) => [what, why]))
  assert.match(said.get('slab caches by name') ?? '', /needs root/)
  assert.match(said.get('BPF memory') ?? '', /needs root/)
  assert.equal(host.bpfBytes, null)
  assert.ok(!pools.some(({ kind, name }) => kind === 'slab' || name === 'BPF'))
  assert.ok(pools.every(({ usedBytes }) => usedBytes >= 0))
})

test('with privileges the same host tells more', { skip: !isRoot && 'needs root' }, () => {
  const all = look('env', [])
  const few = look('setpriv', NOBODY)
  const said = new Set(few.missing.map(({ what }) => what))
  for (const { what } of all.missing) assert.ok(said.has(what), what)
  assert.ok(all.pools.some(({ kind }) => kind === 'slab'))
})

test('a process is followed by kept descriptors from its start to its end', async () => {
  const sampler = openSampler()
  const child = spawn('sleep', ['600'], { stdio: 'ignore' })
  try {
    await once(child, 'spawn')
    const { pid = 0 } = child
    const seen = await waitFor(() => {
      sampler.fastPass(readBootMs())
      sampler.fullPass(10_000, readBootMs())
      const slot = sampler.table.pid.indexOf(pid)
      return slot >= 0 && sampler.table.comm[slot] === 'sleep' ? slot : undefined
    })
    const { table } = sampler
    assert.equal(sampler.readProgram(seen), 'sleep')
    assert.ok((table.rssBytes[seen] ?? 0) > 0 && (table.startTicks[seen] ?? 0) > 0)
    assert.deepEqual([table.threads[seen], table.uid[seen]], [1, process.geteuid?.()])
    assert.ok((table.fds[seen] ?? 0) >= 3)
    child.kill('SIGKILL')
    await once(child, 'exit')
    sampler.fastPass(readBootMs())
    assert.ok(table.gone.includes(seen))
    assert.equal(sampler.table.pid.indexOf(pid), -1)
    assert.equal(sampler.readLimit(seen), undefined)
  } finally {
    child.kill('SIGKILL')
    sampler.close()
  }
})

/** What `look` finds at last. @throws after 20 s without */
async function waitFor<Found>(look: () => Found | undefined): Promise<Found> {
  const endMs = readBootMs() + 20_000
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    assert.ok(readBootMs() < endMs, 'not seen within 20 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a leaking program is judged by the limit that it was started with', {
  skip: explainMissingTool('c'),
}, async () => {
  const leak = await startLeak('leak-steady', { boundBytes: GIB, pace: 4 })
  const sampler = openSampler()
  try {
    const monitor = openMonitor(sampler, { ...MONITOR_DEFAULTS, maxSeries: 512 })
    const endMs = readBootMs() + 60_000
    let row: SubjectRow | undefined
    while (row?.verdict.state !== 'confirmed' && readBootMs() < endMs) {
      const rows = monitor.tick(readBootMs(), Date.now())?.rows ?? []
      row = rows.find(({ pid }) => pid === leak.pid) ?? row
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    assert.equal(row?.verdict.state, 'confirmed')
    assert.equal(row?.limit?.kind, 'rlimit-as')
    const bound = (row?.levelBytes ?? 0) + (row?.limit?.headroomBytes ?? 0)
    // The address space holds libraries and stacks beside what leaks.
    assert.ok(bound <= GIB && bound > GIB - 64 * MIB, `${bound}`)
    const { rateBytesPerSec } = leak.truth
    const rate = row?.verdict.rateBytesPerSec ?? 0
    assert.ok(rate > 0.5 * rateBytesPerSec && rate < 1.5 * rateBytesPerSec, `${rate}`)
  } finally {
    sampler.close()
    await leak.stop()
  }
})
