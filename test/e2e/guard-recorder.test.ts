/** @module The real guard with a flight recorder, on a host that is a directory: what it leaves when it is killed. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import type { RecordedItem } from '../../src/core/record/records.ts'
import { isIntact } from '../../src/core/record/recover.ts'
import { type Recorded, readRecorded } from '../../src/core/wire/recorded.ts'
import { connectGuard } from '../../src/io/guard/link.ts'
import { readRing } from '../../src/io/record/read-ring.ts'
import { meminfoText, openProcTree } from '../../src/linux/proc-tree.fixture.ts'
import { buildOnce, until } from './agent-run.ts'

interface RecordedHost {
  readonly file: string
  readonly kmsg: string
  readonly socketPath: string
  setRoom(mib: number): void
  start(): Promise<ChildProcess>
  items(): readonly (Recorded & Pick<RecordedItem, 'type'>)[]
  reasons(): readonly string[]
}

function openHost(context: TestContext): RecordedHost {
  const tree = openProcTree()
  context.after(() => tree[Symbol.dispose]())
  const root = tree.procRoot.replace(/\/proc$/, '')
  const children: ChildProcess[] = []
  context.after(async () => {
    for (const child of children) await endBy(child, 'SIGKILL')
  })
  const file = join(root, 'state/recorder.ring')
  const kmsg = join(root, 'dev/kmsg')
  const socketPath = join(root, 'own/guard.sock')
  const host: RecordedHost = {
    file,
    kmsg,
    socketPath,
    setRoom(mib) {
      const kib = { MemTotal: 1_024_000, MemFree: 1024, MemAvailable: mib * 1024 }
      tree.write('proc/meminfo', meminfoText(kib))
    },
    async start() {
      const settings = {
        socketPath,
        intervalMs: 500,
        procRoot: tree.procRoot,
        sysRoot: tree.sysRoot,
        recorder: { file, bytes: MIB, kmsg },
      }
      writeFileSync(join(root, 'guard.json'), JSON.stringify(settings))
      const program = join(await buildOnce(), 'guard.cjs')
      const child = spawn(process.execPath, [program, '--settings', join(root, 'guard.json')], {
        stdio: 'ignore',
      })
      children.push(child)
      return child
    },
    items: () =>
      existsSync(file)
        ? readRing(file).items.map((item) => ({ type: item.type, ...readRecorded(item) }))
        : [],
    reasons: () => host.items().flatMap((item) => (item.kind === 'event' ? item.event.reason : [])),
  }
  host.setRoom(600)
  tree.write('proc/self/auxv', readFileSync('/proc/self/auxv'))
  tree.write('proc/sys/kernel/random/boot_id', '11111111-1111-4111-8111-111111111111\n')
  tree.write('dev/kmsg', '6,1,1,-;Linux version 6.1\n')
  tree.set({ pid: 4121, startTicks: 777, comm: 'leaker \u001b[2J', anonBytes: 300 * MIB })
  return host
}

async function endBy(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

async function untilReason(host: RecordedHost, pattern: RegExp, count = 1): Promise<void> {
  await until(`${count} times ${pattern}`, () =>
    host.reasons().filter((reason) => pattern.test(reason)).length >= count ? true : undefined,
  )
}

async function untilTicks(host: RecordedHost): Promise<void> {
  let ticks = 0
  const times = { firstWaitMs: 20, lastWaitMs: 100 }
  const link = connectGuard(host.socketPath, { onTick: () => ticks++ }, times)
  try {
    await until('two ticks', () => (ticks >= 2 ? true : undefined))
  } finally {
    link.stop()
  }
}

test('a guard that is killed in a shortage leaves the scene, and the next goes on', async (context) => {
  const host = openHost(context)
  const guard = await host.start()
  await untilReason(host, /^guard \d+ records in/)
  await until('a sample', () => host.items().find(({ kind }) => kind === 'sample'))
  host.setRoom(50)
  await untilReason(host, /^memory is short: 50\.0 MiB of 1000 MiB left/)
  await until('the table', () => host.items().find(({ type }) => type === 'processes'))
  appendFileSync(host.kmsg, '3,2,9,-;leaker invoked oom-killer: gfp_mask=0x140dca\n')
  const saysOom = ({ kind, ...rest }: Recorded): boolean =>
    kind === 'text' && 'text' in rest && rest.text.includes('invoked oom-killer')
  await until("the kernel's words", () => host.items().find(saysOom))
  await endBy(guard, 'SIGKILL')

  const items = host.items()
  assert.ok(isIntact(readRing(host.file)))
  const scene = items.findIndex((item) => item.kind === 'event' && item.event.kind === 'scene')
  const [, meminfo, processes, kmsg] = items.slice(scene)
  assert.ok(meminfo?.kind === 'text' && meminfo.text.includes('MemAvailable: 51200 kB'))
  assert.ok(processes?.kind === 'text')
  assert.match(
    processes.text,
    /^why pid start_ticks .*\nheld 4121 777 314572800 0 0 - leaker \?\[2J\n/,
  )
  assert.ok(kmsg?.kind === 'text' && kmsg.text.includes('Linux version'))

  host.setRoom(600)
  await host.start()
  await untilReason(host, /^guard \d+ records in/, 2)
  await until('a second sample', () => {
    const samples = host.items().flatMap((item) => (item.kind === 'sample' ? item.host : []))
    return samples.at(-1)?.memAvailableBytes === 600 * MIB ? true : undefined
  })
  assert.ok(isIntact(readRing(host.file)))
})

test('a guard says when memory is no longer short, and that it ends', async (context) => {
  const host = openHost(context)
  host.setRoom(50)
  const guard = await host.start()
  await untilReason(host, /^memory is short/)
  host.setRoom(600)
  await untilReason(host, /^memory is no longer short: 600 MiB of 1000 MiB left/)
  await endBy(guard, 'SIGTERM')
  assert.equal(guard.exitCode, 0)
  assert.match(host.reasons().at(-1) ?? '', /^guard \d+ stops recording$/)
  assert.equal(statSync(host.file).size, MIB)
})

test('a guard goes on where nothing can be recorded', async (context) => {
  const host = openHost(context)
  await endBy(await startAndWait(host), 'SIGTERM')
  chmodSync(host.file, 0o666)
  const guard = await host.start()
  await untilTicks(host)
  await endBy(guard, 'SIGTERM')
  assert.equal(guard.exitCode, 0)
  assert.equal(host.reasons().filter((reason) => /records in/.test(reason)).length, 1)
})

async function startAndWait(host: RecordedHost): Promise<ChildProcess> {
  const guard = await host.start()
  await untilReason(host, /^guard \d+ records in/)
  return guard
}
