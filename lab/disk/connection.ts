/** @module One NBD connection, from its greeting to its end. */
import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { type ByteReader, createByteReader, protocolError } from './byte-reader.ts'
import { type Export, shakeHands } from './handshake.ts'
import { SECTOR_BYTES } from './journal.ts'
import { COMMAND, decodeRequest, REQUEST_BYTES, type Request, TRANSMISSION_FLAGS } from './nbd.ts'
import type { RecordedDisk } from './recorded-disk.ts'
import { acceptRequest, type Completion, MAX_PAYLOAD_BYTES } from './requests.ts'

/** Requests that may wait for their answer; virtio-blk has 128 or 256. */
const MAX_PENDING = 256

const EXPORT_FLAGS = Object.values(TRANSMISSION_FLAGS).reduce((all, flag) => all | flag, 0)

/** @returns null where the client has left or wants to */
async function takeRequest(reader: ByteReader): Promise<Request | null> {
  const header = await reader.take(REQUEST_BYTES)
  if (header === null) return null
  const request = decodeRequest(header)
  if (request === null) throw protocolError('a request began with the wrong magic number')
  return request.type === COMMAND.disconnect ? null : request
}

async function takePayload(reader: ByteReader, { type, length }: Request): Promise<Buffer | null> {
  if (type !== COMMAND.write || length === 0) return null
  if (length > MAX_PAYLOAD_BYTES) {
    throw protocolError(`a write of ${length} bytes, ${MAX_PAYLOAD_BYTES} at most are taken`)
  }
  const payload = await reader.take(length)
  if (payload === null) throw protocolError(`it ended before the ${length} bytes of a write`)
  return payload
}

/** Settles when the socket takes more, or is gone. */
function waitForRoom(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle)
      resolve()
    }
    socket.on('drain', settle).on('close', settle)
  })
}

/**
 * Requests are answered a turn of the event loop after they came, all that came by then together: what a
 * client had under way at the same time is so in the journal too, and a flush covers none of it.
 */
async function transmit(
  socket: Socket,
  reader: ByteReader,
  disk: RecordedDisk,
  log: (line: string) => void,
): Promise<void> {
  const pending: Completion[] = []
  let answering: Promise<void> | null = null

  async function answerPending(): Promise<void> {
    await nextTurn()
    for (let complete = pending.shift(); complete !== undefined; complete = pending.shift()) {
      // A disk finishes what it was given, also when nobody waits for the answer.
      const parts = complete()
      if (socket.writable && !socket.write(Buffer.concat(parts))) await waitForRoom(socket)
    }
    answering = null
  }

  try {
    for (let request = await takeRequest(reader); request; request = await takeRequest(reader)) {
      const payload = await takePayload(reader, request)
      pending.push(acceptRequest(request, payload, disk, log))
      answering ??= answerPending()
      if (pending.length >= MAX_PENDING) await answering
    }
  } finally {
    await answering
  }
}

/**
 * Serves the disk over the socket until the client leaves, and ends the connection.
 * @param log is told why, where the client broke the protocol
 */
export async function serveConnection(
  socket: Socket,
  disk: RecordedDisk,
  log: (line: string) => void,
): Promise<void> {
  const info: Export = {
    sizeBytes: disk.sectors * SECTOR_BYTES,
    flags: EXPORT_FLAGS,
    minBlockBytes: SECTOR_BYTES,
    preferredBlockBytes: 4096,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
  }
  socket.on('error', (error) => log(`a connection was lost: ${messageOf(error)}`))
  const reader = createByteReader(socket)
  try {
    if (await shakeHands(reader, (bytes) => void socket.write(bytes), info)) {
      await transmit(socket, reader, disk, log)
    }
    socket.destroySoon()
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    log(`a connection was ended: ${error.message}`)
    socket.destroy()
  }
}
