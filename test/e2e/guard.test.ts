import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { connectGuard } from '../../src/io/guard/link.ts'
import { buildOnce, until } from './agent-run.ts'

interface RunningGuard {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly stderr: () => string
}

function openDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-guard-'))
  context.after(() => rmSync(directory, { recursive: true }))
  return directory
}

async function startGuard(
  context: TestContext,
  directory: string,
  settings: unknown,
  flags: readonly string[] = [],
): Promise<RunningGuard> {
  const file = join(directory, 'guard.json')
  writeFileSync(file, JSON.stringify(settings))
  const program = join(await buildOnce(), 'guard.cjs')
  const child = spawn(process.execPath, [...flags, program, '--settings', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  context.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended, stderr: () => stderr }
}

function settingsIn(directory: string) {
  return {
    socketPath: join(directory, 'run/guard.sock'),
    stateFile: join(directory, 'state'),
    recorder: { file: join(directory, 'recorder.ring'), bytes: 1_048_576, kmsg: '/dev/kmsg' },
    intervalMs: 500,
  }
}

async function untilTicks(path: string, count: number): Promise<void> {
  let ticks = 0
  const link = connectGuard(path, { onTick: () => ticks++ }, { firstWaitMs: 20, lastWaitMs: 100 })
  try {
    await until(`${count} ticks`, () => (ticks >= count ? true : undefined))
  } finally {
    link.stop()
  }
}

/** Each costs memory or opens a way out. What node:net itself loads, child_process too, cannot be left. */
const NOT_IN_A_GUARD: readonly string[] = [
  ...['http', 'https', 'http2', 'tls', 'inspector', 'readline', 'repl', 'sqlite', 'worker_threads'],
  ...['zlib', 'internal/deps/undici/undici', 'internal/crypto/webcrypto'],
]

test('a guard loads nothing that it does not need', async (context) => {
  const directory = openDirectory(context)
  const list = join(directory, 'modules.json')
  const hook = join(directory, 'hook.cjs')
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
  )
  const settings = settingsIn(directory)
  const guard = await startGuard(context, directory, settings, ['--require', hook])
  await untilTicks(settings.socketPath, 3)
  guard.child.kill('SIGTERM')
  assert.equal(await guard.ended, 0)
  const modules = JSON.parse(readFileSync(list, 'utf8')) as string[]
  assert.ok(modules.some((name) => name.includes('NativeModule net')))
  assert.deepEqual(
    NOT_IN_A_GUARD.filter((name) => modules.includes(`NativeModule ${name}`)),
    [],
  )
})

test('a guard that is ended saves its state and removes its socket', async (context) => {
  const directory = openDirectory(context)
  const settings = settingsIn(directory)
  const guard = await startGuard(context, directory, settings)
  await untilTicks(settings.socketPath, 1)
  guard.child.kill('SIGTERM')
  assert.equal(await guard.ended, 0)
  assert.equal(existsSync(settings.socketPath), false)
  assert.match(
    guard.stderr(),
    /"code":"PLM_STARTED","message":"guard \d+ watches; 0 series resumed"/,
  )

  const next = await startGuard(context, directory, settings)
  await untilTicks(settings.socketPath, 1)
  assert.match(next.stderr(), /"message":"guard \d+ watches; [1-9]\d* series resumed"/)
})

test('a second guard is refused', async (context) => {
  const directory = openDirectory(context)
  const settings = settingsIn(directory)
  await startGuard(context, directory, settings)
  await untilTicks(settings.socketPath, 1)
  const second = await startGuard(context, directory, settings)
  assert.equal(await second.ended, 69)
  assert.match(
    second.stderr(),
    /^<3>\{"code":"PLM_SOCKET","message":"cannot listen on .*another process/,
  )
})

for (const [what, settings, code, complaint] of [
  ['no object', 3, 2, /"code":"PLM_CONFIG"/],
  ['no socket', {}, 2, /"code":"PLM_CONFIG"/],
] as const) {
  test(`settings with ${what} are refused`, async (context) => {
    const guard = await startGuard(context, openDirectory(context), settings)
    assert.equal(await guard.ended, code)
    assert.match(guard.stderr(), complaint)
  })
}
