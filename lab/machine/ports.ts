/** @module The guest's serial ports at this end: sockets on which the emulator calls. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ConsoleLine } from './console-text.ts'
import { createConsoleReader } from './console-text.ts'

/** Beside this file: as a source, or bundled into dist. */
const SLOW_LINE = ['slow-line.ts', 'slow-line.cjs']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))
/** Of one port in one run. */
const MAX_BYTES = 64 * 1024 * 1024

export interface Port {
  readonly path: string
  close(): void
}

async function listen(path: string, onCall: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, onCall)
  server.maxConnections = 1
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return server
}

/** A port that is read as fast as it speaks. */
export async function openFastPort(
  path: string,
  onLine: (line: string) => void,
  onCall: () => void = () => {},
): Promise<Port> {
  const sockets: Socket[] = []
  const server = await listen(path, (socket) => {
    onCall()
    sockets.push(socket)
    socket.on('error', () => {})
    let seen = 0
    socket.on('data', (bytes) => {
      seen += bytes.length
      if (seen > MAX_BYTES) socket.destroy()
    })
    createInterface({ input: socket, crlfDelay: Infinity }).on('line', onLine)
    socket.resume()
  })
  return {
    path,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/**
 * A port that is drained at `baud`, by a process of its own that keeps the time.
 * @param sinceStartMs when, by the run's clock, a time since the epoch was
 */
export async function openSlowPort(
  path: string,
  baud: number,
  sinceStartMs: (epochMs: number) => number,
  onLine: (line: ConsoleLine) => void,
): Promise<Port> {
  if (SLOW_LINE === undefined) throw new Error('expected slow-line beside this program')
  const program = SLOW_LINE
  const children: ChildProcess[] = []
  const server = await listen(path, (socket) => {
    const child = spawn(process.execPath, [program, String(baud)], {
      stdio: [socket, 'pipe', 'inherit'],
    })
    children.push(child)
    // The child has the line now.
    socket.destroy()
    const reader = createConsoleReader()
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on(
      'line',
      (bite) => {
        const [atMs = '0', hex = ''] = bite.split(' ')
        for (const line of reader.push(sinceStartMs(Number(atMs)), Buffer.from(hex, 'hex')))
          onLine(line)
      },
    )
  })
  return {
    path,
    close() {
      server.close()
      for (const child of children) child.kill('SIGKILL')
    },
  }
}
