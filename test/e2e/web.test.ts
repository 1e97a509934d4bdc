import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { test } from 'node:test'
import type { Event } from '../../src/core/wire/records.ts'
import { rowFixture } from '../../src/core/wire/rows.fixture.ts'
import { until } from './agent-run.ts'
import type { Answer } from './raw-http.ts'
import { ask, openStream } from './raw-http.ts'
import { ODD_ID, post, ROWS } from './web-rows.ts'
import {
  IS_ROOT,
  NOBODY,
  openDirectory,
  spawnWeb,
  startFakeGuard,
  startWatching,
  startWeb,
  testSettings,
} from './web-server.ts'

test('with a session the documents say everything', async (context) => {
  const { web, guard } = await startWatching(context, ROWS)
  const snapshot = (await web.ask('/api/v1/snapshot')).json() as {
    access: string
    rows: { id: string }[]
    rowsOmitted: number
  }
  assert.equal(snapshot.access, 'full')
  assert.deepEqual(new Set(snapshot.rows.map((row) => row.id)), new Set(ROWS.map((row) => row.id)))
  assert.equal(snapshot.rowsOmitted, 0)

  const odd = await web.ask(`/api/v1/subjects/${encodeURIComponent(ODD_ID)}`)
  assert.equal((odd.json() as { row: { id: string } }).row.id, ODD_ID)
  const service = (await web.ask('/api/v1/subjects/service%3Ax.service')).json() as {
    members: { name: string }[]
    cmdline: unknown
  }
  assert.deepEqual(
    service.members.map((row) => row.name),
    ['large', 'small'],
  )
  assert.equal(service.cmdline, null)
  // That goes another way than the answer.
  await until('two inspected', () => (guard.inspected.length >= 2 ? true : undefined))
  assert.deepEqual(guard.inspected, [ODD_ID, 'service:x.service'])
  const history = (await web.ask('/api/v1/subjects/process:4121:777/history?points=10')).json() as {
    schema: string
  }
  assert.equal(history.schema, 'plimsoll.history/1')
  const host = (await web.ask('/api/v1/host/history')).json() as { schema: string }
  assert.equal(host.schema, 'plimsoll.host-history/1')
})

test('the arguments of a process are those of that very process', async (context) => {
  const ticks = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[19]
  const [own, other] = [`process:${process.pid}:${ticks}`, `process:${process.pid}:1`]
  const rows = [
    rowFixture(own, { pid: process.pid, startTicks: Number(ticks) }),
    rowFixture(other, { pid: process.pid, startTicks: 1 }),
  ]
  const { web } = await startWatching(context, rows)
  const read = async (id: string) =>
    ((await web.ask(`/api/v1/subjects/${id}`)).json() as { cmdline: string[] | null }).cmdline
  const cmdline = readFileSync('/proc/self/cmdline', 'utf8')
  assert.equal((await read(own))?.join('\0'), cmdline.replace(/\0$/, ''))
  assert.equal(await read(other), null)
})

test('what cannot be answered is refused with what was expected', async (context) => {
  const { web } = await startWatching(context, ROWS)
  const history = '/api/v1/subjects/process:4121:777/history'
  for (const [path, status, message] of [
    ['/api/v1/subjects/process:1:1', 404, /no subject "process:1:1"/],
    ['/api/v1/subjects/%ff', 404, /no subject/],
    ['/api/v1/subjects/process:1:1/history', 404, /no subject/],
    [`${history}?points=abc`, 400, /^points: expected a whole number from 2 to 4000, got "abc"$/],
    [`${history}?points=-1`, 400, /^points: /],
    [`${history}?points=1e9`, 400, /^points: /],
    [`${history}?fromMs=10&toMs=10`, 400, /^fromMs: expected less than toMs 10, got 10$/],
    ['/api/v1/host/history?toMs=', 400, /^toMs: /],
    ['/api/v1/events?kind=nonsense', 400, /^kind: expected one of verdict, .* got "nonsense"$/],
    ['/api/v1/events?limit=0', 400, /^limit: /],
    [`/api/v1/events?subject=${'x'.repeat(5000)}`, 400, /^subject: /],
    ['/api/v1/nothing', 404, /there is no \/api\/v1\/nothing/],
    ['/missing.js', 404, /there is no/],
    ['/../../etc/passwd.txt', 404, /there is no/],
    ['/%2e%2e/%2e%2e/etc/passwd.txt', 404, /there is no/],
  ] as const) {
    const answer = await web.ask(path)
    assert.equal(answer.status, status, path)
    const document = answer.json() as { schema: string; message: string; hint: string }
    assert.equal(document.schema, 'plimsoll.error/1')
    assert.match(document.message, message)
    assert.ok(document.hint.length > 0)
  }
})

