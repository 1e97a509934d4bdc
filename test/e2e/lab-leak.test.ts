import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { explainMissingTool } from '../../lab/leaks/build.ts'
import { explainMissingValgrind } from '../../lab/leaks/valgrind.ts'
import type { LessonDocument } from '../../src/app/cli/lab/leak/document.ts'
import { MIB } from '../../src/base/units.ts'

const NEEDS_C = { skip: explainMissingTool('c') ?? false }
const NEEDS_VALGRIND = { skip: explainMissingValgrind() ?? false }

function startLab(context: TestContext, args: readonly string[], env = process.env) {
  const child = spawn(process.execPath, ['src/app/cli/main.ts', 'lab', 'leak', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 90_000,
    killSignal: 'SIGKILL',
    env,
  })
  context.after(() => child.kill('SIGKILL'))
  return child
}

async function runLab(context: TestContext, args: readonly string[], env = process.env) {
  const child = startLab(context, args, env)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { exitCode, stdout, stderr }
}

/** A search path on which these programs are, and no other. */
function pathOf(context: TestContext, programs: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-path-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const path = (process.env.PATH ?? '').split(delimiter)
  for (const program of programs) {
    const found = path.map((dir) => join(dir, program)).find((file) => existsSync(file))
    if (found !== undefined) symlinkSync(found, join(directory, program))
  }
  return directory
}

function documentsOf(stdout: string): LessonDocument[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LessonDocument)
}

/** An orphan that has ended is a zombie until init sees to it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function assertGone(pid: number): void {
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
}

test('lab leak lists its kinds, for people and for programs', async (t) => {
  const { exitCode, stdout } = await runLab(t, [])
  assert.equal(exitCode, 0)
  assert.match(stdout, /^ {2}short-lived +C +harmless +loses 9 MiB a second, and ends/m)
  assert.match(stdout, /^ {2}java +Java +\+8\.0 MiB\/s/m)
  for (const line of stdout.split('\n'))
    assert.ok(line.length <= 80 || / is not on PATH/.test(line), line)
  const list = JSON.parse((await runLab(t, ['--json'])).stdout)
  assert.equal(list.schema, 'plimsoll.lab-leak-kinds/1')
  assert.equal(list.kinds[1].truth.rateBytesPerSec, 9 * MIB)
})

test('a short-lived program loses memory, ends by itself, and is harmless', NEEDS_C, async (t) => {
  const { exitCode, stdout } = await runLab(t, ['short-lived', '--json', '--no-valgrind'])
  const documents = documentsOf(stdout)
  const [first, last] = [documents[0]!, documents.at(-1)!]
  assert.equal(first.schema, 'plimsoll.lab-leak/1')
  assert.equal(first.conclusion, null)
  assert.deepEqual(last.ending, { how: 'itself', exitCode: 0, signal: null })
  assert.equal(last.conclusion?.verdict, 'harmless')
  assert.equal(last.valgrind, null)
  assert.ok(last.peakRssBytes > 4 * MIB, `${last.peakRssBytes}`)
  assert.equal(exitCode, 0)
  assertGone(first.pid)
})

test('a long-lived one is confirmed as harmful, and ends at its bound', NEEDS_C, async (t) => {
  const args = ['long-lived', '--json', '--pace', '3', '--bound', '512MiB']
  const { exitCode, stdout, stderr } = await runLab(t, args)
  const documents = documentsOf(stdout)
  const states = documents.map(({ verdict }) => verdict?.state)
  const last = documents.at(-1)!
  assert.equal(last.conclusion?.verdict, 'harmful', `${states.join(' ')} ${stderr}`)
  assert.ok(states.indexOf('growing') < states.indexOf('confirmed'), states.join(' '))
  assert.deepEqual(last.ending, { how: 'itself', exitCode: 12, signal: null })
  assert.ok(last.peakRssBytes <= 512 * MIB, `${last.peakRssBytes}`)
  assert.equal(last.limit?.kind, 'rlimit-as')
  assert.equal(last.next, `plimsoll watch --filter ${last.pid}`)
  assert.equal(exitCode, 10)
  assertGone(last.pid)
})

test(
  'valgrind says the same of both, and the lesson says what differs',
  NEEDS_VALGRIND,
  async (t) => {
    const short = await runLab(t, ['short-lived'])
    assert.match(short.stdout, /definitely lost +[5-9]\.\d MiB in +[\d,]+ blocks/)
    assert.match(short.stdout, /^ {2}Plimsoll {2}harmless: it ended by itself/m)
    assert.match(short.stdout, /^ {2}valgrind says the same of long-lived/m)
    const args = ['long-lived', '--valgrind', '--for', '1s', '--json']
    const { exitCode, stdout } = await runLab(t, args)
    const { valgrind, ending } = documentsOf(stdout).at(-1)!
    assert.ok(valgrind?.ran === true && valgrind.definitelyLostBytes > 5 * MIB, stdout)
    assert.equal(valgrind.indirectlyLostBytes, 0)
    assert.ok(valgrind.stillReachableBlocks > 0)
    assert.equal(ending?.how, 'time-over')
    assert.equal(exitCode, 11)
  },
)

test('without valgrind it says what installs it, and goes on', NEEDS_C, async (t) => {
  const PATH = pathOf(t, ['gcc', 'as', 'ld', 'setpriv', 'prlimit'])
  const { exitCode, stdout } = await runLab(t, ['short-lived'], { ...process.env, PATH })
  assert.equal(exitCode, 0)
  assert.match(stdout, /valgrind is not on PATH \(apt-get install valgrind\)/)
})

test('whoever asks for its end gets it, with what was seen until then', NEEDS_C, async (t) => {
  const child = startLab(t, ['cached', '--json'])
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const first = JSON.parse((await lines.next()).value ?? '') as LessonDocument
  // It has been seen.
  const second = JSON.parse((await lines.next()).value ?? '') as LessonDocument
  assert.equal(second.verdict?.state, 'growing')
  child.kill('SIGINT')
  const last = JSON.parse((await lines.next()).value ?? '') as LessonDocument
  assert.equal(last.ending?.how, 'asked')
  assert.notEqual(last.conclusion, null)
  const [exitCode] = await once(child, 'close')
  assert.ok(exitCode === 11 || exitCode === 0, `${exitCode}`)
  assertGone(first.pid)
})

/** The child of that process, as soon as it runs what is named. */
async function waitForChild(pid: number, comm: RegExp): Promise<number> {
  for (const deadlineMs = performance.now() + 20_000; performance.now() < deadlineMs; ) {
    const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    if (child !== '' && comm.test(readFileSync(`/proc/${child}/comm`, 'utf8'))) return Number(child)
    await delay(10)
  }
  assert.fail(`no child of ${pid} runs ${comm}`)
}

