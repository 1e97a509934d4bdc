import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { StateBody } from '../../../core/wire/records.ts'
import { HELLO_FIXTURE, HOST_FIXTURE, rowFixture } from '../../../core/wire/rows.fixture.ts'
import type { GuardServer } from '../../../io/guard/serve.ts'
import { serveGuard } from '../../../io/guard/serve.ts'
import { openAgentSource } from './agent-source.ts'
import type { WatchSnapshot } from './source.ts'

const STATE: StateBody = {
  startedWallMs: 1_700_000_000_000,
  rssBytes: 1,
  cpuSec: 1,
  series: 1,
  seriesDropped: 0,
  framesDropped: 0,
  resumedSeries: 0,
  missing: [{ what: 'slab caches', why: 'needs root' }],
  console: null,
  errors: {},
}
const EMPTY = rowFixture('service:x', { kind: 'service', processes: 0 })

async function startGuard(
  t: TestContext,
  onInspect: (id: string) => void,
): Promise<[string, GuardServer]> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-watch-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'guard.sock')
  const server = await serveGuard(
    { path },
    {
      hello: () => ({ ...HELLO_FIXTURE, intervalMs: 10 }),
      readFull: () => ({
        tick: 1,
        full: true,
        host: HOST_FIXTURE,
        rows: [rowFixture('process:a'), EMPTY],
        gone: [],
      }),
      readState: () => STATE,
      onInspect,
      onFault: (reason) => assert.fail(reason),
    },
  )
  return [path, server]
}

/** Waits for the snapshot that is as wanted. */
function collect(): {
  onSnapshot: (snapshot: WatchSnapshot) => void
  until: (isWanted: (snapshot: WatchSnapshot) => boolean) => Promise<WatchSnapshot>
} {
  let check: (snapshot: WatchSnapshot) => void = () => {}
  return {
    onSnapshot: (snapshot) => check(snapshot),
    until: (isWanted) =>
      new Promise((resolve) => {
        check = (snapshot) => {
          if (isWanted(snapshot)) resolve(snapshot)
        }
      }),
  }
}

const LIMIT = { timeout: 20_000 }

test(
  "an agent's ticks are snapshots; it goes silent, comes back and goes away",
  LIMIT,
  async (t) => {
    let isInspected: (id: string) => void = () => {}
    const inspected = new Promise<string>((resolve) => {
      isInspected = resolve
    })
    const [path, server] = await startGuard(t, (id) => isInspected(id))
    const { onSnapshot, until } = collect()
    const source = openAgentSource(path, { onSnapshot, onEvent: () => {} }, 30)
    t.after(() => source.stop())
    const whole = await until(({ ticks, missing }) => ticks === 1 && missing.length > 0)
    assert.equal(whole.connected, true)
    assert.equal(whole.hostName, HELLO_FIXTURE.hostName)
    assert.equal(whole.sinceWallMs, STATE.startedWallMs)
    assert.deepEqual(
      whole.rows.map(({ id }) => id),
      ['process:a'],
    )
    assert.equal((await source.first).connected, true)

    // Its interval is 10 ms; it may miss five.
    const silent = await until(({ connected }) => !connected)
    assert.match(silent.reason, /but it has gone silent$/)
    assert.equal(silent.rows.length, 1)

    const back = until(({ connected }) => connected)
    server.publishTick({ tick: 2, full: false, host: HOST_FIXTURE, rows: [], gone: ['process:a'] })
    assert.equal((await back).rows.length, 0)

    source.inspect('process:a')
    assert.equal(await inspected, 'process:a')
    const gone = until(({ connected }) => !connected)
    await server.stop()
    assert.match((await gone).reason, /the guard closed/)
  },
)

test('where no agent is the first answer says so', LIMIT, async (t) => {
  const source = openAgentSource('/nonexistent/guard.sock', {
    onSnapshot: () => {},
    onEvent: () => {},
  })
  t.after(() => source.stop())
  assert.deepEqual(await source.first, {
    connected: false,
    reason: 'no guard listens on /nonexistent/guard.sock',
  })
})
