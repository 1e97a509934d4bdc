import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { explainMissingTool } from '../../lab/leaks/build.ts'
import { measureRate, observeLeak } from '../../lab/leaks/observe.ts'
import type { Language } from '../../lab/leaks/program.ts'
import { levelOf, readMembers } from '../../lab/leaks/sample.ts'
import { startLeak } from '../../lab/leaks/start.ts'
import { MIB } from '../../src/base/units.ts'

const ONE_EACH: readonly (readonly [Language, string])[] = [
  ['c', 'leak-steady'],
  ['c++', 'cpp-leak-objects'],
  ['node', 'node-leak-buffers'],
  ['python', 'python-leak-list'],
  ['java', 'java-leak-direct'],
]
const DEADLINE_SEC = 30
/** What V8 and the JVM have besides the heap that is limited, and a sample may see. */
const RUNTIME_BYTES = 48 * MIB

function skipReason(language: Language): string | false {
  return explainMissingTool(language) ?? false
}
const NEEDS_C = { skip: skipReason('c') }

/** An orphan that has ended is a zombie until init sees to it, which may take its time. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_SEC * 1000
  while (isRunning(pid)) {
    assert.ok(performance.now() < deadlineMs, `${pid} is still there`)
    await sleep(20)
  }
}

/** Measured over told, less one. */
async function rateError(name: string): Promise<number> {
  const seen = await observeLeak(name, {
    pace: 4,
    seconds: DEADLINE_SEC,
    sampleSec: 0.1,
    untilGrownBytes: 64 * MIB,
  })
  return (measureRate(seen) ?? NaN) / seen.truth.rateBytesPerSec - 1
}

describe('a program leaks as fast as is said of it', () => {
  for (const [language, name] of ONE_EACH) {
    test(`${language}: ${name}`, { skip: skipReason(language) }, async () => {
      // A busy machine may stop it for a while, which is no fault of it: the best of three counts.
      let error = await rateError(name)
      for (let again = 0; again < 2 && !(Math.abs(error) < 0.1); again++) {
        error = await rateError(name)
      }
      assert.ok(Math.abs(error) < 0.1, `off by ${error}`)
    })
  }
})

describe('a leak ends by itself at its bound', () => {
  for (const [language, name] of ONE_EACH) {
    test(`${language}: ${name}`, { skip: skipReason(language) }, async () => {
      const boundBytes = 96 * MIB
      const seen = await observeLeak(name, {
        boundBytes,
        pace: 20,
        seconds: DEADLINE_SEC,
        sampleSec: 0.05,
      })
      assert.notEqual(seen.end, null, 'it had to be stopped')
      assert.notEqual(seen.end?.exitCode, 0)
      const highest = Math.max(...seen.rows.map(levelOf))
      assert.ok(highest <= boundBytes + RUNTIME_BYTES, `${highest} bytes`)
    })
  }
})

describe('a program ends when it is asked to', () => {
  for (const [language, name] of ONE_EACH) {
    test(language, { skip: skipReason(language) }, async () => {
      const leak = await startLeak(name, { pace: 0.1 })
      leak.signal('SIGTERM')
      const { exitCode, signal } = await leak.ended
      // The JVM tidies up and ends with 128 + 15.
      assert.ok(signal === 'SIGTERM' || exitCode === 143, `${exitCode} ${signal}`)
    })
  }
})

test(
  'nothing is left of a service that is stopped, nor of one that is asked to end',
  NEEDS_C,
  async () => {
    for (const end of ['stop', 'SIGTERM'] as const) {
      const leak = await startLeak('leak-worker', { pace: 0.1 })
      const deadlineMs = performance.now() + DEADLINE_SEC * 1000
      while (readMembers(leak).length < 2) {
        assert.ok(performance.now() < deadlineMs, 'its worker is not there')
        await sleep(20)
      }
      const pids = readMembers(leak).map((member) => member.pid)
      if (end === 'stop') await leak.stop()
      else leak.signal(end)
      await leak.ended
      for (const pid of pids) await waitUntilGone(pid)
    }
  },
)

test('a job that leaks ends well', NEEDS_C, async () => {
  const job = await startLeak('short-job', { pace: 40 })
  assert.deepEqual(await job.ended, { exitCode: 0, signal: null })
})

test('a program dies with whoever started it, even by SIGKILL', NEEDS_C, async () => {
  const run = spawn(process.execPath, ['lab/leaks/run.ts', 'leak-late', '--rate', '2'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(run.stdout), 'line')
  const { pid, truth, bound_bytes } = JSON.parse(String(line))
  assert.deepEqual(truth, {
    leaking: true,
    rate_bytes_per_s: 20 * MIB,
    kind: 'anon',
    onset_s: 20,
  })
  assert.equal(bound_bytes, 1024 * MIB)
  assert.ok(isRunning(pid))
  run.kill('SIGKILL')
  await waitUntilGone(Number(pid))
})

test('what does not run is an error with a sentence', async () => {
  await assert.rejects(startLeak('leak-nothing'), {
    code: 'PLM_LAB',
    message: 'there is no program named "leak-nothing"',
  })
  await assert.rejects(startLeak('leak-steady', { boundBytes: 4096 }), {
    code: 'PLM_LAB',
    message: /^leak-steady ended before it was ready/,
  })
})

describe('run.ts refuses what it does not know, with a sentence', () => {
  const refusals: readonly (readonly [args: string[], exitCode: number, said: RegExp])[] = [
    [['--rat', '2'], 2, /^PLM_USAGE: Unknown option '--rat'/],
    [
      ['leak-steady', '--rate', 'fast'],
      2,
      /^PLM_USAGE: --rate expects a number above 0, got "fast"/,
    ],
    [['leak-steady', '--bound', '1GB'], 2, /^PLM_USAGE: --bound expects bytes or a size/],
    [['leak-nothing'], 69, /^PLM_LAB: there is no program named "leak-nothing"\. `npm run leak/],
    [[], 2, /^usage: /],
  ]
  for (const [args, exitCode, said] of refusals) {
    test(args.join(' ') || 'nothing', () => {
      const ran = spawnSync(process.execPath, ['lab/leaks/run.ts', ...args], { encoding: 'utf8' })
      assert.equal(ran.status, exitCode)
      assert.match(ran.stderr, said)
      assert.equal(ran.stdout, '')
    })
  }
})
