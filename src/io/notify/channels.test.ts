import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { commandChannel, commandEnvironment } from './command.ts'
import { createDelivery } from './deliver.ts'
import { formatJournalLine, isJournalLine } from './journal.ts'
import type { Channel, Notification } from './records.ts'
import { DeliveryError, eventDocument } from './records.ts'
import { findUrlFault, webhookChannel } from './webhook.ts'

function notification(reason = 'shop 4121 leaks', name = 'shop'): Notification {
  const about = { pid: 4121, startTicks: 7, comm: name, cgroup: null, unit: 'a.service' }
  const event = {
    id: 'boot-1',
    hostId: 'h',
    bootId: 'b',
    bootMs: 1,
    wallMs: 1_790_000_000_000,
    kind: 'verdict',
    subject: { id: 'process:4121:7', ...about, container: null },
    reason,
    data: {},
  } as const
  const limit = { kind: 'cgroup', headroomBytes: 1_048_576 } as const
  const url = 'http://127.0.0.1:4117/subjects/process%3A4121%3A7'
  return { event, what: 'begun', name, hostName: 'db1', limit, url }
}

interface Got {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Answers with the statuses given, one after the other, then with 200. */
async function listen(context: TestContext, statuses: number[] = []) {
  const got: Got[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      got.push({ method: request.method, headers: request.headers, body })
      const status = statuses.shift() ?? 200
      response.writeHead(status, { location: '/elsewhere' }).end('x'.repeat(100_000))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got }
}

function track(channel: Channel, timeoutMs?: number) {
  const said: string[] = []
  const delivery = createDelivery(channel, {
    onTrouble: (message) => said.push(message),
    firstRetryMs: 1,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  return { said, delivery }
}

/** What is delivered is delivered before this. */
const UNTIL_MS = 20_000

test('a webhook gets the event as JSON, by POST', async (t) => {
  const { url, got } = await listen(t)
  const { delivery, said } = track(webhookChannel(url, '1'))
  delivery.send(notification())
  await delivery.stop(UNTIL_MS)
  assert.equal(got.length, 1)
  assert.equal(got[0]?.method, 'POST')
  assert.equal(got[0]?.headers['content-type'], 'application/json')
  const { schema, reason, subject, hostName, limit, url: page } = JSON.parse(got[0]?.body ?? '')
  assert.deepEqual([schema, reason, subject.pid], ['plimsoll.event/1', 'shop 4121 leaks', 4121])
  assert.deepEqual([hostName, limit.kind, limit.headroomBytes], ['db1', 'cgroup', 1_048_576])
  assert.match(page, /\/subjects\/process%3A4121%3A7$/)
  assert.deepEqual(said, [])
  assert.equal(delivery.counts.delivered, 1)
})

test('a server that is out of order is tried again, and nothing is said once it took it', async (t) => {
  const { url, got } = await listen(t, [503, 429, 500])
  const { delivery, said } = track(webhookChannel(url, '1'))
  delivery.send(notification())
  await delivery.stop(UNTIL_MS)
  assert.equal(got.length, 4)
  assert.equal(new Set(got.map(({ headers }) => headers['idempotency-key'])).size, 1)
  assert.deepEqual(said, [])
})

for (const status of [302, 307, 404]) {
  test(`${status} is a failure at once, said once, and leads nowhere`, async (t) => {
    const { url, got } = await listen(t, [status, status])
    const { delivery, said } = track(webhookChannel(url, '1'))
    for (let i = 0; i < 3; i++) delivery.send(notification())
    await delivery.stop(UNTIL_MS)
    assert.equal(got.length, 3)
    assert.equal(delivery.counts.failed, 2)
    assert.equal(said.length, 2)
    assert.match(said[0] ?? '', new RegExp(`answered ${status}`))
    assert.match(said[1] ?? '', /delivered again/)
  })
}

test('a server that never answers is given up after its time', async (t) => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const channel = { ...webhookChannel(`http://127.0.0.1:${port}/`, '1'), tries: 2 }
  const { delivery, said } = track(channel, 30)
  delivery.send(notification())
  await delivery.stop(UNTIL_MS)
  assert.equal(delivery.counts.failed, 1)
  assert.equal(said.length, 1)
})

test('a bounded number waits: the oldest goes', async () => {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const channel: Channel = { name: 'webhook', tries: 1, atOnce: 1, deliver: () => held }
  const { delivery } = track(channel)
  for (let i = 0; i < 150; i++) delivery.send(notification())
  release()
  await delivery.stop(UNTIL_MS)
  assert.equal(delivery.counts.failed, 49)
  assert.equal(delivery.counts.delivered, 101)
})

test('what runs at the end of its time is ended', async () => {
  const channel: Channel = {
    name: 'webhook',
    tries: 5,
    atOnce: 1,
    deliver: (_, signal) =>
      new Promise((_resolve, reject) => {
        const end = (): void => reject(new DeliveryError('ended', true))
        if (signal.aborted) end()
        else signal.addEventListener('abort', end)
      }),
  }
  const { delivery } = track(channel)
  delivery.send(notification())
  delivery.send(notification())
  await delivery.stop(1)
  assert.equal(delivery.counts.failed, 2)
})

for (const [url, fault] of [
  ['https://hooks.example/leaks', undefined],
  ['http://127.0.0.1:9/x', undefined],
  ['http://[::1]:9/x', undefined],
  ['http://localhost/x', undefined],
  ['http://hooks.example/', /https/],
  ['http://127.0.0.1.example/', /https/],
  ['file:///etc/passwd', /https/],
  ['https://user:pass@hooks.example/', /name and password/],
  ['nothing', /a URL/],
] as const) {
  test(`${url} is ${fault === undefined ? 'taken' : 'refused'}`, () => {
    const found = findUrlFault(url)
    if (fault === undefined) assert.equal(found, undefined)
    else assert.match(found ?? '', fault)
  })
}

/** A program of `lines` of shell. */
function program(context: TestContext, lines: string): { path: string; directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-notify-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'tell')
  writeFileSync(path, `#!/bin/sh\n${lines}\n`)
  chmodSync(path, 0o755)
  return { path, directory }
}

test('a command gets untrusted names in its environment alone', async (t) => {
  const { path, directory } = program(t, 'printf "%s|%s|%s" "$#" "$PLIMSOLL_NAME" "$1" > "$1"')
  const out = join(directory, 'out')
  const { delivery, said } = track(commandChannel([path, out]))
  delivery.send(notification('a reason', '$(touch /tmp/x); `id`'))
  await delivery.stop(UNTIL_MS)
  assert.deepEqual(said, [])
  assert.equal(readFileSync(out, 'utf8'), `1|$(touch /tmp/x); \`id\`|${out}`)
})

test('its environment holds nothing of ours but path, home and language', () => {
  const names = Object.keys(commandEnvironment(notification('x', 'a\0b')))
  const others = names.filter((name) => !name.startsWith('PLIMSOLL_'))
  assert.deepEqual(others.sort(), ['HOME', 'LANG', 'PATH'])
  const environment = commandEnvironment(notification('x', 'a\0b'))
  assert.equal(environment.PLIMSOLL_NAME, 'ab')
  assert.equal(environment.PLIMSOLL_HOST, 'db1')
  assert.equal(environment.PLIMSOLL_LIMIT, 'cgroup')
  assert.equal(environment.PLIMSOLL_HEADROOM_BYTES, '1048576')
  assert.match(environment.PLIMSOLL_URL ?? '', /^http:.*\/subjects\/process%3A/)
})

test('a command that fails is told with the little that it said', async (t) => {
  const { path } = program(t, 'yes broken | head -c 100000 >&2; exit 3')
  const { delivery, said } = track(commandChannel([path]))
  delivery.send(notification())
  await delivery.stop(UNTIL_MS)
  assert.match(said[0] ?? '', /exit code 3: broken/)
  assert.ok((said[0] ?? '').length < 1000)
  assert.equal(delivery.counts.failed, 1)
})

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + UNTIL_MS
  while (!isSo()) {
    assert.ok(performance.now() < endMs, `waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function isGone(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

test('a command that hangs is ended with what it started', async (t) => {
  const { path, directory } = program(t, 'sleep 1000 & echo $! > "$1.new"; mv "$1.new" "$1"; wait')
  const out = join(directory, 'pid')
  const time = new AbortController()
  const delivered = commandChannel([path, out]).deliver(notification(), time.signal)
  await until('its child', () => existsSync(out))
  time.abort()
  await assert.rejects(delivered, /took too long/)
  const pid = Number(readFileSync(out, 'utf8'))
  await until('the end of its child', () => isGone(pid))
})

test('a command that is not there is told', async () => {
  const { delivery, said } = track(commandChannel(['/nowhere/tell']))
  delivery.send(notification())
  await delivery.stop(UNTIL_MS)
  assert.match(said[0] ?? '', /cannot be run/)
})

test('a line for the journal has its priority where the journal reads it', () => {
  const line = formatJournalLine(notification('shop\nleaks'))
  assert.ok(isJournalLine(line.trimEnd()))
  assert.ok(!isJournalLine('<4>{"code":"PLM_LEAK"}'))
  assert.match(line, /^<4>\{.*\}\n$/)
  assert.equal(line.split('\n').length, 2)
  const { code, pid, unit } = JSON.parse(line.slice(3))
  assert.deepEqual([code, pid, unit], ['PLM_LEAK', 4121, 'a.service'])
})

test('a document is bounded', () => {
  const told = notification('r'.repeat(50_000))
  const long = { ...told, event: { ...told.event, data: { text: 'd'.repeat(50_000) } } }
  assert.ok(eventDocument(long).length < 3_000)
})