test('a request that breaks off half-way is no bug, and harms no other', async (context) => {
  const { web } = await startWatching(context, ROWS)
  const cookie = await web.login()
  const { hostname, port } = new URL(web.url)
  for (const length of ['content-length: 100', 'transfer-encoding: chunked']) {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const headers = `host: ${hostname}\r\ncookie: ${cookie}\r\norigin: http://${hostname}`
    const type = 'content-type: application/json'
    socket.write(
      `POST /api/v1/deploys HTTP/1.1\r\n${headers}\r\n${type}\r\n${length}\r\n\r\n5\r\n{"sub`,
    )
    await web.ask('/healthz')
    socket.resetAndDestroy()
    await once(socket, 'close')
  }
  assert.equal((await web.ask('/api/v1/events')).text, '{"schema":"plimsoll.events/1","events":[]}')
  assert.match(web.log(), /"code":"PLM_SOCKET","message":"connected to guard 900/)
  assert.doesNotMatch(web.log(), /PLM_INTERNAL/)
})

test('marks and deploys are told to all, kept over a restart, and shown where they belong', async (context) => {
  const { web } = await startWatching(context, ROWS)
  const cookie = await web.login()
  const stream = await openStream(web.url, cookie)
  const subject = '/api/v1/subjects/process:4121:777'
  const mark = { mark: 'muted', comment: 'known', untilWallMs: Date.now() + 3_600_000 }

  const marked = (await web.ask(`${subject}/mark`, post(web.url, mark))).json() as {
    mark: { comment: string }
  }
  assert.equal(marked.mark.comment, 'known')
  const told = await stream.until((event) => event.type === 'mark')
  assert.equal(told.body.subjectId, 'process:4121:777')
  const after = (await web.ask('/api/v1/snapshot')).json() as { marks: object[] }
  assert.deepEqual(after.marks, [told.body])

  const deploys = '/api/v1/deploys'
  const own = { subjectId: 'service:x.service', comment: 'release 7' }
  const event = (await web.ask(deploys, post(web.url, own))).json() as Record<string, unknown>
  assert.equal(event.kind, 'lifecycle')
  assert.deepEqual(event.data, { what: 'deploy', comment: 'release 7' })
  assert.deepEqual((await stream.until((each) => each.type === 'event')).body, event)
  const whole = await web.ask(deploys, post(web.url, { subjectId: null, comment: 'kernel' }))
  assert.equal(whole.status, 200)
  for (const [body, status] of [
    [{ subjectId: 'process:9:9', comment: '' }, 404],
    [{ comment: '' }, 400],
  ] as const) {
    assert.equal((await web.ask(deploys, post(web.url, body))).status, status)
  }
  const reasonsOf = async (path: string) =>
    ((await web.ask(path)).json() as { events: { reason: string }[] }).events.map((e) => e.reason)
  const both = ['deployed: kernel', 'deployed: release 7']
  assert.deepEqual(await reasonsOf('/api/v1/events?kind=lifecycle'), both)
  assert.deepEqual(await reasonsOf('/api/v1/events?subject=service:x.service'), [both[1]])
  const until = Date.now() + 1
  const span = `fromMs=${until - 60_000}&toMs=${until}`
  assert.deepEqual(
    (await reasonsOf(`/api/v1/subjects/service:x.service/history?${span}`)).sort(),
    both,
  )
  assert.deepEqual(await reasonsOf(`${subject}/history?${span}`), [both[0]])

  assert.equal((await web.ask(`${subject}/unmark`, post(web.url, {}))).status, 200)
  await stream.until((each) => each.type === 'unmark')
  stream.close()
  web.child.kill('SIGTERM')
  assert.deepEqual(await once(web.child, 'exit'), [0, null])
  assert.equal(existsSync(web.loginFile) && readFileSync(web.loginFile, 'utf8') !== '', false)
  const port = Number(new URL(web.url).port)
  const changed = { port, uiDir: join(web.directory, 'ui') }
  const again = await startWeb(context, changed, web.directory)
  const kept = await again.ask('/api/v1/events', { headers: { cookie } })
  assert.equal(kept.status, 200, 'the session is kept too')
  assert.equal((kept.json() as { events: object[] }).events.length, 2)
})

test('what happened while no web process was there is in the history of the next', async (context) => {
  const { web, guard } = await startWatching(context, ROWS)
  const event = (id: string, reason: string): Event => ({
    id,
    hostId: 'h',
    bootId: 'b',
    bootMs: 1,
    wallMs: 1_790_000_000_000,
    kind: 'verdict',
    subject: null,
    reason,
    data: {},
  })
  const reasons = ({ json }: Answer): string[] =>
    (json() as { events: readonly Event[] }).events.map(({ reason }) => reason)
  guard.server.publishEvent(event('b-1', 'seen'))
  await web.until('/api/v1/events', (answer) => reasons(answer).length === 1)
  const ended = once(web.child, 'exit')
  web.child.kill('SIGKILL')
  await ended
  guard.server.publishEvent(event('b-2', 'missed'))
  const uiDir = join(web.directory, 'ui')
  const again = await startWeb(context, { uiDir }, web.directory)
  await again.login()
  const answer = await again.until('/api/v1/events', (each) => reasons(each).length >= 2)
  assert.deepEqual(reasons(answer), ['missed', 'seen'], 'each once')
})

test('a slow reader of the stream is told to begin anew, and holds up no other', async (context) => {
  const rows = (level: number) =>
    Array.from({ length: 2_000 }, (_, index) =>
      rowFixture(`process:${index}:1`, { levelBytes: level }),
    )
  const { web, guard } = await startWatching(context, rows(0))
  const cookie = await web.login()
  const [fast, slow] = [await openStream(web.url, cookie), await openStream(web.url, cookie)]
  // 2,000 rows are more than a megabyte: far more in all than sockets and the reader's queue hold.
  for (let level = 1; level <= 24; level++) {
    guard.tick(rows(level))
    // So many come in several events, none of which holds a browser up for long.
    let got = 0
    while (got < 2_000) {
      const { body } = await fast.until(({ type }) => type === 'tick')
      const part = body.rows as { levelBytes: number }[]
      assert.ok(part.length <= 250)
      assert.ok(part.every(({ levelBytes }) => levelBytes === level))
      got += part.length
    }
    assert.equal(got, 2_000)
  }
  const resync = await slow.until(({ type }) => type === 'resync')
  assert.match(String(resync.body.reason), /fell behind/)
  guard.tick([rowFixture('process:1:1', { levelBytes: 99 })], ['process:2:1'])
  const next = await slow.until(({ type }) => type === 'tick')
  assert.deepEqual(next.body.gone, ['process:2:1'])
  fast.close()
  slow.close()
})

test('a reader that goes gives its place to another', async (context) => {
  const { web } = await startWatching(context)
  const cookie = await web.login()
  for (let asked = 0; asked < 40; asked++) {
    const headers = await web.ask('/api/v1/stream', { method: 'HEAD' })
    assert.equal(headers.status, 200, 'who asks for the headers alone takes no place')
  }
  const open = []
  for (;;) {
    const stream = await openStream(web.url, cookie)
    open.push(stream)
    if (stream.response.statusCode !== 200) break
    assert.ok(open.length <= 100, 'streams must be bounded')
  }
  assert.equal(open.at(-1)?.response.statusCode, 503)
  open[0]?.close()
  for (;;) {
    const stream = await openStream(web.url, cookie)
    open.push(stream)
    if (stream.response.statusCode === 200) break
  }
  for (const stream of open) stream.close()
})

test('health follows the guard', async (context) => {
  const directory = openDirectory(context)
  const web = await startWeb(context, {}, directory)
  const without = await web.ask('/healthz')
  assert.equal(without.status, 503)
  assert.deepEqual(without.json(), { schema: 'plimsoll.health/1', status: 'guard-disconnected' })
  const guard = await startFakeGuard(context, join(directory, 'run', 'guard.sock'), ROWS)
  await web.until('/healthz', (answer) => answer.status === 200)
  await guard.server.stop()
  await web.until('/healthz', (answer) => answer.status === 503)
})

test('metrics tell a visitor sizes, and who has the token everything', async (context) => {
  const token = 'a-token-for-the-scraper'
  const { web } = await startWatching(context, ROWS, { metricsToken: token })
  await web.until('/metrics', ({ text }) => text.includes('guard_cpu_seconds_total 1.5'))
  const open = await ask(web.url, '/metrics')
  assert.match(String(open.headers['content-type']), /^text\/plain/)
  assert.match(open.text, /^plimsoll_host_memory_bytes\{use="anon"\} 6442450944$/m)
  assert.doesNotMatch(open.text, /leak_state|x\.service|guard_cpu/)
  const wrong = await ask(web.url, '/metrics', { headers: { authorization: `Bearer ${token}x` } })
  assert.equal(wrong.status, 401, 'a wrong token is told, not answered with less')
  const headers = { authorization: `Bearer ${token}` }
  const { text } = await ask(web.url, '/metrics', { headers })
  assert.match(text, /^plimsoll_subject_leak_state\{kind="service",.*state="steady"\} 1$/m)
  assert.match(text, /name="evil\\"\\n\\\\<b>",unit="x.service"/)
  const sample = /^plimsoll_[a-z0-9_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})? [0-9.e+-]+$/
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith('# ')) assert.match(line, sample)
  }
})

