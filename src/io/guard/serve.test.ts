import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  createGuardDecoder,
  decodeFrames,
  encodeFrame,
  MAX_FRAME_BYTES,
} from '../../core/wire/frames.ts'
import type { Event, GuardMessage, StateBody, SubjectRow } from '../../core/wire/records.ts'
import { HELLO_FIXTURE, HOST_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import type { TickChange } from '../../core/wire/snapshot.ts'
import { applySample, createSnapshot } from '../../core/wire/snapshot.ts'
import type { TickSample } from '../../core/wire/split-sample.ts'
import type { GuardLink, LinkHandlers, LinkOptions, LinkStatus } from './link.ts'
import { connectGuard } from './link.ts'
import type { GuardHandlers, GuardServer, ServeOptions } from './serve.ts'
import { serveGuard } from './serve.ts'

const STATE: StateBody = {
  startedWallMs: 1,
  rssBytes: 2,
  cpuSec: 3,
  series: 4,
  seriesDropped: 0,
  framesDropped: 0,
  resumedSeries: 0,
  missing: [],
  console: null,
  errors: {},
}

function temporaryDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-serve-'))
  chmodSync(directory, 0o700)
  context.after(() => rmSync(directory, { recursive: true }))
  return directory
}

/** A host of which every subject changes at every tick. */
interface Guard {
  readonly path: string
  readonly server: GuardServer
  readonly heard: string[]
  readonly faults: string[]
  readonly publish: () => void
  readonly rowsOf: (tick: number) => SubjectRow[]
  tick: number
}

async function startGuard(
  context: TestContext,
  options: Partial<ServeOptions> & { subjects?: number; tick?: number } = {},
): Promise<Guard> {
  const path = options.path ?? join(temporaryDirectory(context), 'run', 'guard.sock')
  const rowsOf = (tick: number): SubjectRow[] =>
    Array.from({ length: options.subjects ?? 3 }, (_, index) =>
      rowFixture(`process:${index}:1`, { levelBytes: tick * 1000 + index }),
    )
  const sampleOf = (tick: number): TickSample => {
    return { tick, full: false, host: HOST_FIXTURE, rows: rowsOf(tick), gone: [] }
  }
  const heard: string[] = []
  const faults: string[] = []
  let tick = options.tick ?? 0
  const handlers: GuardHandlers = {
    hello: () => HELLO_FIXTURE,
    readFull: () => (tick === 0 ? null : sampleOf(tick)),
    readState: () => STATE,
    onInspect: (id) => heard.push(`inspect ${id}`),
    onFault: (reason) => faults.push(reason),
  }
  const server = await serveGuard({ ...options, path }, handlers)
  context.after(() => server.stop())
  return {
    path,
    server,
    heard,
    faults,
    rowsOf,
    publish: () => server.publishTick(sampleOf(++tick)),
    get tick() {
      return tick
    },
  }
}

const EVENT: Event = {
  id: '',
  hostId: '',
  bootId: '',
  bootMs: 0,
  wallMs: 0,
  kind: 'verdict',
  subject: null,
  reason: '',
  data: {},
}

/** All that a link reported, and a promise for what it will. */
interface Reader {
  readonly link: GuardLink
  readonly statuses: LinkStatus[]
  readonly ticks: TickChange[]
  readonly lost: string[]
  readonly events: string[]
  readonly until: (condition: () => boolean) => Promise<void>
}

function startReader(context: TestContext, path: string, options: LinkOptions = {}): Reader {
  const waiting = new Set<() => void>()
  const [statuses, ticks, lost, events] = [
    [] as LinkStatus[],
    [] as TickChange[],
    [] as string[],
    [] as string[],
  ]
  const into =
    <Item>(list: Item[]) =>
    (item: Item): void => {
      list.push(item)
      for (const check of waiting) check()
    }
  const handlers: LinkHandlers = {
    onStatus: into(statuses),
    onTick: into(ticks),
    onLost: into(lost),
    onEvent: (event) => into(events)(event.id),
  }
  const link = connectGuard(path, handlers, { ...options, firstWaitMs: 1, lastWaitMs: 5 })
  context.after(() => link.stop())
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  return { link, statuses, ticks, lost, events, until }
}

function knows(reader: Reader, guard: Guard): boolean {
  const { tick, rows } = reader.link.snapshot
  return tick === guard.tick && rows.get('process:0:1')?.levelBytes === guard.tick * 1000
}

function frameOf(message: Parameters<typeof encodeFrame>[0]): Uint8Array {
  const into = new Uint8Array(MAX_FRAME_BYTES)
  const written = encodeFrame(message, into)
  assert.ok(written.ok)
  return into.slice(0, written.value)
}

