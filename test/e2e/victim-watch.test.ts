/** @module Who would have to go, on a host that is a directory: the real guard, whose memory and processes are files. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import { NO_RULES } from '../../src/core/guard/rules.ts'
import type { Event } from '../../src/core/wire/records.ts'
import { connectGuard } from '../../src/io/guard/link.ts'
import { meminfoText, openProcTree } from '../../src/linux/proc-tree.fixture.ts'
import { buildOnce, until } from './agent-run.ts'

interface FakeHost {
  readonly decisions: Event[]
  /** Of 1000 MiB: what is left, and what a process holds. */
  set(roomMib: number, shmemMib: number, held: Readonly<Record<number, number>>): void
  /** Ticks since the last call, of the state that was set last. */
  untilTicks(count: number): Promise<void>
  untilDecision(): Promise<Event>
}

async function openHost(context: TestContext): Promise<FakeHost> {
  const tree = openProcTree()
  context.after(() => tree[Symbol.dispose]())
  const root = tree.procRoot.replace(/\/proc$/, '')
  const decisions: Event[] = []
  let roomMib = 0
  let ticks = 0
  const host: FakeHost = {
    decisions,
    set(room, shmemMib, held) {
      roomMib = room
      for (const [pid, mib] of Object.entries(held)) {
        tree.set({ pid: Number(pid), startTicks: 500, comm: `p${pid}`, anonBytes: mib * MIB })
      }
      const kib = {
        MemTotal: 1_024_000,
        MemFree: 1024,
        MemAvailable: room * 1024,
        Cached: shmemMib * 1024,
        Shmem: shmemMib * 1024,
      }
      tree.write('proc/meminfo', meminfoText(kib))
      ticks = 0
    },
    async untilTicks(count) {
      ticks = 0
      await until(`${count} ticks`, () => (ticks >= count ? true : undefined))
    },
    untilDecision: () => until('a decision', () => decisions[0]),
  }
  tree.write('proc/self/auxv', readFileSync('/proc/self/auxv'))
  tree.write('proc/sys/kernel/random/boot_id', '11111111-1111-4111-8111-111111111111\n')
  host.set(700, 0, { 300: 200, 301: 20 })
  const socketPath = join(root, 'own/guard.sock')
  const settings = {
    socketPath,
    intervalMs: 500,
    procRoot: tree.procRoot,
    sysRoot: tree.sysRoot,
    victims: { rules: NO_RULES },
  }
  writeFileSync(join(root, 'guard.json'), JSON.stringify(settings))
  const program = join(await buildOnce(), 'guard.cjs')
  const child = spawn(process.execPath, [program, '--settings', join(root, 'guard.json')], {
    stdio: 'ignore',
  })
  const link = connectGuard(
    socketPath,
    {
      onEvent: (event) => {
        if (event.kind === 'decision') decisions.push(event)
      },
      onTick: (_, { host: row }) => {
        if (row?.memAvailableBytes === roomMib * MIB) ticks++
      },
    },
    { firstWaitMs: 20, lastWaitMs: 50 },
  )
  context.after(async () => {
    link.stop()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  await host.untilTicks(2)
  return host
}

test('who grew would have to go, and not who is larger; it is told once', async (context) => {
  const host = await openHost(context)
  host.set(400, 0, { 301: 170 })
  await host.untilTicks(1)
  assert.deepEqual(host.decisions, [])
  host.set(60, 0, { 301: 190 })
  const told = await host.untilDecision()
  assert.match(
    told.reason,
    /^60\.0 MiB left of 1000 MiB, .*: p301 301 would have to go and give back 190 MiB: it grew by 170 MiB/,
  )
  assert.equal(told.subject?.pid, 301)
  const { what, by, rivals } = told.data as { what: string; by: string; rivals: { pid: number }[] }
  assert.deepEqual([what, by, rivals.map(({ pid }) => pid)], ['would-end', 'growth', [300]])
  await host.untilTicks(3)
  assert.equal(host.decisions.length, 1)
})

test('where tmpfs took the memory nobody would', async (context) => {
  const host = await openHost(context)
  host.set(20, 640, {})
  const told = await host.untilDecision()
  assert.match(
    told.reason,
    /640 MiB of it are tmpfs and shared memory, which no process gives back/,
  )
  assert.equal(told.data.what, 'nobody')
})