test('the dashboard is served for every address of it, packed, and once', async (context) => {
  const web = await startWeb(context)
  for (const path of [
    '/',
    '/suspects',
    '/subjects/process%3A1%3A1',
    '/subjects/service%3Ax.service',
  ]) {
    const page = await web.ask(path)
    assert.equal(page.status, 200)
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
    assert.match(page.text, /<title>Plimsoll/)
  }
  const script = await web.ask('/app.js')
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(script.headers['cache-control'], 'no-cache')
  const etag = String(script.headers.etag)
  const known = await web.ask('/app.js', { headers: { 'if-none-match': `"x", W/${etag}` } })
  assert.equal(known.status, 304)
  assert.equal(known.text, '')
  const packed = await web.ask('/app.js', { headers: { 'accept-encoding': 'br, gzip' } })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  const font = await web.ask('/font-AB12CD34.woff2')
  assert.match(String(font.headers['cache-control']), /immutable/)
  assert.equal((await web.ask('/', { method: 'POST' })).status, 404)
})

test('the process has given root up', { skip: IS_ROOT ? false : 'needs root' }, async (context) => {
  const { web } = await startWatching(context)
  const status = readFileSync(`/proc/${web.child.pid}/status`, 'utf8')
  assert.match(status, new RegExp(`^Uid:\\t${NOBODY}\\t${NOBODY}\\t${NOBODY}\\t`, 'm'))
  assert.match(status, new RegExp(`^Gid:\\t${NOBODY}\\t${NOBODY}\\t${NOBODY}\\t`, 'm'))
  assert.match(status, new RegExp(`^Groups:\\t${NOBODY} $`, 'm'))
  assert.match(status, /^CapEff:\t0+$/m)
  assert.equal(statSync(join(web.directory, 'history', 'history.db')).uid, NOBODY)
  assert.equal(statSync(web.loginFile).uid, 0)
})

