import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseWebSettings } from '../../src/app/web/settings.ts'
import { openCertificate } from '../../src/app/web/tls.ts'
import type { LeakState } from '../../src/core/leak/records.ts'
import type { SubjectRow } from '../../src/core/wire/records.ts'
import { rowFixture } from '../../src/core/wire/rows.fixture.ts'
import { webhookChannel } from '../../src/io/notify/webhook.ts'
import { until } from './agent-run.ts'
import type { Hook } from './hook.ts'
import { openHook } from './hook.ts'
import { openDirectory, startFakeGuard, startWeb } from './web-server.ts'

const ID = 'process:1:1'

function leak(state: LeakState): SubjectRow {
  const plain = rowFixture(ID, { name: 'shop' })
  return { ...plain, verdict: { ...plain.verdict, state } }
}

const EVENT = {
  id: 'boot-1',
  hostId: 'h',
  bootId: 'b',
  bootMs: 1,
  wallMs: 1,
  kind: 'verdict',
  reason: 'because',
  data: {},
} as const

function untilGot(hook: Hook, count: number): Promise<true> {
  return until(`${count} notifications`, () => (hook.got.length >= count ? true : undefined))
}

test('a leak is told once, also across kills of the web process, and once when it is over', async (context) => {
  const hook = await openHook(context)
  const directory = openDirectory(context)
  const notify = { journal: false, webhooks: [{ url: hook.url }], command: null }
  const guard = await startFakeGuard(context, join(directory, 'run', 'guard.sock'), [
    leak('growing'),
  ])
  let web = await startWeb(context, { notify }, directory)
  await web.until('/healthz', (answer) => answer.status === 200)
  assert.equal(hook.got.length, 0)
  guard.tick([leak('confirmed')])
  await untilGot(hook, 1)
  assert.equal(hook.got[0]?.schema, 'plimsoll.event/1')
  assert.match(hook.got[0]?.reason ?? '', /^shop 4121 leaks/)
  assert.equal(hook.got[0]?.subject?.id, ID)
  assert.equal(hook.got[0]?.hostName, hostname())
  assert.equal(hook.got[0]?.limit?.kind, 'host')
  assert.equal(hook.got[0]?.url, `${web.url}/subjects/${encodeURIComponent(ID)}`)

  const ended = once(web.child, 'exit')
  web.child.kill('SIGKILL')
  await ended
  web = await startWeb(context, { notify, uiDir: join(directory, 'ui') }, directory)
  await web.login()
  await web.until('/healthz', (answer) => answer.status === 200)
  guard.tick([leak('confirmed')])
  guard.tick([], [ID])
  await untilGot(hook, 2)
  assert.deepEqual(
    hook.got.map(({ data }) => data.what),
    ['leak', 'leak-over'],
  )
  assert.match(hook.got[1]?.reason ?? '', /^shop 4121 leaks no more/)
  const { text } = await web.ask('/metrics')
  assert.match(text, /plimsoll_notifications_total\{channel="webhook"\} 1/)
})

test('a service of one process is told with its pid', async (context) => {
  const hook = await openHook(context)
  const directory = openDirectory(context)
  const notify = { journal: false, webhooks: [{ url: hook.url }], command: null }
  const serviceId = 'service:shop.service'
  const alone = { kind: 'service', name: 'shop.service', pid: null, startTicks: null } as const
  const service = { ...leak('confirmed'), ...alone, id: serviceId, processes: 1 }
  const rows = [service, { ...leak('growing'), serviceId }]
  await startFakeGuard(context, join(directory, 'run', 'guard.sock'), rows)
  await startWeb(context, { notify }, directory)
  await untilGot(hook, 1)
  assert.deepEqual(hook.got[0]?.subject, { ...hook.got[0]?.subject, id: serviceId, pid: 4121 })
})

