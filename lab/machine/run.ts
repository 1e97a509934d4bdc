/** @module Boots a guest, listens until it has played its scene, and ends it, whatever happens. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
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
  readonly onConsoleLine?: (line: ConsoleLine, console: number) => void
  readonly onEvent?: (event: GuestEvent) => void
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
  bootedMs: number | null
  lastConsoleMs: number
}

/** Held by whoever runs a guest: two at once on a small machine would measure each other. */
const TURN = join(tmpdir(), `plimsoll-lab-turn-${process.getuid?.() ?? 0}.lock`)

/** Ends with its parent, even where that is killed (setpriv(1)); waits for its turn (flock(1)). */
function startEmulator(args: readonly string[]): ChildProcess {
  const command = ['--pdeathsig=KILL', 'flock', '--no-fork', TURN, 'qemu-system-x86_64', ...args]
  return spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function noteTalk(seen: Recording, line: string): void {
  if (line === LOG_BEGINS) seen.isLog = true
  else if (line === LOG_ENDS) seen.isLog = false
  else (seen.isLog ? seen.kernelLog : seen.talk).push(line)
}

function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Runs the guest to its end. @throws PLM_LAB where the emulator or an ingredient is missing */
export async function runGuest(guest: Guest, options: RunOptions): Promise<GuestRun> {
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
    bootedMs: null,
    lastConsoleMs: 0,
  }
  try {
    const root = await makeRoot(guest, options.signal)
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
      options.onEvent?.(event)
      if (event.event === 'booted') seen.bootedMs = sinceStart()
      if (event.event === 'done') finish('played')
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
    }
    ports.push(
      await openFastPort(sockets.talk, (line) => noteTalk(seen, line), onStart),
      await openFastPort(sockets.events, onEvent),
      await openConsole(sockets.console, 0),
      await openConsole(sockets.secondConsole, 1),
    )
    emulator = startEmulator(qemuArguments(guest, boot, sockets, 'tcg'))
    let text = ''
    emulator.stderr?.on('data', (bytes: Buffer) => {
      text = (text + bytes.toString()).slice(-MAX_EMULATOR_TEXT)
    })
    emulator.once('error', (error) => {
      text += String(error)
      finish('gone')
    })
    emulator.once('exit', () => finish('gone'))
    options.signal?.addEventListener('abort', () => finish('interrupted'), { once: true })
    const ending = await ended
    clearTimeout(timer)
    if (ending === 'gone' && seen.bootedMs === null && text !== '') {
      throw new PlimsollError('PLM_LAB', `the emulator did not start: ${text.trim()}`)
    }
    await untilSilent(() => sinceStart() - seen.lastConsoleMs)
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
