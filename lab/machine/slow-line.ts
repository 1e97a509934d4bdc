/**
 * @module The far end of a slow serial line, as a process of its own: reads its standard input no
 * faster than the line carries, in small bites, since the driver gives a character up after 10 ms
 * (8250_port.c, wait_for_xmitr), and writes each bite as `MS HEX` with the time at which it had arrived.
 *
 * node slow-line.ts BAUD
 */
import { readSync, writeSync } from 'node:fs'
import { bookBytes, bytesDue, createPace } from './line-pace.ts'

const PAUSE_MS = 1
const bite = Buffer.alloc(4096)
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** Bytes read; 0 where none are there, -1 at the end. */
function readSome(length: number): number {
  try {
    const got = readSync(0, bite, 0, Math.min(length, bite.length), null)
    return got === 0 ? -1 : got
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
    throw error
  }
}

const pace = createPace(Number(process.argv[2]), performance.now())
for (;;) {
  Atomics.wait(sleeper, 0, 0, PAUSE_MS)
  const due = bytesDue(pace, performance.now())
  if (due === 0) continue
  const got = readSome(due)
  if (got < 0) break
  bookBytes(pace, due, got)
  if (got > 0) {
    const atMs = (performance.timeOrigin + performance.now()).toFixed(1)
    writeSync(1, `${atMs} ${bite.toString('hex', 0, got)}\n`)
  }
}
