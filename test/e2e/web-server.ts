/** @module For the tests of the web process: a guard's socket with made rows, and the real process. */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildSync } from 'esbuild'
import type { StateBody, SubjectRow } from '../../src/core/wire/records.ts'
import { HELLO_FIXTURE, HOST_FIXTURE, rowFixture } from '../../src/core/wire/rows.fixture.ts'
import type { GuardServer } from '../../src/io/guard/serve.ts'
import { serveGuard } from '../../src/io/guard/serve.ts'
import type { Answer, Asked } from './raw-http.ts'
import { ask } from './raw-http.ts'

export const IS_ROOT = process.getuid?.() === 0
/** `nogroup` on Debian: the group of a web process that root started for a test. */
export const NOBODY = 65_534

/** What is asked for again and again is there by then, or never. */
const UNTIL_MS = 30_000

export const STATE_FIXTURE: StateBody = {
  startedWallMs: 1_790_000_000_000,
  rssBytes: 50_000_000,
  cpuSec: 1.5,
  series: 3,
  seriesDropped: 0,
  framesDropped: 2,
  resumedSeries: 0,
  missing: [],
  console: null,
  errors: { PLM_CLIENT: 2 },
}

export interface FakeGuard {
  readonly path: string
  readonly server: GuardServer
  /** Publishes one tick with these rows changed. */
  readonly tick: (rows: readonly SubjectRow[], gone?: readonly string[]) => void
  readonly inspected: string[]
}

/** A test's context, or whatever else ends what was started. */
export interface Cleanup {
  after(end: () => unknown): void
}

/** Below /tmp and open to others where root runs the test, since the web process is nobody then. */
export function openDirectory(context: Cleanup): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-web-'))
  chmodSync(directory, IS_ROOT ? 0o755 : 0o700)
  context.after(() => rmSync(directory, { recursive: true }))
  return directory
}

export async function startFakeGuard(
  context: Cleanup,
  path: string,
  rows: readonly SubjectRow[],
): Promise<FakeGuard> {
  const all = new Map(rows.map((row) => [row.id, row]))
  const inspected: string[] = []
  let tick = 1
  const server = await serveGuard(
    { path, ...(IS_ROOT ? { gid: NOBODY } : {}) },
    {
      hello: () => HELLO_FIXTURE,
      readFull: () => ({ tick, full: true, host: HOST_FIXTURE, rows: [...all.values()], gone: [] }),
      readState: () => STATE_FIXTURE,
      onInspect: (id) => inspected.push(id),
      onFault: (reason) => assert.fail(reason),
    },
  )
  context.after(() => server.stop())
  return {
    path,
    server,
    inspected,
    tick(changed, gone = []) {
      tick++
      for (const row of changed) all.set(row.id, row)
      for (const id of gone) all.delete(id)
      server.publishTick({ tick, full: false, host: HOST_FIXTURE, rows: changed, gone })
    },
  }
}

let bundle: string | undefined

/** The process as it is shipped: one file, that no user needs the sources for. */
function buildWeb(): string {
  if (bundle === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-web-build-'))
    chmodSync(directory, 0o755)
    process.on('exit', () => rmSync(directory, { recursive: true }))
    bundle = join(directory, 'web.cjs')
    buildSync({
      entryPoints: ['src/app/web/main.ts'],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      logLevel: 'warning',
    })
  }
  return bundle
}

function writeDashboard(directory: string): string {
  const uiDir = join(directory, 'ui')
  mkdirSync(uiDir)
  writeFileSync(join(uiDir, 'index.html'), '<!doctype html><title>Plimsoll</title>\n')
  writeFileSync(join(uiDir, 'app.js'), `// ${'long '.repeat(200)}\n`)
  writeFileSync(join(uiDir, 'font-AB12CD34.woff2'), 'font')
  return uiDir
}

/** Of WebSettings; wrong ones too. */
export type GivenSettings = Readonly<Record<string, unknown>>

/** What every test gives the process, in a directory of its own. */
export function testSettings(directory: string, changed: GivenSettings = {}): GivenSettings {
  return {
    stateDir: join(directory, 'state'),
    guardSocket: join(directory, 'run', 'guard.sock'),
    loginFile: join(directory, 'login'),
    historyFile: join(directory, 'history', 'history.db'),
    guardGid: IS_ROOT ? NOBODY : null,
    ...changed,
  }
}

export function spawnWeb(directory: string, settings: GivenSettings): ChildProcess {
  const file = join(directory, 'web.json')
  writeFileSync(file, JSON.stringify(settings))
  return spawn(process.execPath, [buildWeb(), '--settings', file], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

export interface RunningWeb {
  readonly child: ChildProcess
  readonly url: string
  readonly loginFile: string
  readonly directory: string
  /** What it wrote to stderr until now. */
  readonly log: () => string
  readonly ask: (path: string, asked?: Asked) => Promise<Answer>
  /** Uses the one-time address; all that `ask` sends afterwards has the cookie. */
  readonly login: () => Promise<string>
  /** Asks again and again until the answer is as wanted. */
  readonly until: (path: string, isWanted: (answer: Answer) => boolean) => Promise<Answer>
}

/** Starts the process and resolves once it says that it listens. */
export async function startWeb(
  context: Cleanup,
  changed: GivenSettings = {},
  directory = openDirectory(context),
): Promise<RunningWeb> {
  const uiDir = changed.uiDir ?? writeDashboard(directory)
  const settings = testSettings(directory, { uiDir, ...changed })
  const child = spawnWeb(directory, settings)
  const ended = once(child, 'exit')
  context.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const log: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text))
  assert.ok(child.stdout)
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => assert.fail('the web process ended before it listened')),
  ])) as [string]
  const { listening: url, loginFile } = JSON.parse(line) as { listening: string; loginFile: string }
  let cookie: string | undefined
  const askHere = (path: string, asked: Asked = {}): Promise<Answer> =>
    ask(url, path, { ...asked, headers: { ...(cookie ? { cookie } : {}), ...asked.headers } })
  return {
    child,
    url,
    loginFile,
    directory,
    log: () => log.join(''),
    ask: askHere,
    async login() {
      const address = new URL(readFileSync(loginFile, 'utf8'))
      const answer = await ask(url, address.pathname + address.search)
      assert.equal(answer.status, 200)
      cookie = answer.headers['set-cookie']?.[0]?.split(';')[0]
      assert.ok(cookie)
      return cookie
    },
    async until(path, isWanted) {
      const deadline = AbortSignal.timeout(UNTIL_MS)
      for (;;) {
        const answer = await askHere(path)
        if (isWanted(answer)) return answer
        deadline.throwIfAborted()
      }
    },
  }
}

/** A web process that knows these rows, with a session. */
export async function startWatching(
  context: Cleanup,
  rows: readonly SubjectRow[] = [rowFixture('process:1:1')],
  changed: GivenSettings = {},
): Promise<{ web: RunningWeb; guard: FakeGuard }> {
  const directory = openDirectory(context)
  const path = join(directory, 'run', 'guard.sock')
  const guard = await startFakeGuard(context, path, rows)
  const web = await startWeb(context, changed, directory)
  await web.login()
  await web.until('/healthz', (answer) => answer.status === 200)
  return { web, guard }
}
