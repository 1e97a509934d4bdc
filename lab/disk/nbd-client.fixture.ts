/** @module A small NBD client: EXPORT_NAME, then requests, as many under way as one likes. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import {
  COMMAND,
  COMMAND_FLAGS,
  HANDSHAKE_FLAGS,
  OPTION,
  OPTION_MAGIC,
  REQUEST_BYTES,
  REQUEST_MAGIC,
  SIMPLE_REPLY_MAGIC,
} from './nbd.ts'

export interface RequestOptions {
  readonly type: number
  readonly flags?: number
  readonly offset?: number
  readonly length?: number
  readonly cookie?: number
  readonly payload?: Uint8Array
}

export function encodeRequest(options: RequestOptions): Buffer {
  const { type, flags = 0, offset = 0, payload, cookie = 0 } = options
  const bytes = Buffer.alloc(REQUEST_BYTES)
  bytes.writeUInt32BE(REQUEST_MAGIC, 0)
  bytes.writeUInt16BE(flags, 4)
  bytes.writeUInt16BE(type, 6)
  bytes.writeBigUInt64BE(BigInt(cookie), 8)
  bytes.writeBigUInt64BE(BigInt(offset), 16)
  bytes.writeUInt32BE(options.length ?? payload?.length ?? 0, 24)
  return Buffer.concat([bytes, payload ?? Buffer.alloc(0)])
}

export function encodeOption(option: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeBigUInt64BE(OPTION_MAGIC, 0)
  bytes.writeUInt32BE(option, 8)
  bytes.writeUInt32BE(data.length, 12)
  return Buffer.concat([bytes, data])
}

export function encodeClientFlags(
  flags = HANDSHAKE_FLAGS.fixedNewstyle | HANDSHAKE_FLAGS.noZeroes,
) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(flags >>> 0)
  return bytes
}

export interface RawClient {
  readonly socket: Socket
  /** @throws where the server leaves first */
  take(count: number): Promise<Buffer>
  /** Reads on until the server has ended the connection. */
  readToEnd(): Promise<void>
}

/** Connected, and greeted. */
export async function connectRaw(socketPath: string): Promise<RawClient> {
  const socket = connect(socketPath)
  await once(socket, 'connect')
  // The server may have left while something was still on its way to it.
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  const reader: ByteReader = createByteReader(socket)
  const take = async (count: number) => {
    const bytes = await reader.take(count)
    if (bytes === null) throw new Error('the server ended the connection')
    return bytes
  }
  async function readToEnd(): Promise<void> {
    while ((await reader.take(1)) !== null);
    await closed
  }
  await take(18)
  return { socket, take, readToEnd }
}

export interface Client extends RawClient {
  readonly sizeBytes: number
  readonly exportFlags: number
  /** @returns the error of the answer, 0 for none */
  write(offset: number, payload: Uint8Array, fua?: boolean): Promise<number>
  writeZeroes(offset: number, length: number): Promise<number>
  flush(): Promise<number>
  /** @throws where the answer is an error */
  read(offset: number, length: number): Promise<Buffer>
  /** The error of the next answer, whose cookie must be that. */
  takeAnswer(cookie: number): Promise<number>
  disconnect(): Promise<void>
}

export async function connectClient(socketPath: string): Promise<Client> {
  const raw = await connectRaw(socketPath)
  const { socket, take } = raw
  socket.write(Buffer.concat([encodeClientFlags(), encodeOption(OPTION.exportName)]))
  const info = await take(10)
  let cookies = 0

  async function takeAnswer(cookie: number): Promise<number> {
    const answer = await take(16)
    if (answer.readUInt32BE(0) !== SIMPLE_REPLY_MAGIC) throw new Error('not a simple reply')
    if (answer.readBigUInt64BE(8) !== BigInt(cookie))
      throw new Error('an answer to another request')
    return answer.readUInt32BE(4)
  }
  async function ask(options: RequestOptions): Promise<number> {
    const cookie = ++cookies
    socket.write(encodeRequest({ ...options, cookie }))
    return await takeAnswer(cookie)
  }

  return {
    ...raw,
    sizeBytes: Number(info.readBigUInt64BE(0)),
    exportFlags: info.readUInt16BE(8),
    write: (offset, payload, fua = false) =>
      ask({ type: COMMAND.write, offset, payload, flags: fua ? COMMAND_FLAGS.fua : 0 }),
    writeZeroes: (offset, length) => ask({ type: COMMAND.writeZeroes, offset, length }),
    flush: () => ask({ type: COMMAND.flush }),
    async read(offset, length) {
      const error = await ask({ type: COMMAND.read, offset, length })
      if (error !== 0) throw new Error(`the read failed: ${error}`)
      return await take(length)
    },
    takeAnswer,
    async disconnect() {
      socket.write(encodeRequest({ type: COMMAND.disconnect }))
      await raw.readToEnd()
    },
  }
}