test('what ended while no web process was there is told over by the next', async (context) => {
  const hook = await openHook(context)
  const directory = openDirectory(context)
  const notify = { journal: false, webhooks: [{ url: hook.url }], command: null }
  const guard = await startFakeGuard(context, join(directory, 'run', 'guard.sock'), [
    leak('confirmed'),
  ])
  const web = await startWeb(context, { notify }, directory)
  await untilGot(hook, 1)
  const ended = once(web.child, 'exit')
  web.child.kill('SIGKILL')
  await ended
  guard.tick([], [ID])
  await startWeb(context, { notify, uiDir: join(directory, 'ui') }, directory)
  await untilGot(hook, 2)
  assert.equal(hook.got[1]?.data.what, 'leak-over')
})

test('systemd finds each with its priority on standard error', async (context) => {
  process.env.JOURNAL_STREAM = '8:1'
  context.after(() => delete process.env.JOURNAL_STREAM)
  const directory = openDirectory(context)
  const guard = await startFakeGuard(context, join(directory, 'run', 'guard.sock'), [
    leak('confirmed'),
  ])
  const web = await startWeb(context, {}, directory)
  const find = (code: string) =>
    until(code, () =>
      web
        .log()
        .split('\n')
        .find((line) => line.includes(`"${code}"`)),
    )
  assert.match(await find('PLM_LEAK'), /^<4>\{.*"message":"shop 4121 leaks/)
  guard.tick([], [ID])
  assert.match(await find('PLM_LEAK_OVER'), /^<5>\{.*"message":"shop 4121 leaks no more/)
})

test('a webhook by https is called where its certificate is trusted, and else never', async (context) => {
  if (spawnSync('openssl', ['version']).status !== 0) {
    context.skip('the program openssl is not there')
    return
  }
  const directory = openDirectory(context)
  const stateDir = join(directory, 'tls')
  const needed = { stateDir, guardSocket: '/g', loginFile: '/l', uiDir: '/u', listen: '0.0.0.0' }
  const settings = parseWebSettings(JSON.stringify(needed), 'test')
  const certificate = openCertificate(settings, ['localhost'], Date.now())
  assert.ok(certificate)
  const hook = await openHook(context, certificate)

  const delivered = webhookChannel(hook.url, '1').deliver(
    {
      what: 'begun',
      name: 'shop',
      event: { ...EVENT, subject: null },
      hostName: 'db1',
      limit: null,
      url: 'http://127.0.0.1:4117/',
    },
    AbortSignal.timeout(20_000),
  )
  await assert.rejects(delivered, /self-signed certificate/)
  assert.equal(hook.got.length, 0)

  const trusted = join(directory, 'ca.pem')
  writeFileSync(trusted, certificate.cert)
  process.env.NODE_EXTRA_CA_CERTS = trusted
  context.after(() => delete process.env.NODE_EXTRA_CA_CERTS)
  const notify = { journal: false, webhooks: [{ url: hook.url }], command: null }
  await startFakeGuard(context, join(directory, 'run', 'guard.sock'), [leak('confirmed')])
  await startWeb(context, { notify }, directory)
  await untilGot(hook, 1)
})

test('what is marked is not told, and is once the mark is taken back', async (context) => {
  const hook = await openHook(context)
  const directory = openDirectory(context)
  const notify = { journal: false, webhooks: [{ url: hook.url }], command: null }
  const guard = await startFakeGuard(context, join(directory, 'run', 'guard.sock'), [
    leak('growing'),
  ])
  const web = await startWeb(context, { notify }, directory)
  await web.login()
  await web.until('/healthz', (answer) => answer.status === 200)
  const subject = `/api/v1/subjects/${encodeURIComponent(ID)}`
  const headers = { origin: web.url, 'content-type': 'application/json' }
  const marked = await web.ask(`${subject}/mark`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ mark: 'muted', comment: 'known', untilWallMs: null }),
  })
  assert.equal(marked.status, 200, marked.text)
  guard.tick([leak('confirmed')])
  await web.until('/api/v1/snapshot', ({ text }) => text.includes('"confirmed"'))
  assert.equal(hook.got.length, 0)
  await web.ask(`${subject}/unmark`, { method: 'POST', headers, body: '{}' })
  guard.tick([leak('confirmed')])
  await untilGot(hook, 1)
})
