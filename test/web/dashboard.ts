/** @module The real web process with the real dashboard, before a guard that tells a made-up world. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { FixtureHost } from '../../src/core/console/hosts.fixture.ts'
import type { Event, HelloBody, StateBody } from '../../src/core/wire/records.ts'
import { HELLO_FIXTURE } from '../../src/core/wire/rows.fixture.ts'
import type { GuardServer } from '../../src/io/guard/serve.ts'
import { serveGuard } from '../../src/io/guard/serve.ts'
import { openHistory } from '../../src/io/history/history.ts'
import { writeHostTree } from '../e2e/host-tree.ts'
import type { Cleanup, RunningWeb } from '../e2e/web-server.ts'
import { IS_ROOT, NOBODY, openDirectory, STATE_FIXTURE, startWeb } from '../e2e/web-server.ts'
import type { Moment } from './world.ts'
import { worldAt } from './world.ts'

const UI_DIR = 'dist/ui'

export interface WorldOptions {
  /** The world at a moment of the wall clock. */
  readonly momentAt?: (wallMs: number) => Moment
  /** Recorded before the page is opened, one sample in `stepMs`. */
  readonly past?: { readonly lengthMs: number; readonly stepMs: number }
  readonly events?: readonly Event[]
  readonly hello?: Partial<HelloBody>
  readonly state?: Partial<StateBody>
  /** Path of what is read as /dev/kmsg. */
  readonly kernelLog?: string
  /** Whose consoles the page 'Console' starts from; this machine's where it is not given. */
  readonly host?: FixtureHost
}

export interface Dashboard {
  readonly web: RunningWeb
  readonly openedMs: number
  /** Publishes the world as of now; the next readers get all of it. */
  readonly tick: () => void
  readonly stopGuard: () => Promise<void>
  /** After it was stopped, on the same socket. */
  readonly startGuard: () => Promise<void>
  /** The one-time address, which logs in whoever opens it. */
  readonly loginAddress: () => string
}

function recordPast(file: string, options: WorldOptions, openedMs: number): void {
  // The clock goes as it did then: what waits is written when it would have been.
  let now = openedMs - (options.past?.lengthMs ?? 0)
  const history = openHistory({
    path: file,
    nowMs: () => now,
    onTrouble: (reason) => {
      throw new Error(reason)
    },
  })
  const { past, momentAt = (ms: number) => worldAt(ms, openedMs) } = options
  if (past !== undefined) {
    for (let ms = openedMs - past.lengthMs; ms < openedMs; ms += past.stepMs) {
      now = ms
      const { host, rows } = momentAt(ms)
      history.recordTick(host, rows, [])
    }
  }
  for (const event of options.events ?? []) history.recordEvent(event)
  history.close()
}

/**
 * Starts guard and web process; resolves when the first knows the second.
 * @param context ends both
 */
export async function startDashboard(
  context: Cleanup,
  options: WorldOptions = {},
): Promise<Dashboard> {
  if (!existsSync(join(UI_DIR, 'app.js'))) throw new Error('no dashboard: run `npm run build`')
  const directory = openDirectory(context)
  const path = join(directory, 'run', 'guard.sock')
  const openedMs = Date.now()
  const momentAt = options.momentAt ?? ((ms: number) => worldAt(ms, openedMs))
  const historyFile = join(directory, 'history', 'history.db')
  recordPast(historyFile, { ...options, momentAt }, openedMs)
  let tick = 1
  let told = momentAt(openedMs)
  const state: StateBody = {
    ...STATE_FIXTURE,
    startedWallMs: openedMs - (options.past?.lengthMs ?? 0),
    series: told.rows.length,
    ...options.state,
  }
  const serve = (): Promise<GuardServer> =>
    serveGuard(
      { path, ...(IS_ROOT ? { gid: NOBODY } : {}) },
      {
        hello: () => ({ ...HELLO_FIXTURE, hostName: 'shop-db1', ...options.hello }),
        readFull: () => ({ tick, full: true, host: told.host, rows: told.rows, gone: [] }),
        readState: () => state,
        onInspect: () => {},
        onFault: () => {},
      },
    )
  let server = await serve()
  context.after(() => server.stop())
  const { host, kernelLog = null } = options
  const tree = host === undefined ? {} : { procRoot: writeHostTree(join(directory, 'host'), host) }
  const settings = { uiDir: UI_DIR, historyFile, kernelLog, ...tree }
  const web = await startWeb(context, settings, directory)
  await web.until('/healthz', (answer) => answer.status === 200)
  return {
    web,
    openedMs,
    stopGuard: () => server.stop(),
    async startGuard() {
      server = await serve()
    },
    tick() {
      const before = new Map(told.rows.map((row) => [row.id, row]))
      told = momentAt(Date.now())
      tick++
      const rows = told.rows.filter((row) => row.levelBytes !== before.get(row.id)?.levelBytes)
      const here = new Set(told.rows.map((row) => row.id))
      const gone = [...before.keys()].filter((id) => !here.has(id))
      server.publishTick({ tick, full: false, host: told.host, rows, gone })
    },
    loginAddress: () => readFileSync(web.loginFile, 'utf8').trim(),
  }
}

/** Ticks once a second until the test is over. */
export function keepTicking(context: Cleanup, dashboard: Dashboard): void {
  const timer = setInterval(() => dashboard.tick(), 1_000)
  context.after(() => clearInterval(timer))
}

/** Opens the one-time address and waits for the first figures. */
export async function logIn(page: Page, dashboard: Dashboard): Promise<void> {
  await page.goto(dashboard.loginAddress())
  await page.waitForURL((url) => url.pathname === '/')
  await page.waitForSelector('[data-connection="live"]')
}