const SUBSCRIBE = frameOf({ type: 'subscribe', body: { protocol: 1, keepsEvents: false } })

async function connectRaw(context: TestContext, path: string): Promise<Socket> {
  const socket = connect(path)
  context.after(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Lets the event loop turn until `condition` holds. */
async function turnUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn()
}

test('a reader gets everything at once and then what changes', async (context) => {
  const guard = await startGuard(context, { tick: 5 })
  const reader = startReader(context, guard.path)
  await reader.until(() => reader.ticks.length === 1)
  assert.deepEqual([...reader.link.snapshot.rows.values()], guard.rowsOf(5))
  guard.publish()
  await reader.until(() => reader.ticks.length === 2)
  assert.deepEqual(
    reader.ticks.map(({ tick, full }) => [tick, full]),
    [
      [5, true],
      [6, false],
    ],
  )
  assert.deepEqual([...reader.link.snapshot.rows.values()], guard.rowsOf(6))
})

test('before the first tick there is nothing, and the first is everything', async (context) => {
  const guard = await startGuard(context)
  const reader = startReader(context, guard.path)
  await reader.until(() => reader.statuses.length === 1)
  assert.equal(reader.statuses[0]?.reason, `connected to guard 900 at ${guard.path}`)
  reader.link.inspect('process:1:1')
  await turnUntil(() => guard.heard.length === 1)
  guard.publish()
  await reader.until(() => reader.ticks.length === 1)
  assert.equal(reader.ticks[0]?.full, true)
})

test('the guard hears inspect', async (context) => {
  const guard = await startGuard(context)
  const reader = startReader(context, guard.path)
  await reader.until(() => reader.statuses.length === 1)
  reader.link.inspect('process:7:7')
  await turnUntil(() => guard.heard.length === 1)
  assert.deepEqual(guard.heard, ['inspect process:7:7'])
})

test('what was told while nobody kept it is told to the next who does, and to no other', async (context) => {
  const guard = await startGuard(context, { tick: 1 })
  const tell = (id: number) => guard.server.publishEvent({ ...EVENT, id: `b-${id}` })
  for (let id = 1; id <= 70; id++) tell(id)
  const other = startReader(context, guard.path)
  await other.until(() => other.ticks.length === 1)
  const keeper = startReader(context, guard.path, { keepsEvents: true })
  await keeper.until(() => keeper.events.length === 64)
  assert.deepEqual([keeper.events[0], keeper.events.at(-1)], ['b-7', 'b-70'], 'the newest')
  keeper.link.acknowledge('b-68')
  tell(71)
  await keeper.until(() => keeper.events.length === 65)
  await other.until(() => other.events.length === 1)
  assert.deepEqual(other.events, ['b-71'])
  keeper.link.acknowledge('b-1')
  keeper.link.inspect('what comes after these is heard after these')
  await turnUntil(() => guard.heard.length === 1)
  keeper.link.stop()
  const next = startReader(context, guard.path, { keepsEvents: true })
  await next.until(() => next.events.length === 3)
  assert.deepEqual(next.events, ['b-69', 'b-70', 'b-71'])
})

test('two readers see the same, and events come in their order', async (context) => {
  const guard = await startGuard(context, { tick: 1 })
  const readers = [startReader(context, guard.path), startReader(context, guard.path)]
  await Promise.all(readers.map((reader) => reader.until(() => reader.ticks.length === 1)))
  for (const id of ['a-1', 'a-2', 'a-3']) {
    guard.server.publishEvent({ ...EVENT, id })
    guard.publish()
  }
  for (const reader of readers) {
    await reader.until(() => knows(reader, guard))
    assert.deepEqual(reader.events, ['a-1', 'a-2', 'a-3'])
  }
})

test('2,000 subjects that all change reach a reader, tick by tick', async (context) => {
  const guard = await startGuard(context, { tick: 1, subjects: 2000 })
  const reader = startReader(context, guard.path)
  for (let i = 0; i < 5; i++) {
    await reader.until(() => knows(reader, guard))
    guard.publish()
  }
  await reader.until(() => knows(reader, guard))
  assert.equal(reader.link.snapshot.rows.size, 2000)
  assert.deepEqual(reader.lost, [])
  assert.equal(guard.server.counts.framesDropped, 0)
})

test('a reader that stands still costs the guard nothing and later sees all anew', async (context) => {
  const guard = await startGuard(context, { tick: 1, subjects: 2000 })
  const socket = await connectRaw(context, guard.path)
  socket.write(SUBSCRIBE)
  socket.pause()
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 25; i++) {
    guard.publish()
    await nextTurn()
  }
  // 25 ticks are 40 MB of frames.
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 * 1024 * 1024)
  assert.ok(guard.server.counts.framesDropped > 500)

  const decoder = createGuardDecoder()
  const snapshot = createSnapshot()
  const ticks: number[] = []
  socket.on('data', (chunk) => {
    for (const message of decodeFrames(decoder, chunk)) {
      if (message.type !== 'sample') continue
      const outcome = applySample(snapshot, message.body)
      assert.notEqual(outcome.kind, 'lost', 'ticks are left out whole')
      if (outcome.kind === 'complete') ticks.push(outcome.change.tick)
    }
  })
  socket.resume()
  await turnUntil(() => snapshot.tick === guard.tick)
  assert.equal(decoder.fault, null)
  assert.equal(ticks.length, 2, 'the tick that it stood still in, and the last')
  assert.deepEqual([...snapshot.rows.values()], guard.rowsOf(26))
  guard.publish()
  await turnUntil(() => snapshot.tick === 27)
})

