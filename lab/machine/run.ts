/**
 * @module Boots a guest, listens until it has played its scene, and ends it, whatever happens. Nothing
 * of a run has a name in a file system, and all its processes end with this one, so that nothing is
 * left behind even where this process is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import { withLock } from '../archive/cache.ts'
import { requireTool } from '../archive/tools.ts'
import { type Accelerator, findAccelerator } from './accelerator.ts'
import { monotonicMs } from './clock.ts'
import type { ConsoleLine } from './console-text.ts'
import type { GuestEvent } from './events.ts'
import { parseGuestEvent } from './events.ts'
import type { Guest, SerialConsole } from './guest.ts'
import { createRoom } from './keep.ts'
import { launchCommand } from './launch.ts'
import { BITS_PER_BYTE } from './line-pace.ts'
import { readFastPort, readSlowPort, type SlowPort } from './ports.ts'
import { qemuArguments } from './qemu.ts'
import { makeRoot, type Root } from './roots.ts'
import { LOG_BEGINS, LOG_ENDS } from './script.ts'

/** How a run ended: the scene was played, the time was up, or the machine went away before. */
export type Ending = 'played' | 'timed-out' | 'gone' | 'interrupted'

export interface GuestRun {
  readonly ending: Ending
  readonly consoles: readonly (readonly ConsoleLine[])[]
  /** The kernel's log as `dmesg -r` gives it, empty where the guest did not come so far. */
  readonly kernelLog: readonly string[]
  readonly events: readonly GuestEvent[]
  /** What the script and its programs said. */
  readonly talk: readonly string[]
  /** Lines and events that were too many to keep; 0 but for a guest that floods a port. */
  readonly dropped: number
  /** Seconds from start to `booted`, and to the end. */
  readonly bootedSec: number | null
  readonly tookSec: number
  /** What the emulator itself had to say. */
  readonly emulator: string
}

export interface RunOptions {
  /** Counted from when the machine is switched on. */
  readonly withinSec: number
  readonly signal?: AbortSignal
  /** The machine is switched on: its turn has come. */
  readonly onStart?: () => void
  readonly onConsoleLine?: (line: ConsoleLine, console: number) => void
  /** @param arrivedMs since the machine was started */
  readonly onEvent?: (event: GuestEvent, arrivedMs: number) => void
}

const MAX_EMULATOR_TEXT = 64 * 1024
/** Of one port in one run. */
const MAX_KEPT_BYTES = 32 * MIB
/** After the last event, what is still under way on the lines arrives; a line that is silent so long is done. */
const SILENT_MS = 500
/** What the emulator's end of a console holds: enough for a reader that is woken late, and soon drained. */
const CONSOLE_BUFFER_MS = 6
const FDS = { talk: 3, console: 4, events: 5, secondConsole: 6, initramfs: 7 } as const

/** Held by whoever runs a guest: two at once on a small machine would measure each other, whatever their TMPDIR. */
export const TURN = `/tmp/plimsoll-lab-turn-${process.getuid?.() ?? 0}.lock`

/**
 * Runs the guest to its end, when its turn has come. What the signal ends before the emulator is started
 * has no recording.
 * @throws PLM_LAB, PLM_LAB_TOOL where the emulator or an ingredient is missing or breaks off; what
 *   `signal` was aborted with
 */
export async function runGuest(guest: Guest, options: RunOptions): Promise<GuestRun> {
  const { signal } = options
  try {
    const root = await prepare(guest, signal)
    return await withLock(TURN, () => runInTurn(guest, root, options), signal)
  } catch (error) {
    // The wait for a lock says that it was aborted, and not with what.
    if (error instanceof Error && error.name === 'AbortError') signal?.throwIfAborted()
    throw error
  }
}

/** Waits until nobody else runs a guest, and lets `work` run many before anybody else may. */
export async function inTurn<Value>(
  work: (run: typeof runGuest) => Promise<Value>,
): Promise<Value> {
  return await withLock(TURN, () =>
    work(async (guest, options) => runInTurn(guest, await prepare(guest, options.signal), options)),
  )
}

