/** @module The guest's serial ports at this end: sockets whose other ends the emulator was given. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import { monotonicMs } from './clock.ts'
import { type ConsoleLine, createConsoleReader } from './console-text.ts'
import { launchCommand } from './launch.ts'

/** Beside this file: as a source, or bundled into dist. */
const SLOW_LINE = ['slow-line.ts', 'slow-line.cjs']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))
/** A guest's event may be a whole document. */
const MAX_LINE = MIB

/** Reads a port as fast as it speaks. It ends with the emulator. */
export function readFastPort(socket: Duplex, onLine: (line: string) => void): void {
  const reader = createConsoleReader(MAX_LINE, 'utf8')
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    for (const { text } of reader.push(0, bytes)) onLine(text)
  })
}

export interface SlowPort {
  /** Once the last byte has arrived; why it broke off before, or null. */
  readonly closed: Promise<string | null>
  /** Breaks it off. */
  end(): void
}

/**
 * Drains a port at `baud`, by a process of its own that keeps the time; it ends with the emulator.
 * Must be called before anything is read of the socket.
 * @param toRunMs when, by the run's clock, a time of the monotonic clock was
 * @throws PLM_LAB where that process cannot be started
 */
export function readSlowPort(
  socket: Duplex,
  baud: number,
  toRunMs: (ms: number) => number,
  onLine: (line: ConsoleLine) => void,
): SlowPort {
  if (SLOW_LINE === undefined) throw new Error('expected slow-line beside this program')
  const [program, args] = launchCommand(process.execPath, [SLOW_LINE, String(baud)])
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit', socket] })
  child.on('error', () => {})
  // The child has the line now.
  socket.destroy()
  if (child.pid === undefined || child.stdout === null)
    throw new PlimsollError('PLM_LAB', 'the process that drains the console could not be started')
  const reader = createConsoleReader()
  let half = ''
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    const bites = (half + text).split('\n')
    half = bites.pop() ?? ''
    for (const bite of bites) {
      const [atMs = '0', hex = ''] = bite.split(' ')
      for (const line of reader.push(toRunMs(Number(atMs)), Buffer.from(hex, 'hex'))) onLine(line)
    }
  })
  const closed = once(child, 'close').then(([code, signal]: unknown[]) => {
    const rest = reader.rest()
    if (rest !== '') onLine({ atMs: toRunMs(monotonicMs()), text: rest, wireBytes: rest.length })
    return code === 0 ? null : `the console's reader ended with ${String(signal ?? code)}`
  })
  return { closed, end: () => child.kill('SIGKILL') }
}