test('who takes nothing for long, or never subscribes, gives up the place', async (context) => {
  const guard = await startGuard(context, { tick: 1, subjects: 2000 })
  const stuck = await connectRaw(context, guard.path)
  stuck.write(SUBSCRIBE)
  stuck.pause()
  const silent = await connectRaw(context, guard.path)
  silent.resume()
  await turnUntil(() => guard.server.clients() === 2)
  while (guard.server.clients() > 0) {
    guard.publish()
    await nextTurn()
    assert.ok(guard.tick < 50, 'given up in time')
  }
  assert.equal(guard.faults.filter((fault) => /took nothing for 30 ticks/.test(fault)).length, 2)
  const reader = startReader(context, guard.path)
  await reader.until(() => knows(reader, guard))
})

for (const [what, bytes, reason] of [
  ['garbage', Buffer.from('\x07\0\0\0garbage', 'latin1'), /got type 103/],
  ['an oversized frame', Buffer.from([0xff, 0xff, 0xff, 0xff, 1]), /at most 65536 are allowed/],
  ['an order to kill', frameOf({ type: 'hello', body: HELLO_FIXTURE }), /expected subscribe/],
  ['a flood', Buffer.concat(Array(300).fill(SUBSCRIBE)), /more than 256 messages/],
] as const) {
  test(`${what} closes the connection and nobody else's`, async (context) => {
    const guard = await startGuard(context, { tick: 1 })
    const reader = startReader(context, guard.path)
    await reader.until(() => knows(reader, guard))
    const socket = await connectRaw(context, guard.path)
    socket.resume()
    socket.write(bytes)
    await once(socket, 'close')
    assert.equal(guard.server.counts.refused, 1)
    assert.match(guard.faults[0] ?? '', reason)
    guard.publish()
    await reader.until(() => knows(reader, guard))
    assert.equal(reader.statuses.length, 1)
  })
}

test('one reader more than there are places is turned away', async (context) => {
  const guard = await startGuard(context, { maxClients: 1, tick: 1 })
  const reader = startReader(context, guard.path)
  await reader.until(() => knows(reader, guard))
  const socket = await connectRaw(context, guard.path)
  socket.resume()
  await once(socket, 'close')
  assert.equal(guard.server.counts.refused, 1)
  reader.link.stop()
  await turnUntil(() => guard.server.clients() === 0)
  const next = startReader(context, guard.path)
  await next.until(() => knows(next, guard))
})

test('a guard that goes and comes back is found again', async (context) => {
  const path = join(temporaryDirectory(context), 'guard.sock')
  const reader = startReader(context, path)
  await reader.until(() => reader.statuses.length === 1)
  const first = await startGuard(context, { path, tick: 40 })
  await reader.until(() => knows(reader, first))
  await first.server.stop()
  await reader.until(() => reader.statuses.length === 4)
  assert.equal(reader.link.snapshot.rows.size, 3, 'what was known stays on view')
  const second = await startGuard(context, { path, tick: 2, subjects: 1 })
  await reader.until(() => knows(reader, second))
  assert.deepEqual(
    reader.statuses.map(({ reason }) => reason.replace(path, 'PATH')),
    [
      'no guard listens on PATH',
      'connected to guard 900 at PATH',
      'the guard closed PATH',
      'no guard listens on PATH',
      'connected to guard 900 at PATH',
    ],
  )
  assert.deepEqual(reader.ticks.at(-1)?.gone, ['process:1:1', 'process:2:1'])
})

