import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startLeak } from '../../lab/leaks/start.ts'
import type { WatchDocument } from '../../src/app/cli/watch/document.ts'
import { rowFixture } from '../../src/core/wire/rows.fixture.ts'
import { runWatch } from './watch-run.ts'
import type { FakeGuard } from './web-server.ts'
import { openDirectory, startFakeGuard } from './web-server.ts'

function documentsOf(stdout: string): WatchDocument[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as WatchDocument)
}

/** Counts from when there is a reader. */
function everyTick(guard: FakeGuard, act: (tick: number) => void): NodeJS.Timeout {
  let tick = 0
  return setInterval(() => {
    if (guard.server.clients() > 0 || tick > 0) act(++tick)
  }, 50)
}

test('watch --once --json confirms a real leak by its own samples, and exits with 10', async (t) => {
  const leak = await startLeak('leak-steady', { pace: 3 })
  t.after(() => leak.stop())
  const args = ['--once', '--json', '--own', '--for', '20s', '--filter', String(leak.pid)]
  const { exitCode, stdout, stderr } = await runWatch(t, args)
  const documents = documentsOf(stdout)
  assert.equal(documents.length, 1)
  const [document] = documents
  assert.equal(document?.schema, 'plimsoll.watch/1')
  assert.equal(document.from, 'own')
  assert.match(stderr, /samples by itself for 20 s \(--own was given\)/)
  const row = document.rows.find(({ pid, kind }) => pid === leak.pid && kind === 'process')
  assert.equal(row?.verdict.state, 'confirmed', JSON.stringify(row?.verdict))
  assert.equal(row.name, 'leak-steady')
  assert.equal(row.memoryKind, 'anon')
  const rate = row.verdict.rateBytesPerSec ?? 0
  const truth = leak.truth.rateBytesPerSec
  assert.ok(rate > truth / 1.5 && rate < truth * 1.5, `${rate} for ${truth}`)
  assert.match(document.sentence, /leak/)
  assert.equal(exitCode, 10)
})

test('watch --json calls a real cache that fills growing, then harmless, and never a leak', async (t) => {
  const cache = await startLeak('cache-fill', { pace: 3 })
  t.after(() => cache.stop())
  const args = ['--json', '--own', '--interval', '500ms', '--for', '30s']
  const { stdout } = await runWatch(t, [...args, '--filter', String(cache.pid)])
  const states = documentsOf(stdout).flatMap(({ rows }) =>
    rows.filter(({ pid }) => pid === cache.pid).map(({ verdict }) => verdict.state),
  )
  const told = states.filter((state, index) => state !== states[index - 1])
  assert.ok(!told.includes('confirmed'), told.join(' '))
  assert.ok(told.indexOf('growing') < told.lastIndexOf('harmless'), told.join(' '))
  assert.ok(told.includes('growing'), told.join(' '))
})

test('watch --json says what an agent says, one document a tick, and names what changed', async (t) => {
  const directory = openDirectory(t)
  const path = join(directory, 'guard.sock')
  const rows = ['one', 'two', 'three'].map((name) => rowFixture(`process:${name}`, { name }))
  const guard = await startFakeGuard(t, path, rows)
  const timer = everyTick(guard, (tick) => {
    const levelBytes = (tick + 1) << 20
    guard.tick([{ ...rows[0]!, levelBytes }], tick > 4 ? ['process:three'] : [])
  })
  t.after(() => clearInterval(timer))
  const args = ['--json', '--socket', path, '--for', '2s', '--sort', 'name', '--limit', '2']
  const { exitCode, stdout } = await runWatch(t, args)
  const documents = documentsOf(stdout)
  assert.ok(documents.length > 3, stdout.slice(0, 500))
  for (const document of documents) {
    assert.equal(document.from, 'agent')
    assert.match(document.reason, /^connected to guard 900 at /)
  }
  const last = documents.at(-1)
  assert.deepEqual(
    last?.rows.map(({ name }) => name),
    ['one', 'two'],
  )
  assert.equal(last.rowsOmitted, 0)
  assert.ok(documents[0]?.rows.length === 2 && documents[0].rowsOmitted === 1)
  assert.ok((last.rows[0]?.levelBytes ?? 0) > (documents[0].rows[0]?.levelBytes ?? 0))
  assert.equal(exitCode, 0)
})

