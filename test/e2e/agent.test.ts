import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { VERSION } from '../../src/base/version.ts'
import type { RunningAgent, Said } from './agent-run.ts'
import {
  buildOnce,
  isAlive,
  openPlace,
  runToEnd,
  startAgent,
  until,
  untilGone,
} from './agent-run.ts'

const isDashboard = (said: Said) => said.kind === 'dashboard'
const isHost = (said: Said) => said.kind === 'host' && said.guardPid !== undefined
const isWhat = (what: string) => (said: Said) => said.what === what

interface Up {
  readonly guardPid: number
  readonly webPid: number
  readonly url: string
  readonly loginUrl: string
}

async function untilUp(agent: RunningAgent): Promise<Up> {
  const { url, loginUrl, webPid } = await agent.untilSaid('the dashboard', isDashboard)
  const { guardPid } = await agent.untilSaid('the first tick', isHost)
  return {
    guardPid: Number(guardPid),
    webPid: Number(webPid),
    url: String(url),
    loginUrl: String(loginUrl),
  }
}

/** Logs in and gives the cookie. */
async function login(loginUrl: string): Promise<string> {
  const answer = await fetch(loginUrl)
  assert.equal(answer.status, 200)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function read(url: string, cookie: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { headers: { cookie } })
  assert.equal(answer.status, 200, url)
  return (await answer.json()) as Record<string, unknown>
}

test('it says where the dashboard is and what it found; the address logs in once', async (context) => {
  const agent = await startAgent(openPlace(context))
  const { url, loginUrl, guardPid } = await untilUp(agent)
  assert.ok(agent.said.findIndex(isDashboard) < agent.said.findIndex(isHost))
  assert.match(agent.said.find(isHost)?.text ?? '', /^guard \d+ watches \d+ processes every 500 ms/)
  const cookie = await login(loginUrl)
  assert.equal((await fetch(loginUrl)).status, 401)
  const session = await until('a dashboard that reads the guard', async () => {
    const document = await read(`${url}/api/v1/session`, cookie)
    return document.hello === null ? undefined : document
  })
  assert.equal(session.access, 'full')
  assert.equal((session.hello as { pid: number }).pid, guardPid)
})