test('it ends with its standard input where it was told to', async (context) => {
  const web = await startWeb(context, { stopAtStdinEnd: true })
  web.child.stdin?.end()
  assert.deepEqual(await once(web.child, 'exit'), [0, null])
})

test('what keeps it from starting is said, with a code and what to do', async (context) => {
  const directory = openDirectory(context)
  const uiDir = join(directory, 'ui')
  const taken = createServer().listen(0, '127.0.0.1')
  context.after(() => taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  writeFileSync(join(directory, 'broken.pem'), 'no certificate')
  const broken = join(directory, 'broken.pem')
  for (const [changed, exit, code, message] of [
    [{ uiDir }, 2, 'PLM_CONFIG', /there is no dashboard/],
    [{ port: 'http' }, 2, 'PLM_CONFIG', /port: expected count, got "http"/],
    [{ prot: 1 }, 2, 'PLM_CONFIG', /prot: there is no such key/],
    [{ uiDir: 'src/ui', port }, 69, 'PLM_PORT', /is taken/],
    [{ uiDir: 'src/ui', tlsCertFile: broken, tlsKeyFile: broken }, 69, 'PLM_TLS', /cannot use/],
    [{ uiDir: 'src/ui', loginFile: '/proc/login' }, 77, 'PLM_PERMISSION', /cannot write/],
  ] as const) {
    const child = spawnWeb(directory, testSettings(directory, changed))
    const [said, ended] = await Promise.all([
      child.stderr ? readText(child.stderr) : '',
      once(child, 'exit'),
    ])
    assert.deepEqual(ended, [exit, null], said)
    const line = JSON.parse(said) as { code: string; message: string; hint: string }
    assert.equal(line.code, code)
    assert.match(line.message, message)
    assert.ok(line.hint.length > 0)
  }
})
