import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseWebSettings } from '../../src/app/web/settings.ts'
import { openCertificate } from '../../src/app/web/tls.ts'
import { HOST_FIXTURE } from '../../src/core/wire/rows.fixture.ts'
import { ask } from './raw-http.ts'
import { post, ROWS } from './web-rows.ts'
import { openDirectory, startWatching, startWeb } from './web-server.ts'

const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0
const NEEDS_OPENSSL = { skip: HAS_OPENSSL ? false : 'the program openssl is not there' }

test('a visitor sees host totals, process names and sizes, and no more', async (context) => {
  const { web } = await startWatching(context, ROWS)
  const session = (await ask(web.url, '/api/v1/session')).json() as Record<string, unknown>
  assert.equal(session.access, 'public')
  assert.equal(session.hello, null)
  const snapshot = await ask(web.url, '/api/v1/snapshot')
  const document = snapshot.json() as { rows: object[]; host: object; guard: object }
  assert.deepEqual(document.host, HOST_FIXTURE)
  assert.deepEqual(document.rows, [
    { kind: 'process', name: 'evil"\n\\<b>', levelBytes: 900 },
    { kind: 'process', name: 'large', levelBytes: 7 },
    { kind: 'process', name: 'small', levelBytes: 5 },
  ])
  assert.doesNotMatch(snapshot.text, /verdict|4121|x\.service|guard\.sock/)
  for (const path of ['stream', 'events', 'host/history', 'subjects/process:4121:777', 'nothing']) {
    const refused = await ask(web.url, `/api/v1/${path}`)
    assert.equal(refused.status, 401, path)
    assert.equal((refused.json() as { code: string }).code, 'unauthorized')
  }
  const acting = await ask(web.url, '/api/v1/deploys', post(web.url, {}))
  assert.equal(acting.status, 401)
})

test('the one-time token opens one session and is void then', async (context) => {
  const web = await startWeb(context)
  const address = readFileSync(web.loginFile, 'utf8').trim()
  assert.equal(statSync(web.loginFile).mode & 0o777, 0o600)
  assert.ok(address.startsWith(`${web.url}/login?token=`))
  const path = address.slice(web.url.length)

  for (const refused of [
    await ask(web.url, '/login'),
    await ask(web.url, `${path}x`),
    await ask(web.url, path, { method: 'HEAD' }),
    await ask(web.url, path, { headers: { 'sec-purpose': 'prefetch;prerender' } }),
  ]) {
    assert.ok(refused.status === 401 || refused.status === 405, `${refused.status}`)
    assert.equal(refused.headers['set-cookie'], undefined)
  }
  const opened = await ask(web.url, path)
  assert.equal(opened.status, 200)
  assert.match(opened.text, /http-equiv="refresh"/)
  const [cookie = ''] = opened.headers['set-cookie'] ?? []
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) {
    assert.ok(cookie.includes(attribute), cookie)
  }
  assert.equal((await ask(web.url, path)).status, 401, 'used twice')
  assert.notEqual(readFileSync(web.loginFile, 'utf8').trim(), address)

  const headers = { cookie: cookie.split(';')[0] ?? '' }
  assert.equal((await ask(web.url, '/api/v1/events', { headers })).status, 200)
  const forged = { cookie: `${headers.cookie.slice(0, -2)}xx` }
  assert.equal((await ask(web.url, '/api/v1/events', { headers: forged })).status, 401)
  for (const site of ['cross-site', 'same-site']) {
    const elsewhere = { ...headers, 'sec-fetch-site': site }
    assert.equal((await ask(web.url, '/api/v1/events', { headers: elsewhere })).status, 401, site)
  }
})

test('a request must name this server, and every answer is marked for the browser', async (context) => {
  const web = await startWeb(context, { allowedHosts: ['Monitor.example'] })
  const { port } = new URL(web.url)
  for (const [host, status] of [
    [`localhost:${port}`, 200],
    [`[::1]:${port}`, 200],
    ['monitor.EXAMPLE', 200],
    [`evil.example:${port}`, 421],
    ['127.0.0.1.evil.example', 421],
  ] as const) {
    const answer = await web.ask('/', { headers: { host } })
    assert.equal(answer.status, status, host)
    assert.match(answer.headers['content-security-policy'] as string, /default-src 'none'/)
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal(answer.headers['referrer-policy'], 'no-referrer')
    assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin')
  }
})

