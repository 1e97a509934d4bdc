/** @module Guests end, and leave nothing behind, however they or their callers behave. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { withLock } from '../../lab/archive/cache.ts'
import { findKernel, type Kernel } from '../../lab/archive/kernels.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { type GuestRun, type RunOptions, runGuest, TURN } from '../../lab/machine/run.ts'
import { orSkip } from './play.ts'

/** Processes that were killed are gone at once, but for a busy host. */
const GONE_MS = 20_000
const CALLER = join(import.meta.dirname, 'caller.ts')

function smallGuest(kernel: Kernel, script: readonly string[], more: Partial<Guest> = {}): Guest {
  return { kernel, memoryMib: 128, cpus: 1, consoles: [{ baud: 115_200 }], script, ...more }
}

/** All that descend from a process, by their pids; what has ended meanwhile has no children. */
function descendants(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    const children = text.split(' ').filter(Boolean).map(Number)
    return children.flatMap((child) => [child, ...descendants(child)])
  } catch {
    return []
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return ''
  }
}

function isFor(pid: number, file: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file)
  } catch {
    return false
  }
}

/** A zombie holds nothing, and waits for whoever inherited it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Files that a run of that process may have made, by the names that they would have. */
function leftFiles(pid: number): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`plimsoll-lab-${pid}`))
}

async function until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isSo()) await delay(20, undefined, { signal })
}

/** Runs it here, and sees that no process and no file of it is left. */
async function runAlone(
  t: TestContext,
  describe: (kernel: Kernel) => Guest,
  options: RunOptions,
): Promise<GuestRun | null> {
  const guest = await orSkip(t, async () => describe(await findKernel('6.1')))
  if (guest === null) return null
  const before = descendants(process.pid)
  const run = await orSkip(t, () => runGuest(guest, options))
  assert.deepEqual(
    descendants(process.pid).filter((pid) => !before.includes(pid) && isAlive(pid)),
    [],
  )
  assert.deepEqual(leftFiles(process.pid), [])
  return run
}

test('a kernel that panics at once: the machine is gone, and what it said is there', async (t) => {
  const describe = (kernel: Kernel) =>
    smallGuest(kernel, [], { kernelArguments: ['rdinit=/nowhere'] })
  const run = await runAlone(t, describe, { withinSec: 60, signal: t.signal })
  if (run === null) return
  assert.equal(run.ending, 'gone')
  assert.equal(run.bootedSec, null)
  const said = (run.consoles[0] ?? []).map(({ text }) => text)
  assert.ok(
    said.some((text) => text.includes('Kernel panic - not syncing')),
    said.join('\n'),
  )
})

test('a guest that never says that it is done is ended when its time is up', async (t) => {
  const describe = (kernel: Kernel) => smallGuest(kernel, ['tell waiting', 'sleep 3600'])
  const run = await runAlone(t, describe, { withinSec: 15, signal: t.signal })
  if (run === null) return
  assert.equal(run.ending, 'timed-out')
  assert.ok(run.tookSec >= 15 && run.tookSec < 25, `${run.tookSec} s`)
})

test('garbage on every port is no event, and the scene is played on', async (t) => {
  const describe = (kernel: Kernel) =>
    smallGuest(kernel, [
      'for port in ttyS0 ttyS1 ttyS2; do head -c 20000 /dev/urandom > /dev/$port; done',
      // Ends a line that garbage may have begun.
      'echo; echo > /dev/ttyS2',
      'tell "after\\u001b[31m"',
    ])
  const run = await runAlone(t, describe, { withinSec: 60, signal: t.signal })
  if (run === null) return
  assert.equal(run.ending, 'played')
  assert.ok(run.kernelLog.length > 0)
  assert.deepEqual(
    run.events.map(({ event }) => event),
    ['booted', 'after\u001b[31m', 'played', 'done'],
  )
})

