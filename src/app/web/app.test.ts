import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HELLO_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import { createSnapshot } from '../../core/wire/snapshot.ts'
import { openHistory } from '../../io/history/history.ts'
import { createApp } from './app.ts'
import { createHub } from './hub.ts'
import { createSessions } from './sessions.ts'
import type { GuardView } from './watch-guard.ts'

const TOKEN = 'a-token-for-the-scraper'

function guardFixture(): GuardView {
  const snapshot = createSnapshot()
  snapshot.rows.set('process:1:1', rowFixture('process:1:1', { name: 'shop' }))
  return {
    snapshot,
    hello: HELLO_FIXTURE,
    state: null,
    status: { connected: true, sinceWallMs: 0, reason: 'connected to guard 900' },
    tickAtMs: 0,
    version: 1,
    touch() {},
    inspect() {},
    stop() {},
  }
}

/** The routes as they are beyond loopback, and a way to ask them. */
function openApp(hasPublicView: boolean) {
  const tokens: string[] = []
  const app = createApp({
    version: '0.0.0',
    guard: guardFixture(),
    history: openHistory({ path: null, nowMs: () => 0, onTrouble: assert.fail }),
    kernelLog: () => ({ path: null, isRead: false, reason: 'it is not asked for', hint: '' }),
    notifyCounts: [],
    hub: createHub(),
    sessions: createSessions(
      { load: () => new Map(), save() {} },
      (token) => tokens.push(token),
      assert.fail,
    ),
    loginCommand: "cat '/run/a<b>/login'",
    cookie: { name: 'plimsoll_1', isSecure: false },
    files: new Map(),
    allowedHosts: [],
    hasPublicView,
    metricsToken: TOKEN,
    procRoot: '/proc',
    nowMs: () => 0,
    makeEvent: () => assert.fail(),
    onBug: (error) => assert.fail(String(error)),
  })
  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await app.request(path, { headers: { host: 'localhost:1', ...headers } })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return { ask, tokens }
}

test('beyond loopback a visitor sees nothing of the host; a session and the token open it', async () => {
  const { ask, tokens } = openApp(false)
  for (const path of ['/api/v1/snapshot', '/api/v1/events', '/metrics']) {
    const refused = await ask(path)
    assert.equal(refused.status, 401, path)
    assert.doesNotMatch(refused.text, /shop/)
  }
  const session = JSON.parse((await ask('/api/v1/session')).text)
  assert.deepEqual([session.access, session.hello], ['none', null])
  assert.equal((await ask('/healthz')).status, 200)

  assert.match((await ask('/metrics', { authorization: `Bearer ${TOKEN}` })).text, /name="shop"/)
  const opened = await ask(`/login?token=${tokens[0]}`)
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  assert.match((await ask('/api/v1/snapshot', { cookie })).text, /"access":"full".*shop/)
  assert.match((await ask('/metrics', { cookie })).text, /subject_leak_state.*shop/)
})

test('a used address tells a person at a browser, and a program, where the next one is', async () => {
  const { ask } = openApp(true)
  const page = await ask('/login?token=old', {
    accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  })
  assert.equal(page.status, 401)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(page.text, /<pre>cat &#39;\/run\/a&lt;b&gt;\/login&#39;<\/pre>/)
  const document = await ask('/login?token=old', { accept: '*/*' })
  assert.equal(document.status, 401)
  assert.match(JSON.parse(document.text).hint, /^`cat '\/run\/a<b>\/login'` shows/)
  assert.equal(
    JSON.parse((await ask('/api/v1/session')).text).loginCommand,
    "cat '/run/a<b>/login'",
  )
})

test('on loopback a visitor sees names and sizes; a wrong token is told, not answered with less', async () => {
  const { ask } = openApp(true)
  assert.match((await ask('/api/v1/snapshot')).text, /"access":"public".*shop/)
  assert.match((await ask('/metrics')).text, /name="shop"/)
  const wrong = await ask('/metrics', { authorization: `Bearer ${TOKEN}x` })
  assert.equal(wrong.status, 401)
  assert.equal((await ask('/metrics', { authorization: 'Bearer' })).status, 401)
  assert.match(wrong.text, /metrics_token/)
})