test('in the journal it names the file that holds the address, and not the token', async (context) => {
  const place = openPlace(context)
  const journal = join(place.directory, 'journal')
  const fd = openSync(journal, 'w')
  context.after(() => closeSync(fd))
  const { dev, ino } = fstatSync(fd)
  const program = join(await buildOnce(), 'cli.cjs')
  const agent = spawn(process.execPath, [program, 'agent', '--config', place.config], {
    stdio: ['ignore', fd, 'inherit'],
    env: { ...process.env, JOURNAL_STREAM: `${dev}:${ino}` },
  })
  place.agents.push(agent)
  const said = await until('the first tick', () => {
    const text = readFileSync(journal, 'utf8')
    return text.includes(' watches ') ? text : undefined
  })
  assert.match(said, /^dashboard, to log in once: the address in \/.*\/run\/login$/m)
  assert.doesNotMatch(said, /token/)
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} ends all of it and leaves nothing but its state`, async (context) => {
    const place = openPlace(context)
    const agent = await startAgent(place)
    const { guardPid, webPid } = await untilUp(agent)
    assert.equal(statSync(join(place.directory, 'run')).mode & 0o007, 0)
    assert.equal(await agent.end(signal), 0)
    assert.deepEqual([isAlive(guardPid), isAlive(webPid)], [false, false])
    assert.equal(existsSync(join(place.directory, 'run')), false)
    assert.equal(existsSync(join(place.directory, 'state/guard.state')), true)
    assert.equal(existsSync(join(place.directory, 'state/history/history.db')), true)
  })
}

test('a signal ends it while it begins, too', async (context) => {
  const place = openPlace(context)
  const agent = await startAgent(place)
  const pid = await until('a guard', () => {
    const file = join(place.directory, 'run/guard.pid')
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined
  })
  assert.equal(await agent.end('SIGTERM'), 0)
  assert.equal(isAlive(pid), false)
  assert.equal(existsSync(join(place.directory, 'run')), false)
})

test('a guard that is killed comes back with its series', async (context) => {
  const place = openPlace(context)
  const first = await startAgent(place)
  await untilUp(first)
  await first.end('SIGTERM')

  const agent = await startAgent(place)
  const { guardPid } = await untilUp(agent)
  assert.ok(Number(agent.said.find(isHost)?.resumedSeries) > 0)
  process.kill(guardPid, 'SIGKILL')
  const started = await agent.untilSaid('a new guard', isWhat('guard-started'))
  assert.notEqual(started.guardPid, guardPid)
  assert.ok(Number(started.resumedSeries) > 0)
  const told = agent.said.find((said) => said.kind === 'warning')
  assert.equal(told?.text, `guard ${guardPid} ended (SIGKILL); it is started again`)
  await agent.end('SIGTERM')
  assert.equal(isAlive(Number(started.guardPid)), false)
})

test('a web process that is killed comes back with address, sessions and history', async (context) => {
  const agent = await startAgent(openPlace(context))
  const { url, loginUrl, webPid } = await untilUp(agent)
  const cookie = await login(loginUrl)
  const history = `${url}/api/v1/host/history?fromMs=0&points=4000`
  const readTimes = async () =>
    ((await read(history, cookie)).columns as { wallMs: number[] }).wallMs
  const [oldest] = await until('a point of history', async () => {
    const times = await readTimes()
    return times.length > 0 ? times : undefined
  })

  process.kill(webPid, 'SIGKILL')
  const back = await agent.untilSaid('a new web process', isWhat('web-started'))
  assert.notEqual(back.webPid, webPid)
  assert.ok(String(back.loginUrl).startsWith(`${url}/login?token=`))
  assert.equal((await readTimes())[0], oldest)
})

test('an agent that is killed takes its web process with it; the next takes its guard over', async (context) => {
  const place = openPlace(context)
  const killed = await startAgent(place)
  const { guardPid, webPid } = await untilUp(killed)
  await killed.end('SIGKILL')
  await untilGone(webPid)
  assert.equal(isAlive(guardPid), true)

  const agent = await startAgent(place)
  assert.equal((await untilUp(agent)).guardPid, guardPid)
  assert.equal(await agent.end('SIGTERM'), 0)
  await untilGone(guardPid)
})

test('a guard whose agent was killed leaves nothing of it behind when it is ended', async (context) => {
  const place = openPlace(context)
  const killed = await startAgent(place)
  const { guardPid, webPid } = await untilUp(killed)
  await killed.end('SIGKILL')
  await untilGone(webPid)
  process.kill(guardPid, 'SIGTERM')
  await untilGone(guardPid)
  assert.deepEqual(readdirSync(join(place.directory, 'run')), [])
})

test('a guard that ran before is used, said, and left to run', async (context) => {
  const place = openPlace(context)
  const killed = await startAgent(place, ['--no-web'])
  const { guardPid } = await killed.untilSaid('the first tick', isHost)
  await killed.end('SIGKILL')
  // Nobody knows any more that an agent started it.
  const pidFile = join(place.directory, 'run/guard.pid')
  const pid = readFileSync(pidFile, 'utf8')
  writeFileSync(pidFile, '')

  const agent = await startAgent(place)
  const { url, loginUrl } = await untilUp(agent)
  const cookie = await login(loginUrl)
  await until('a dashboard that reads this guard', async () => {
    const { hello } = await read(`${url}/api/v1/session`, cookie)
    return (hello as { pid: number } | null)?.pid === guardPid ? true : undefined
  })
  assert.match(agent.said[0]?.text ?? '', new RegExp(`^guard ${guardPid} runs already and is used`))
  assert.equal(await agent.end('SIGTERM'), 0)
  assert.match(agent.said.at(-1)?.text ?? '', /ran before and goes on$/)
  assert.equal(isAlive(Number(guardPid)), true)
  writeFileSync(pidFile, pid)
})

test('without the web there is a guard alone', async (context) => {
  const agent = await startAgent(openPlace(context), ['--no-web'])
  const { guardPid } = await agent.untilSaid('the first tick', isHost)
  assert.equal(agent.said.some(isDashboard), false)
  assert.equal(await agent.end('SIGTERM'), 0)
  assert.equal(isAlive(Number(guardPid)), false)
})

test('a second agent is refused and told of the first', async (context) => {
  const place = openPlace(context)
  const agent = await startAgent(place)
  const { url } = await untilUp(agent)
  const second = await runToEnd(['agent', '--config', place.config])
  assert.equal(second.code, 69)
  assert.equal(
    second.stderr,
    `plimsoll: an agent runs here already: process ${agent.child.pid}, ${url}\nPLM_RUNNING: Use that one, or end it first.\n`,
  )
  assert.equal(second.stdout, '')
})

test('a port that is taken is named, and nothing stays', async (context) => {
  const server = createServer().listen(0, '127.0.0.1')
  context.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const place = openPlace(context)
  const refused = await runToEnd(['agent', '--config', place.config, '--port', `${port}`])
  assert.equal(refused.code, 69)
  assert.equal(
    refused.stderr,
    `plimsoll: 127.0.0.1:${port} is taken\nPLM_PORT: Choose another with --port or [web] port.\n`,
  )
  assert.equal(existsSync(join(place.directory, 'run')), false)
})

test('a runtime directory that anybody may write to is not used', async (context) => {
  const place = openPlace(context)
  const run = join(place.directory, 'run')
  mkdirSync(run)
  chmodSync(run, 0o777)
  const refused = await runToEnd(['agent', '--config', place.config])
  assert.equal(refused.code, 77)
  assert.equal(
    refused.stderr,
    `plimsoll: cannot use the directory ${run}: anybody may write to it\nPLM_PERMISSION: Set [agent] runtime_dir to a directory of your own.\n`,
  )
})

const ROOT_ONLY = { skip: process.getuid?.() === 0 ? false : 'needs root' }

test(
  'a runtime directory that shuts the web process out is not used',
  ROOT_ONLY,
  async (context) => {
    const place = openPlace(context)
    mkdirSync(join(place.directory, 'run'), { mode: 0o700 })
    const refused = await runToEnd(['agent', '--config', place.config])
    assert.equal(refused.code, 77)
    assert.match(refused.stderr, /: the web process, group \d+, may not pass through it\n/)
  },
)

test('a guard that cannot start says why, and nothing stays', async (context) => {
  const place = openPlace(context)
  mkdirSync(join(place.directory, 'run/guard.sock'), { recursive: true })
  const refused = await runToEnd(['agent', '--config', place.config])
  assert.equal(refused.code, 69)
  assert.match(
    refused.stderr,
    /^plimsoll: cannot listen on .*guard\.sock: there is a file, and it is no socket\nPLM_SOCKET: Remove it\.\n$/,
  )
  assert.deepEqual(readdirSync(join(place.directory, 'run')), ['guard.sock'])
})

test('an agent whose output nobody reads any more ends in order', async (context) => {
  const agent = await startAgent(openPlace(context))
  const { guardPid, webPid } = await untilUp(agent)
  agent.child.stdout?.destroy()
  process.kill(webPid, 'SIGKILL')
  assert.equal(await agent.ended, 0)
  await untilGone(guardPid)
})

test('a wrong configuration is told line by line, and nothing is started', async (context) => {
  const place = openPlace(context, 'web.prot = 1\nhistory.max_size = "1MB"\n')
  for (const args of [[], ['--check-config']]) {
    const refused = await runToEnd(['agent', '--config', place.config, '--port', 'x', ...args])
    assert.equal(refused.code, 2)
    const lines = refused.stderr.replaceAll(`${place.config}:`, '').split('\n')
    assert.equal(lines.length, 6)
    for (const [index, start] of [
      'plimsoll: 3 faults in the configuration, nothing was started',
      '--port: [web] port: expected a whole number from 0 to 65535, got "x"',
      '4: [web] prot: there is no such key; did you mean port?',
      '5: [history] max_size: expected a size from 8MiB to 64GiB',
      'PLM_CONFIG: docs/configuration.md lists every key with its values.',
    ].entries()) {
      assert.equal(lines[index]?.slice(0, start.length), start)
    }
    assert.equal(refused.stdout, '')
  }
  assert.equal(existsSync(join(place.directory, 'state')), false)
})

test('a right configuration is said to be fine, and nothing is started', async (context) => {
  const place = openPlace(context)
  const checked = await runToEnd(['agent', '--config', place.config, '--check-config'])
  assert.deepEqual(checked, { code: 0, stdout: `${place.config} is fine\n`, stderr: '' })
  assert.equal(existsSync(join(place.directory, 'state')), false)
})

for (const [args, code, stderr] of [
  [['agnet'], 2, /unknown command 'agnet'\n\(Did you mean agent\?\)\n.*--help/],
  [['agent', '--prot', '1'], 2, /unknown option '--prot'\n\(Did you mean --port\?\)\n.*--help/],
  [['agent', 'now'], 2, /too many arguments/],
  [[], 2, /Usage: plimsoll/],
  [['--help'], 0, /^$/],
] as const) {
  test(`plimsoll ${args.join(' ')} ends with ${code}`, async () => {
    const ended = await runToEnd(args)
    assert.equal(ended.code, code)
    assert.match(ended.stderr, stderr)
  })
}

test('bin/plimsoll runs from anywhere, also by a link', (context) => {
  const { directory } = openPlace(context)
  const link = join(directory, 'plimsoll')
  symlinkSync(resolve('bin/plimsoll'), link)
  const { status, stdout } = spawnSync(link, ['--version'], { cwd: '/', encoding: 'utf8' })
  assert.equal(status, 0)
  assert.equal(stdout, `${VERSION}\n`)
})