async function prepare(guest: Guest, signal: AbortSignal | undefined): Promise<Root> {
  signal?.throwIfAborted()
  requireTool('qemu-system-x86_64')
  return await makeRoot(guest, signal)
}

interface Recording {
  readonly consoles: ConsoleLine[][]
  readonly kernelLog: string[]
  readonly events: GuestEvent[]
  readonly talk: string[]
  dropped: number
  isLog: boolean
  isLogOver: boolean
  isDone: boolean
  bootedMs: number | null
  lastConsoleMs: number
}

/** A file that only descriptors still name, open to be read from its start by /proc/self/fd. */
function openNameless(data: Uint8Array): number {
  const path = join(tmpdir(), `plimsoll-lab-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const fd = openSync(path, 'wx+', 0o600)
  rmSync(path)
  writeFileSync(fd, data)
  return fd
}

function bufferBytes({ baud }: SerialConsole): number {
  return Math.ceil((baud / BITS_PER_BYTE / 1000) * CONSOLE_BUFFER_MS)
}

function startEmulator(
  guest: Guest,
  root: Root,
  initramfs: number,
  accelerator: Accelerator,
): ChildProcess {
  const [first, second] = guest.consoles
  const fds = {
    ...FDS,
    console: first === undefined ? null : FDS.console,
    secondConsole: second === undefined ? null : FDS.secondConsole,
  }
  const boot = { initramfs: `/proc/self/fd/${FDS.initramfs}`, rootImage: root.rootImage }
  const buffers = [
    ...(first === undefined ? [] : [{ fd: FDS.console, bytes: bufferBytes(first) }]),
    ...(second === undefined ? [] : [{ fd: FDS.secondConsole, bytes: bufferBytes(second) }]),
  ]
  const [program, args] = launchCommand(
    requireTool('qemu-system-x86_64'),
    qemuArguments(guest, boot, fds, accelerator),
    buffers,
  )
  // Node's pipes to a child are pairs of Unix sockets (libuv, uv_spawn).
  const consoles = [first, second].map((one) => (one === undefined ? 'ignore' : 'pipe'))
  const [console = 'ignore', secondConsole = 'ignore'] = consoles
  return spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', console, 'pipe', secondConsole, initramfs],
  })
}

function portOf(emulator: ChildProcess, fd: number): Duplex {
  return emulator.stdio[fd] as Duplex
}

async function runInTurn(guest: Guest, root: Root, options: RunOptions): Promise<GuestRun> {
  const { signal } = options
  const seen: Recording = {
    consoles: guest.consoles.map(() => []),
    kernelLog: [],
    events: [],
    talk: [],
    dropped: 0,
    isLog: false,
    isLogOver: false,
    isDone: false,
    bootedMs: null,
    lastConsoleMs: 0,
  }
  const accelerator = await findAccelerator(guest.kernel)
  signal?.throwIfAborted()
  const initramfs = openNameless(root.initramfs)
  const startedMs = monotonicMs()
  const sinceStart = (): number => monotonicMs() - startedMs
  const over = new AbortController()
  const slowPorts: SlowPort[] = []
  let emulator: ChildProcess | undefined
  try {
    let finish: (ending: Ending) => void = () => {}
    const ended = new Promise<Ending>((resolve) => {
      finish = resolve
    })
    // Each port has a buffer of its own: what was written first may arrive last.
    const finishWhenPlayed = (): void => {
      if (seen.isDone && seen.isLogOver) finish('played')
    }
    const keeper = (): (<Kept>(kept: Kept, length: number, to: Kept[]) => boolean) => {
      const hasRoom = createRoom(MAX_KEPT_BYTES)
      return (kept, length, to) => {
        const isKept = hasRoom(length)
        if (isKept) to.push(kept)
        else seen.dropped++
        return isKept
      }
    }
    const [keepTalk, keepEvent] = [keeper(), keeper()]
    const onTalk = (line: string): void => {
      if (line === LOG_BEGINS) seen.isLog = true
      else if (line === LOG_ENDS) {
        seen.isLog = false
        seen.isLogOver = true
        finishWhenPlayed()
      } else keepTalk(line, line.length, seen.isLog ? seen.kernelLog : seen.talk)
    }
    const onEvent = (line: string): void => {
      const event = parseGuestEvent(line)
      if (event === undefined) return
      const arrivedMs = sinceStart()
      if (event.event === 'booted') seen.bootedMs ??= arrivedMs
      if (event.event === 'done') seen.isDone = true
      if (keepEvent(event, line.length, seen.events)) options.onEvent?.(event, arrivedMs)
      finishWhenPlayed()
    }
    emulator = startEmulator(guest, root, initramfs, accelerator)
    if (emulator.pid === undefined) {
      const [error] = await once(emulator, 'error')
      throw new PlimsollError('PLM_LAB', `the emulator did not start: ${String(error)}`)
    }
    for (const [index, { baud }] of guest.consoles.entries()) {
      const port = portOf(emulator, index === 0 ? FDS.console : FDS.secondConsole)
      const keepLine = keeper()
      const onLine = (line: ConsoleLine): void => {
        seen.lastConsoleMs = sinceStart()
        if (keepLine(line, line.wireBytes, seen.consoles[index] ?? []))
          options.onConsoleLine?.(line, index)
      }
      slowPorts.push(readSlowPort(port, baud, (ms) => ms - startedMs, onLine))
    }
    readFastPort(portOf(emulator, FDS.talk), onTalk)
    readFastPort(portOf(emulator, FDS.events), onEvent)
    let text = ''
    emulator.stderr?.on('data', (bytes: Buffer) => {
      text = (text + bytes.toString()).slice(-MAX_EMULATOR_TEXT)
    })
    // When it has gone, and every port was read to its end.
    const closed = once(emulator, 'close')
    // A terminal's Ctrl-C reaches both, and either may be sooner.
    const onClosed = (): void => finish(signal?.aborted ? 'interrupted' : 'gone')
    closed.then(onClosed, onClosed)
    const onAbort = (): void => finish('interrupted')
    signal?.addEventListener('abort', onAbort, { signal: over.signal })
    const withinMs = options.withinSec * 1000
    delay(withinMs, undefined, { signal: over.signal }).then(
      () => finish('timed-out'),
      () => {},
    )
    options.onStart?.()
    if (signal?.aborted) onAbort()

    const ending = await ended
    const isLate = (): boolean => sinceStart() > withinMs || signal?.aborted === true
    if (ending === 'played') await untilSilent(() => sinceStart() - seen.lastConsoleMs, isLate)
    const { exitCode, signalCode } = emulator
    emulator.kill('SIGKILL')
    await closed
    const broken = await Promise.all(slowPorts.map((port) => port.closed))
    const why = broken.find((reason) => reason !== null)
    if (why !== undefined && ending !== 'interrupted') throw new PlimsollError('PLM_LAB', why)
    if (ending === 'gone' && seen.bootedMs === null && exitCode !== 0) {
      const reason = text.trim() || `it ended with ${String(signalCode ?? exitCode)}`
      throw new PlimsollError('PLM_LAB', `the emulator did not start: ${reason}`)
    }
    return {
      ending,
      consoles: seen.consoles,
      kernelLog: seen.kernelLog,
      events: seen.events,
      talk: seen.talk,
      dropped: seen.dropped,
      bootedSec: seen.bootedMs === null ? null : seen.bootedMs / 1000,
      tookSec: sinceStart() / 1000,
      emulator: text,
    }
  } finally {
    over.abort()
    closeSync(initramfs)
    await endEmulator(emulator)
    for (const port of slowPorts) port.end()
  }
}

async function untilSilent(silentMs: () => number, isLate: () => boolean): Promise<void> {
  while (silentMs() < SILENT_MS && !isLate()) await delay(SILENT_MS - silentMs() + 1)
}

async function endEmulator(emulator: ChildProcess | undefined): Promise<void> {
  if (emulator?.pid === undefined || emulator.exitCode !== null || emulator.signalCode !== null)
    return
  const gone = once(emulator, 'exit')
  emulator.kill('SIGKILL')
  await gone
}
