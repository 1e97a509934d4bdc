/** @module A real leak, a real agent: what was confirmed stays so whatever is killed, and is told once. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { startLeak } from '../../lab/leaks/start.ts'
import { isAlive, openPlace, startAgent, until } from './agent-run.ts'
import { openHook } from './hook.ts'

interface Row {
  readonly id: string
  readonly pid: number | null
  readonly verdict: { readonly state: string }
}

interface Told {
  readonly subject: { readonly pid: number | null } | null
  readonly data: { readonly to: string }
}

interface Snapshot {
  readonly rows: readonly Row[]
}

test('a confirmed leak stays confirmed when guard and web process are killed, and is told once', async (context) => {
  const hook = await openHook(context)
  const place = openPlace(context, `web.port = 0\nnotify.webhook = [{ url = "${hook.url}" }]\n`)
  const leak = await startLeak('leak-steady')
  context.after(() => leak.stop())
  const agent = await startAgent(place)
  const { url, loginUrl, webPid } = await agent.untilSaid(
    'the dashboard',
    (said) => said.kind === 'dashboard',
  )
  const host = await agent.untilSaid(
    'the first tick',
    (said) => said.kind === 'host' && said.guardPid !== undefined,
  )
  const cookie = (await fetch(String(loginUrl))).headers.get('set-cookie')?.split(';')[0] ?? ''
  const readState = async (): Promise<string | undefined> => {
    try {
      const answer = await fetch(`${url}/api/v1/snapshot`, { headers: { cookie } })
      const { rows } = (await answer.json()) as Snapshot
      return rows.find(({ pid }) => pid === leak.pid)?.verdict.state
    } catch {
      // The web process is on its way back.
      return undefined
    }
  }
  const mine = () =>
    hook.got.filter(({ subject }) => subject?.id.startsWith(`process:${leak.pid}:`))
  await until('the notification', () => (mine().length > 0 ? true : undefined))
  assert.equal(await readState(), 'confirmed')

  // Saved some seconds after it was told; the resumed one has that gap to fill.
  const state = `${place.directory}/state/guard.state`
  await untilSaved(state)
  process.kill(Number(host.guardPid), 'SIGKILL')
  const back = await agent.untilSaid('a new guard', (said) => said.what === 'guard-started')
  assert.ok(Number(back.resumedSeries) > 0)
  await until('the new guard says so', async () =>
    (await readState()) === 'confirmed' ? true : undefined,
  )

  process.kill(Number(webPid), 'SIGKILL')
  await agent.untilSaid('a new web process', (said) => said.what === 'web-started')
  await until('the new web process says so', async () =>
    (await readState()) === 'confirmed' ? true : undefined,
  )
  assert.ok(isAlive(leak.pid))
  const answer = await fetch(`${url}/api/v1/events?kind=verdict&limit=500`, { headers: { cookie } })
  const { events } = (await answer.json()) as { events: readonly Told[] }
  const confirmations = events.filter(
    ({ subject, data }) => subject?.pid === leak.pid && data.to === 'confirmed',
  )
  assert.equal(confirmations.length, 1)
  assert.deepEqual(
    mine().map(({ data }) => data.what),
    ['leak'],
  )
  await leak.stop()
  await until('the end of the leak', () => (mine().length > 1 ? true : undefined))
  assert.deepEqual(
    mine().map(({ data }) => data.what),
    ['leak', 'leak-over'],
  )
})

async function untilSaved(path: string): Promise<void> {
  const first = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  await until('the saved state', () =>
    (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > first ? true : undefined,
  )
}
