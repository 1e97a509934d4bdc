/**
 * @module The far end of a slow serial line, as a process of its own: reads the socket that is its
 * descriptor 3 no faster than the line carries, in small bites, since the driver gives a character up
 * after 10 ms (8250_port.c, wait_for_xmitr), and writes each bite as `MS HEX` with the time at which
 * it had arrived. Ends when the other end is closed.
 *
 * node slow-line.ts BAUD 3<>SOCKET
 */
import { readSync, writeSync } from 'node:fs'
import { monotonicMs } from './clock.ts'
import { bookBytes, bytesDue, createPace } from './line-pace.ts'

/** Above the standard streams, which Node has made blocking: one would wait for a byte, and not see the time pass. */
const LINE_FD = 3
const PAUSE_MS = 1
/** While the other end was kept waiting, and will have filled its small buffer again. */
const CATCH_UP_MS = 0.2
const bite = Buffer.alloc(4096)
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** Bytes read; 0 where none are there, -1 at the end. */
function readSome(length: number): number {
  try {
    const got = readSync(LINE_FD, bite, 0, Math.min(length, bite.length), null)
    return got === 0 ? -1 : got
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
    throw error
  }
}

const pace = createPace(Number(process.argv[2]), monotonicMs())
let pauseMs = PAUSE_MS
for (;;) {
  Atomics.wait(sleeper, 0, 0, pauseMs)
  const due = bytesDue(pace, monotonicMs())
  if (due === 0) continue
  const got = readSome(due)
  if (got < 0) break
  bookBytes(pace, got)
  pauseMs = got > 0 && got < due ? CATCH_UP_MS : PAUSE_MS
  if (got > 0) writeSync(1, `${monotonicMs().toFixed(1)} ${bite.toString('hex', 0, got)}\n`)
}