test('frames lost on the way are said, and everything is asked for anew', async (context) => {
  const path = join(temporaryDirectory(context), 'guard.sock')
  const sample = (tick: number, full: boolean): Uint8Array => {
    const rows = [rowFixture('process:0:1', { levelBytes: tick * 1000 })]
    const body = { tick, part: 0, parts: 1, full, host: HOST_FIXTURE, rows, gone: [] }
    return frameOf({ type: 'sample', body })
  }
  let subscribed = 0
  const lossy = createServer((socket) => {
    socket.write(frameOf({ type: 'hello', body: HELLO_FIXTURE }))
    socket.on('error', () => {})
    socket.on('data', () => {
      subscribed++
      if (subscribed === 1) {
        // Tick 2 got lost.
        socket.write(Buffer.concat([sample(1, true), sample(3, false), sample(4, false)]))
      } else socket.write(Buffer.concat([sample(5, true), sample(6, false)]))
    })
  })
  lossy.listen(path)
  context.after(() => lossy.close())
  const reader = startReader(context, path)
  await reader.until(() => reader.ticks.length === 3)
  assert.deepEqual(reader.lost, ['expected tick 2, got 3'])
  assert.deepEqual(
    reader.ticks.map(({ tick, full }) => [tick, full]),
    [
      [1, true],
      [5, true],
      [6, false],
    ],
  )
  reader.link.stop()
})

test('a guard that speaks another protocol is named and left', async (context) => {
  const path = join(temporaryDirectory(context), 'guard.sock')
  const hello = { type: 'hello', body: { ...HELLO_FIXTURE, protocol: 2 } } as unknown
  const other = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(frameOf(hello as GuardMessage))
  })
  other.listen(path)
  context.after(() => other.close())
  const reader = startReader(context, path)
  await reader.until(() => reader.statuses.length === 1)
  assert.match(reader.statuses[0]?.reason ?? '', /hello\.protocol: expected 1, got 2/)
  reader.link.stop()
})

test('who listens and says nothing is no guard', async (context) => {
  const path = join(temporaryDirectory(context), 'guard.sock')
  const silent = createServer((socket) => socket.on('error', () => {}).resume())
  silent.listen(path)
  context.after(() => silent.close())
  const status = await new Promise<LinkStatus>((resolve) => {
    const link = connectGuard(path, { onStatus: resolve }, { helloWithinMs: 20 })
    context.after(link.stop)
  })
  assert.deepEqual(status, { connected: false, reason: `${path} says nothing` })
})

test('only owner and group may connect', async (context) => {
  const guard = await startGuard(context)
  assert.equal(lstatSync(guard.path).mode & 0o777, 0o660)
  assert.equal(lstatSync(join(guard.path, '..')).mode & 0o777, 0o700)
})

/** A socket that is bound and never removed is what kill -9 leaves. */
async function leaveDeadSocket(path: string): Promise<void> {
  const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 9))`
  await once(spawn(process.execPath, ['-e', script, path]), 'exit')
  assert.ok(existsSync(path))
}

test('what a dead guard left is replaced', async (context) => {
  const path = join(temporaryDirectory(context), 'guard.sock')
  await leaveDeadSocket(path)
  const guard = await startGuard(context, { path, tick: 1 })
  const reader = startReader(context, path)
  await reader.until(() => knows(reader, guard))
})

test('of two guards that find a dead one at the same moment, one begins', async (context) => {
  const path = join(temporaryDirectory(context), 'guard.sock')
  await leaveDeadSocket(path)
  const outcomes = await Promise.allSettled([
    startGuard(context, { path, tick: 1 }),
    startGuard(context, { path, tick: 1 }),
  ])
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  assert.deepEqual(
    refused.map(({ reason }) => reason.message),
    [`cannot listen on ${path}: another process listens there`],
  )
  const reader = startReader(context, path)
  await reader.until(() => reader.statuses.some(({ connected }) => connected))
})

test('a guard that is alive keeps its socket', async (context) => {
  const guard = await startGuard(context, { tick: 1 })
  await assert.rejects(startGuard(context, { path: guard.path }), {
    code: 'PLM_SOCKET',
    message: `cannot listen on ${guard.path}: another process listens there`,
  })
  const reader = startReader(context, guard.path)
  await reader.until(() => knows(reader, guard))
})

test('a file that is no socket, or a directory open to all, is left alone', async (context) => {
  const directory = temporaryDirectory(context)
  const path = join(directory, 'guard.sock')
  writeFileSync(path, 'precious')
  await assert.rejects(startGuard(context, { path }), { code: 'PLM_SOCKET', message: /no socket/ })
  assert.ok(existsSync(path))
  const open = join(directory, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  await assert.rejects(startGuard(context, { path: join(open, 'guard.sock') }), {
    code: 'PLM_SOCKET',
    message: /anybody may write to it/,
  })
})

test('a stopped guard leaves no file', async (context) => {
  const guard = await startGuard(context)
  await guard.server.stop()
  assert.ok(!existsSync(guard.path))
})
