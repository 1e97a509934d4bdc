/** @module Boots a guest, listens until it has played its scene, and ends it, whatever happens. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { requireTool } from '../archive/tools.ts'
import type { ConsoleLine } from './console-text.ts'
import type { GuestEvent } from './events.ts'
import { parseGuestEvent } from './events.ts'
import type { Guest } from './guest.ts'
import { openFastPort, openSlowPort, type Port } from './ports.ts'
import { qemuArguments } from './qemu.ts'
import { makeRoot } from './roots.ts'
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
  /** Seconds from start to `booted`, and to the end. */
  readonly bootedSec: number | null
  readonly tookSec: number
  /** What the emulator itself had to say. */
  readonly emulator: string
}

export interface RunOptions {
  readonly withinSec: number
  readonly signal?: AbortSignal
  /** The machine is switched on: its turn has come. */
  readonly onStart?: () => void
  readonly onConsoleLine?: (line: ConsoleLine, console: number) => void
  /** @param arrivedMs since the machine was started */
  readonly onEvent?: (event: GuestEvent, arrivedMs: number) => void
}

const MAX_EMULATOR_TEXT = 64 * 1024
/** After the last event, what is still under way on the lines arrives; a line that is silent so long is done. */
const SILENT_MS = 500

interface Recording {
  readonly consoles: ConsoleLine[][]
  readonly kernelLog: string[]
  readonly events: GuestEvent[]
  readonly talk: string[]
  isLog: boolean
  isLogOver: boolean
  isDone: boolean
  bootedMs: number | null
  lastConsoleMs: number
}

/** Held by whoever runs a guest: two at once on a small machine would measure each other, whatever their TMPDIR. */
const TURN = `/tmp/plimsoll-lab-turn-${process.getuid?.() ?? 0}.lock`

/** Ends with its parent, even where that is killed (setpriv(1)); waits for its turn (flock(1)). */
function startEmulator(args: readonly string[]): ChildProcess {
  const waiting = [requireTool('flock'), '--no-fork', TURN]
  const command = ['--pdeathsig=KILL', ...waiting, requireTool('qemu-system-x86_64'), ...args]
  return spawn(requireTool('setpriv'), command, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function noteTalk(seen: Recording, line: string): void {
  if (line === LOG_BEGINS) seen.isLog = true
  else if (line === LOG_ENDS) {
    seen.isLog = false
    seen.isLogOver = true
  } else (seen.isLog ? seen.kernelLog : seen.talk).push(line)
}

function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * Runs the guest to its end. What the signal ends before the emulator is started has no recording.
 * @throws PLM_LAB, PLM_LAB_TOOL where the emulator or an ingredient is missing; what `signal` was
 *   aborted with
 */
export async function runGuest(guest: Guest, options: RunOptions): Promise<GuestRun> {
  const { signal } = options
  signal?.throwIfAborted()
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-lab-'))
  const ports: Port[] = []
  let emulator: ChildProcess | undefined
  let startedMs = epochMs()
  const sinceStart = (): number => epochMs() - startedMs
  const seen: Recording = {
    consoles: guest.consoles.map(() => []),
    kernelLog: [],
    events: [],
    talk: [],
    isLog: false,
    isLogOver: false,
    isDone: false,
    bootedMs: null,
    lastConsoleMs: 0,
  }
  try {
    const root = await makeRoot(guest, signal)
    const boot = { initramfs: join(directory, 'initramfs'), rootImage: root.rootImage }
    writeFileSync(boot.initramfs, root.initramfs)
    const sockets = {
      talk: join(directory, 'talk'),
      console: join(directory, 'console'),
      events: join(directory, 'events'),
      secondConsole: join(directory, 'console2'),
    }
    let finish: (ending: Ending) => void = () => {}
    const ended = new Promise<Ending>((resolve) => {
      finish = resolve
    })
    const onEvent = (line: string): void => {
      const event = parseGuestEvent(line)
      if (event === undefined) return
      seen.events.push(event)
      const arrivedMs = sinceStart()
      options.onEvent?.(event, arrivedMs)
      if (event.event === 'booted') seen.bootedMs = arrivedMs
      if (event.event === 'done') seen.isDone = true
      finishWhenPlayed()
    }
    // Each port has a buffer of its own: what was written first may arrive last.
    const finishWhenPlayed = (): void => {
      if (seen.isDone && seen.isLogOver) finish('played')
    }
    const onTalk = (line: string): void => {
      noteTalk(seen, line)
      finishWhenPlayed()
    }
    const openConsole = (path: string, index: number): Promise<Port> => {
      const console = guest.consoles[index]
      if (console === undefined) return openFastPort(path, () => {})
      return openSlowPort(
        path,
        console.baud,
        (atMs) => atMs - startedMs,
        (line) => {
          seen.lastConsoleMs = sinceStart()
          seen.consoles[index]?.push(line)
          options.onConsoleLine?.(line, index)
        },
      )
    }
    let timer: NodeJS.Timeout | undefined
    // The emulator calls when its turn has come.
    const onStart = (): void => {
      startedMs = epochMs()
      timer = setTimeout(() => finish('timed-out'), options.withinSec * 1000)
      options.onStart?.()
    }
    ports.push(
      await openFastPort(sockets.talk, onTalk, onStart),
      await openFastPort(sockets.events, onEvent),
      await openConsole(sockets.console, 0),
      await openConsole(sockets.secondConsole, 1),
    )
    signal?.throwIfAborted()
    emulator = startEmulator(qemuArguments(guest, boot, sockets, 'tcg'))
    let text = ''
    emulator.stderr?.on('data', (bytes: Buffer) => {
      text = (text + bytes.toString()).slice(-MAX_EMULATOR_TEXT)
    })
    emulator.once('error', (error) => {
      text += String(error)
      finish('gone')
    })
    // A terminal's Ctrl-C reaches both, and either may be sooner.
    emulator.once('exit', () => finish(signal?.aborted ? 'interrupted' : 'gone'))
    signal?.addEventListener('abort', () => finish('interrupted'), { once: true })
    const ending = await ended
    clearTimeout(timer)
    if (ending === 'gone' && seen.bootedMs === null && text !== '') {
      throw new PlimsollError('PLM_LAB', `the emulator did not start: ${text.trim()}`)
    }
    if (ending !== 'interrupted') await untilSilent(() => sinceStart() - seen.lastConsoleMs)
    return {
      ending,
      consoles: seen.consoles,
      kernelLog: seen.kernelLog,
      events: seen.events,
      talk: seen.talk,
      bootedSec: seen.bootedMs === null ? null : seen.bootedMs / 1000,
      tookSec: sinceStart() / 1000,
      emulator: text,
    }
  } finally {
    if (emulator !== undefined) await endEmulator(emulator)
    for (const port of ports) port.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function untilSilent(silentMs: () => number): Promise<void> {
  while (silentMs() < SILENT_MS) {
    await new Promise((resolve) => setTimeout(resolve, SILENT_MS - silentMs() + 1))
  }
}

async function endEmulator(emulator: ChildProcess): Promise<void> {
  if (emulator.exitCode !== null || emulator.signalCode !== null || emulator.pid === undefined)
    return
  const gone = new Promise((resolve) => emulator.once('exit', resolve))
  emulator.kill('SIGKILL')
  await gone
}
