/** @module OOMs of the host itself: a recorded kernel log as the agent's own, before its start and while it runs. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EventsDocument, OomsDocument } from '../../src/core/wire/api.ts'
import { explainText } from '../../src/io/logs/library.ts'
import { kernelLogOf } from './kernel-log.ts'
import type { Answer } from './raw-http.ts'
import { openDirectory, startFakeGuard, startWatching, startWeb } from './web-server.ts'

const INCIDENT = kernelLogOf('6.1-incident.log', 100)
const STORM = kernelLogOf('6.1-many-leakers.log', 1000)

function ooms(answer: Answer): OomsDocument {
  return answer.json() as OomsDocument
}

function has(count: number): (answer: Answer) => boolean {
  return (answer) => ooms(answer).events.length === count
}

test('an OOM before the start and one while it runs are events, and no restart tells one twice', async (context) => {
  const directory = openDirectory(context)
  const kernelLog = join(directory, 'kmsg')
  writeFileSync(kernelLog, INCIDENT)
  await startFakeGuard(context, join(directory, 'run', 'guard.sock'), [])
  const first = await startWeb(context, { kernelLog }, directory)
  await first.login()
  const one = ooms(await first.until('/api/v1/ooms', has(1)))
  assert.deepEqual(one.kernelLog, { path: kernelLog, isRead: true, reason: '', hint: '' })
  const [event] = one.events
  assert.match(event?.reason ?? '', /^leaker \(108\) was killed, rightly: /)
  const report = event?.data.report as { verdict: string; killed: { comm: string }[] }
  assert.equal(report.verdict, 'guilty')
  assert.deepEqual(
    report.killed.map(({ comm }) => comm),
    ['leaker'],
  )

  appendFileSync(kernelLog, STORM)
  const four = ooms(await first.until('/api/v1/ooms', has(4)))
  const times = four.events.map(({ wallMs }) => wallMs)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
    'newest first',
  )
  const events = (await first.ask('/api/v1/events?kind=oom')).json() as EventsDocument
  assert.equal(events.events.length, 4)

  const span = `fromMs=${Math.floor(times.at(-1) ?? 0)}&toMs=${Math.ceil(times[0] ?? 0) + 1}`
  const log = await first.ask(`/api/v1/ooms/log?${span}`)
  const stored = explainText(log.text)
  const given = explainText(INCIDENT + STORM)
  assert.deepEqual(
    stored.map(({ report: { killed, tasks } }) => [killed[0]?.pid, tasks.length]).sort(),
    given.map(({ report: { killed, tasks } }) => [killed[0]?.pid, tasks.length]).sort(),
    'all that the kernel said is kept',
  )

  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = await startWeb(context, { kernelLog, uiDir: join(directory, 'ui') }, directory)
  await second.login()
  appendFileSync(kernelLog, kernelLogOf('6.12-incident.log', 5000))
  const five = ooms(await second.until('/api/v1/ooms', (answer) => ooms(answer).events.length > 4))
  assert.equal(five.events.length, 5)
})

test('a pipe that stays open: a report is told once it is silent, not when the pipe ends', async (context) => {
  const directory = openDirectory(context)
  const kernelLog = join(directory, 'fifo')
  await once(spawn('mkfifo', ['-m', '644', kernelLog]), 'exit')
  const { web } = await startWatching(context, [], { kernelLog })
  const writer = createWriteStream(kernelLog)
  context.after(() => writer.destroy())
  writer.write(INCIDENT)
  const { events } = ooms(await web.until('/api/v1/ooms', has(1)))
  assert.match(events[0]?.reason ?? '', /leaker \(108\)/)
})

test('where the kernel log cannot be read, it says why and what to do', async (context) => {
  const { web } = await startWatching(context, [], { kernelLog: '/nonexistent/kmsg' })
  const { kernelLog, events } = ooms(await web.ask('/api/v1/ooms'))
  assert.equal(kernelLog.isRead, false)
  assert.match(kernelLog.reason, /\/nonexistent\/kmsg is not there/)
  assert.match(kernelLog.hint, /--device \/dev\/kmsg --cap-add SYSLOG/)
  assert.deepEqual(events, [])
  assert.match(web.log(), /OOMs are not seen/)
})

test('where reading fails on the way, it says so, and ends as ever', async (context) => {
  const directory = openDirectory(context)
  // Opens like any file; reading it is EISDIR.
  const { web } = await startWatching(context, [], { kernelLog: directory })
  const { kernelLog } = ooms(
    await web.until('/api/v1/ooms', (each) => !ooms(each).kernelLog.isRead),
  )
  assert.match(kernelLog.reason, /EISDIR/)
  web.child.kill('SIGTERM')
  const [code] = await once(web.child, 'exit')
  assert.equal(code, 0, web.log())
})

test('who has no session is told of no OOM', async (context) => {
  const web = await startWeb(context)
  for (const path of ['/api/v1/ooms', '/api/v1/ooms/log']) {
    assert.equal((await web.ask(path)).status, 401)
  }
})