test('an end that comes while valgrind runs ends that too', NEEDS_VALGRIND, async (t) => {
  const child = startLab(t, ['long-lived', '--valgrind'])
  const pid = await waitForChild(child.pid ?? 0, /^memcheck/)
  child.kill('SIGINT')
  const [exitCode] = await once(child, 'close')
  assert.equal(exitCode, 11)
  assertGone(pid)
})

test('a program dies with a lesson that is killed', NEEDS_C, async (t) => {
  const child = startLab(t, ['slow', '--json'])
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const { pid } = JSON.parse((await lines.next()).value ?? '') as LessonDocument
  child.kill('SIGKILL')
  await once(child, 'close')
  for (const deadlineMs = performance.now() + 20_000; isAlive(pid); await delay(10)) {
    assert.ok(performance.now() < deadlineMs, `${pid} is still there`)
  }
})

const REFUSED: readonly (readonly [args: readonly string[], stderr: RegExp])[] = [
  [['forgetful'], /expected a kind of leak, got "forgetful"; there are short-lived, long-lived,/],
  [['node', '--valgrind'], /--valgrind expects a kind in C or C\+\+, got node/],
  [['cached', '--pace', '0'], /--pace expects a number above 0/],
  [['cached', '--bound', '1GB'], /--bound expects a size such as 256MiB/],
  [['cached', '--for', 'ever'], /--for expects a duration/],
]
for (const [args, expected] of REFUSED) {
  test(`lab leak ${args.join(' ')} is refused`, async (t) => {
    const { exitCode, stderr } = await runLab(t, args)
    assert.match(stderr, expected)
    assert.equal(exitCode, 2)
  })
}