test('only a POST of our own page acts', async (context) => {
  const { web } = await startWatching(context, ROWS)
  const path = '/api/v1/subjects/process:4121:777/mark'
  const mark = { mark: 'expected', comment: 'a cache', untilWallMs: null }
  const good = post(web.url, mark)
  const { port } = new URL(web.url)
  const { origin: _, ...noOrigin } = good.headers
  for (const [what, asked, status] of [
    ['GET', {}, 405],
    ['PUT', { ...good, method: 'PUT' }, 405],
    ['no Origin', { ...good, headers: noOrigin }, 403],
    ['another Origin', post(web.url, mark, { origin: 'https://evil.example' }), 403],
    ['another port', post(web.url, mark, { origin: `http://127.0.0.1:${Number(port) + 1}` }), 403],
    ['null Origin', post(web.url, mark, { origin: 'null' }), 403],
    ['cross-site', post(web.url, mark, { 'sec-fetch-site': 'cross-site' }), 401],
    ['typed by hand', post(web.url, mark, { 'sec-fetch-site': 'none' }), 403],
    ['a form', post(web.url, mark, { 'content-type': 'text/plain' }), 403],
    ['not JSON', { ...good, body: '{' }, 400],
    ['a list', { ...good, body: '[]' }, 400],
    ['another word', post(web.url, { ...mark, mark: 'fine' }), 400],
    ['an end before now', post(web.url, { ...mark, untilWallMs: 1 }), 400],
    ['a long comment', post(web.url, { ...mark, comment: 'x'.repeat(501) }), 400],
    ['a long body', { ...good, body: ' '.repeat(65_537) }, 413],
    [
      'a long body of unknown length',
      {
        ...good,
        headers: { ...good.headers, 'transfer-encoding': 'chunked' },
        body: ' '.repeat(65_537),
      },
      413,
    ],
  ] as const) {
    const answer = await web.ask(path, asked)
    assert.equal(answer.status, status, what)
    assert.equal((answer.json() as { schema: string }).schema, 'plimsoll.error/1', what)
  }
  const before = (await web.ask('/api/v1/snapshot')).json() as { marks: object[] }
  assert.deepEqual(before.marks, [], 'nothing was done')
  assert.equal((await web.ask('/api/v1/subjects/process:9:9/mark', good)).status, 404)
  assert.equal((await web.ask(path, good)).status, 200)
})

test('with a certificate it speaks TLS only', NEEDS_OPENSSL, async (context) => {
  const stateDir = join(openDirectory(context), 'state')
  const least = { stateDir, guardSocket: '/g', loginFile: '/l', uiDir: '/u', listen: '0.0.0.0' }
  // What it makes by itself when it listens beyond loopback.
  openCertificate(parseWebSettings(JSON.stringify(least), 'test'), ['localhost'], Date.now())
  const web = await startWeb(context, {
    tlsCertFile: join(stateDir, 'tls-cert.pem'),
    tlsKeyFile: join(stateDir, 'tls-key.pem'),
  })
  assert.match(web.url, /^https:/)
  const { port } = new URL(web.url)
  const address = new URL(readFileSync(web.loginFile, 'utf8'))
  const opened = await ask(web.url, address.pathname + address.search)
  const [cookie = ''] = opened.headers['set-cookie'] ?? []
  assert.ok(cookie.startsWith(`__Host-plimsoll_${port}=`), cookie)
  assert.match(cookie, /; Secure/)
  const headers = { cookie: cookie.split(';')[0] ?? '' }
  const deploy = post(web.url, { subjectId: null, comment: '' }, headers)
  assert.equal((await ask(web.url, '/api/v1/deploys', deploy)).status, 200)
  const plain = post(web.url.replace('https', 'http'), { subjectId: null, comment: '' }, headers)
  assert.equal((await ask(web.url, '/api/v1/deploys', plain)).status, 403)
  await assert.rejects(ask(web.url.replace('https', 'http'), '/'))
})
