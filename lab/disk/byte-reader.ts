/** @module Takes bytes off a socket in the pieces that a protocol is made of. */
import type { Socket } from 'node:net'
import { PlimsollError } from '../../src/base/errors.ts'

/** The other side broke the protocol or left in the middle of it: the connection is over. */
export function protocolError(message: string): PlimsollError {
  return new PlimsollError('PLM_LAB', message, {
    hint: 'doc/proto.md of github.com/NetworkBlockDevice/nbd has the protocol.',
  })
}

export interface ByteReader {
  /**
   * The next `count` bytes, at least 1. One caller at a time; what nobody takes stays with the sender.
   * @returns null where the other side left before the first of them
   * @throws PLM_LAB where it left before the last
   */
  take(count: number): Promise<Buffer | null>
}

export function createByteReader(socket: Socket): ByteReader {
  let wake: () => void = () => {}
  for (const event of ['readable', 'end', 'close']) socket.on(event, () => wake())
  return {
    async take(count) {
      while (true) {
        const bytes: Buffer | null = socket.read(count)
        // At the end read() gives what is left, be it less than was asked for.
        if (bytes !== null && bytes.length < count) {
          throw protocolError(`it ended after ${bytes.length} of ${count} bytes`)
        }
        if (bytes !== null) return bytes
        if (socket.readableEnded || socket.destroyed) return null
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
