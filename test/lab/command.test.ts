/** @module `plimsoll lab SCENARIO` as a user runs it, with a real kernel; skipped where tools are missing. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findKernel } from '../../lab/archive/kernels.ts'
import { missingTools } from '../../lab/archive/tools.ts'
import type { SceneDocument } from '../../src/app/cli/lab/scene/document.ts'
import { messageOf } from '../../src/base/errors.ts'

const WITHIN_MS = 180_000

async function whyNot(): Promise<string | false> {
  const [missing] = missingTools()
  if (missing !== undefined) return `${missing.tool} is not there (${missing.install})`
  try {
    await findKernel('6.1')
    return false
  } catch (error) {
    return messageOf(error)
  }
}

const OPTIONS = { skip: await whyNot() }

/** A run with a place of its own for what is temporary, so that what is left there is its own. */
function startLab(t: TestContext, args: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-test-'))
  const child = spawn('bin/plimsoll', ['lab', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: directory },
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  })
  t.after(() => {
    child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  return { child, said, directory, ended: once(child, 'close') }
}

/** Processes that this command has started, by their command lines: the sockets are in its directory. */
function leftProcesses(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return words.includes(directory) ? [words.replaceAll('\0', ' ')] : []
      } catch {
        return []
      }
    })
}

function assertNothingLeft(directory: string): void {
  assert.deepEqual(leftProcesses(directory), [])
  assert.deepEqual(readdirSync(directory), [])
}

async function untilSays(child: ChildProcess, said: { out: string }, words: RegExp): Promise<void> {
  while (!words.test(said.out)) {
    assert.equal(child.exitCode ?? child.signalCode, null, said.out)
    await Promise.race([
      once(child.stdout as NonNullable<typeof child.stdout>, 'data'),
      once(child, 'close'),
    ])
  }
}

test('others stand still for as long as the report is on the line', OPTIONS, async (t) => {
  const kept = mkdtempSync(join(tmpdir(), 'plimsoll-keep-'))
  t.after(() => rmSync(kept, { recursive: true }))
  const args = ['incident', '--tasks', '20', '--baud', '38400', '--json', '--keep', kept]
  const { said, directory, ended } = startLab(t, args)
  const [exitCode] = await ended
  assert.equal(exitCode, 10, said.err)
  const document = JSON.parse(said.out) as SceneDocument
  assert.equal(document.schema, 'plimsoll.lab/1')
  const [run] = document.runs
  assert.ok(run)
  const { report, taskTable, longestStallSec, killed, computed } = run
  assert.ok(report.bytes > 5000 && taskTable.lines >= 22, JSON.stringify(report))
  assert.ok(Math.abs(longestStallSec / report.printSec - 1) < 0.25, JSON.stringify(run))
  assert.deepEqual(killed, ['leaker'])
  // What the log says of levels, and what came over the line, are two sources.
  const asItWas = computed?.asItWas.bytes ?? 0
  assert.ok(Math.abs(asItWas / report.bytes - 1) < 0.1, `${asItWas} of ${report.bytes}`)
  assert.deepEqual(readdirSync(kept).toSorted(), [
    'console.txt',
    'events.jsonl',
    'kernel.log',
    'run.json',
  ])
  assert.match(
    readFileSync(join(kept, 'console.txt'), 'utf8'),
    /^\d+\.\d{3} \[.* invoked oom-killer/m,
  )
  assertNothingLeft(directory)
})

for (const [when, words] of [
  ['while it boots', /the machine is switched on/],
  ['while the report is printed', /invoked oom-killer/],
] as const) {
  test(`Ctrl-C ${when} leaves nothing`, OPTIONS, async (t) => {
    const args = ['incident', '--tasks', '100', '--baud', '9600']
    const { child, said, directory, ended } = startLab(t, args)
    await untilSays(child, said, words)
    child.kill('SIGINT')
    const [exitCode, signal] = await ended
    assert.deepEqual([exitCode, signal], [null, 'SIGINT'], said.err)
    assertNothingLeft(directory)
  })
}

test('Ctrl-C while it waits for another guest leaves nothing', OPTIONS, async (t) => {
  const first = startLab(t, ['incident', '--tasks', '0', '--baud', '115200'])
  await untilSays(first.child, first.said, /booted/)
  const second = spawn('bin/plimsoll', ['lab', 'incident'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: first.directory },
  })
  t.after(() => second.kill('SIGKILL'))
  const said = { out: '' }
  second.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  await untilSays(second, said, /is at hand/)
  second.kill('SIGINT')
  const [, signal] = await once(second, 'close')
  assert.equal(signal, 'SIGINT')
  await first.ended
  assertNothingLeft(first.directory)
})
