/** @module A proxy that keeps each body, 8 MiB/s of Buffers, which are outside V8's heap and its limit. */
import { begin, endAtBound, now } from './leak.ts'

const BODY_BYTES = 64 * 1024
const bodies: Buffer[] = []

begin(() => {
  while (bodies.length * BODY_BYTES < 8 * 1024 * 1024 * now()) {
    bodies.push(Buffer.alloc(BODY_BYTES, 0x5a))
    endAtBound(bodies.length * BODY_BYTES)
  }
})