test('watch --once takes the first tick of an agent', async (t) => {
  const path = join(openDirectory(t), 'guard.sock')
  await startFakeGuard(t, path, [rowFixture('process:one', { name: 'evil\u001b[2J' })])
  const { exitCode, stdout, stderr } = await runWatch(t, ['--once', '--socket', path])
  assert.match(stdout, /^Nothing leaks(?: so far)?; 214 processes watched for /)
  assert.match(stdout, /^ – steady {4}evil\\x1b\[2J 4121 /m)
  assert.equal(stderr, '')
  assert.equal(exitCode, 0)
})

test('a filter that nothing matches is named, and leaves no verdict', async (t) => {
  const path = join(openDirectory(t), 'guard.sock')
  await startFakeGuard(t, path, [rowFixture('process:one', { name: 'shop-api' })])
  const run = (words: string) => runWatch(t, ['--once', '--socket', path, '--filter', words])
  const { exitCode, stderr } = await run('shop-apo')
  assert.equal(stderr, 'plimsoll watch found nothing that matches "shop-apo"\n')
  assert.equal(exitCode, 11)
  for (const words of ['shop-api', 'shop-api leaks']) {
    const passed = await run(words)
    assert.deepEqual([passed.exitCode, passed.stderr], [0, ''])
  }
})

test('an agent that is lost leaves no verdict', async (t) => {
  const path = join(openDirectory(t), 'guard.sock')
  const guard = await startFakeGuard(t, path, [rowFixture('process:one')])
  const timer = everyTick(guard, (tick) => {
    if (tick === 5) void guard.server.stop()
  })
  t.after(() => clearInterval(timer))
  const { exitCode, stdout } = await runWatch(t, ['--once', '--socket', path, '--for', '4s'])
  assert.match(stdout, /^As of \d\d:\d\d:\d\d: Nothing leaks/)
  assert.match(stdout, /^DISCONNECTED/m)
  assert.equal(exitCode, 11)
})

test('an agent that was named and is not there is unavailable, and no table is printed', async (t) => {
  const path = join(openDirectory(t), 'absent.sock')
  const args = ['--once', '--socket', path, '--for', '300ms']
  const { exitCode, stdout, stderr } = await runWatch(t, args)
  assert.equal(stdout, '')
  assert.match(stderr, /no guard listens on \/tmp.*\nPLM_SOCKET/)
  assert.equal(exitCode, 69)
})

test('a leak that is excepted is shown and lets a script pass', async (t) => {
  const path = join(openDirectory(t), 'guard.sock')
  const plain = rowFixture('process:one', { name: 'shop-api' })
  const verdict = { ...plain.verdict, state: 'confirmed', reason: 'rises-steadily' } as const
  await startFakeGuard(t, path, [{ ...plain, verdict }, rowFixture('process:two')])
  const args = ['--once', '--socket', path]
  assert.equal((await runWatch(t, args)).exitCode, 10)
  const table = await runWatch(t, [...args, '--except', 'nothing-like-it', '--except', 'shop-api'])
  assert.match(table.stdout, /^Nothing leaks.*; 1 leak is excepted\n/)
  assert.match(table.stdout, /▲ leaks +shop-api 4121.*\n +excepted: it rises steadily/)
  assert.doesNotMatch(table.stdout, /^next:/m)
  assert.equal(table.exitCode, 0)
  const { stdout } = await runWatch(t, [...args, '--json', '--except', 'shop-api'])
  const [document] = documentsOf(stdout)
  assert.match(document?.sentence ?? '', /^Nothing leaks/)
  assert.deepEqual(
    document?.rows.map(({ excepted }) => excepted),
    [true, false],
  )
  assert.equal(document?.states.confirmed, 1)
  assert.equal((await runWatch(t, [...args, '--except', ' '])).exitCode, 2)
})

test('a leak too young to be confirmed is named, and leaves no verdict', async (t) => {
  const leak = await startLeak('leak-steady', {})
  t.after(() => leak.stop())
  const { exitCode, stdout, stderr } = await runWatch(t, [
    '--once',
    '--json',
    '--own',
    '--for',
    '7s',
  ])
  const [document] = documentsOf(stdout)
  const row = document?.rows.find(({ pid, kind }) => pid === leak.pid && kind === 'process')
  assert.equal(row?.verdict.state, 'growing', JSON.stringify(row?.verdict))
  assert.match(document?.sentence ?? '', / grow|leak/)
  assert.doesNotMatch(document?.sentence ?? '', /^Nothing leaks/)
  // Another program of this machine may leak meanwhile.
  assert.ok(exitCode === 11 || exitCode === 10, `${exitCode}`)
  if (exitCode === 11) assert.match(stderr, /--for 60s watches longer/)
})

test('too few own samples give no verdict', async (t) => {
  const { exitCode, stdout } = await runWatch(t, ['--once', '--own', '--for', '700ms'])
  assert.match(stdout, /^Too early to say; \d+ processes watched for \d s/)
  assert.equal(exitCode, 11)
})

test('a wrong option is refused with what was expected', async (t) => {
  const { exitCode, stderr } = await runWatch(t, ['--once', '--interval', 'fast'])
  assert.match(stderr, /--interval expects a duration such as 500ms/)
  assert.equal(exitCode, 2)
})