test('a guest that floods its ports and never ends is ended when its time is up', async (t) => {
  const describe = (kernel: Kernel) =>
    smallGuest(kernel, [
      `yes '{"event":"flood"}' > /dev/ttyS2 &`,
      'yes > /dev/ttyS0 &',
      // No newline, ever.
      "tr '\\0' x < /dev/zero > /dev/ttyS1",
    ])
  const run = await runAlone(t, describe, { withinSec: 15, signal: t.signal })
  if (run === null) return
  assert.equal(run.ending, 'timed-out')
  assert.ok(run.tookSec < 25, `${run.tookSec} s`)
  assert.ok(run.events.length > 1 && run.talk.length > 1)
  // A line without an end is cut near 8 KiB.
  assert.ok((run.consoles[0] ?? []).every(({ wireBytes }) => wireBytes <= 16_384))
})

test('an emulator that is killed: the machine is gone', async (t) => {
  const describe = (kernel: Kernel) => smallGuest(kernel, ['tell waiting', 'sleep 3600'])
  const onEvent: RunOptions['onEvent'] = ({ event }) => {
    if (event !== 'waiting') return
    const emulator = descendants(process.pid).find((pid) => nameOf(pid).startsWith('qemu'))
    assert.ok(emulator !== undefined)
    process.kill(emulator, 'SIGKILL')
  }
  const run = await runAlone(t, describe, { withinSec: 60, signal: t.signal, onEvent })
  if (run === null) return
  assert.equal(run.ending, 'gone')
  assert.ok(run.tookSec < 50, `${run.tookSec} s`)
})

test('a run is interrupted by its signal', async (t) => {
  const describe = (kernel: Kernel) => smallGuest(kernel, ['tell waiting', 'sleep 3600'])
  const interrupt = new AbortController()
  const onEvent: RunOptions['onEvent'] = ({ event }) => {
    if (event === 'waiting') interrupt.abort()
  }
  const run = await runAlone(t, describe, { withinSec: 60, signal: interrupt.signal, onEvent })
  if (run === null) return
  assert.equal(run.ending, 'interrupted')
})

test('the wait for a turn is ended by the signal, and does not count', async (t) => {
  const kernel = await orSkip(t, () => findKernel('6.1'))
  if (kernel === null) return
  const guest = smallGuest(kernel, [])
  let starts = 0
  const onStart = (): void => {
    starts++
  }
  await withLock(
    TURN,
    async () => {
      const reason = new Error('no longer wanted')
      const interrupt = new AbortController()
      const waiting = runGuest(guest, { withinSec: 1, signal: interrupt.signal, onStart })
      const refused = assert.rejects(waiting, reason)
      // flock becomes cat when it has the lock.
      const isWaiting = (): boolean =>
        descendants(process.pid).some((pid) => nameOf(pid) === 'flock' && isFor(pid, TURN))
      await until(isWaiting, t.signal)
      interrupt.abort(reason)
      await refused
    },
    t.signal,
  )
  assert.equal(starts, 0)
  assert.deepEqual(leftFiles(process.pid), [])
})

async function startCaller(t: TestContext): Promise<ChildProcess | null> {
  // What cannot be had is said here; the caller would only fail.
  const kernel = await orSkip(t, () => findKernel('6.1'))
  if (kernel === null) return null
  // A process group of its own, as a shell gives each job.
  const caller = spawn(process.execPath, [CALLER], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  t.after(() => caller.kill('SIGKILL'))
  for await (const line of createInterface({ input: caller.stdout })) {
    if (line === 'waiting') return caller
  }
  return assert.fail('the caller ended before its guest had booted')
}

for (const [what, signal, toGroup] of [
  ['is killed', 'SIGKILL', false],
  ['is ended', 'SIGTERM', false],
  ['is interrupted at its terminal', 'SIGINT', true],
] as const) {
  test(`a caller that ${what} leaves nothing behind`, async (t) => {
    const caller = await startCaller(t)
    if (caller?.pid === undefined) return
    const { pid } = caller
    const started = descendants(pid)
    const names = started.map(nameOf)
    assert.ok(
      names.some((name) => name.startsWith('qemu')),
      names.join(),
    )
    assert.equal(started.length, 3, `the emulator, the line and the turn: ${names.join()}`)
    const gone = once(caller, 'exit')
    process.kill(toGroup ? -pid : pid, signal)
    await gone
    await until(() => !started.some(isAlive), AbortSignal.timeout(GONE_MS))
    assert.deepEqual(leftFiles(pid), [])
  })
}
