/** @module The first phase of an NBD connection: which export, how large, what it can do. */
import { type ByteReader, protocolError } from './byte-reader.ts'
import {
  decodeOptionHeader,
  encodeBlockSizeInfo,
  encodeExport,
  encodeExportInfo,
  encodeGreeting,
  encodeOptionReply,
  HANDSHAKE_FLAGS,
  OPTION,
  OPTION_HEADER_BYTES,
  OPTION_REPLY,
} from './nbd.ts'

/** The one export of a server; its name is empty, as that of a default export is. */
export interface Export {
  readonly sizeBytes: number
  readonly flags: number
  readonly minBlockBytes: number
  readonly preferredBlockBytes: number
  readonly maxPayloadBytes: number
}

/** A name has 4096 bytes at most; the rest is for the list of what a client asks about. */
const MAX_OPTION_BYTES = 8192
const MAX_OPTIONS = 64

/** What may follow after an option: the next one, requests, or nothing. */
type Next = 'haggle' | 'transmit' | 'end'

/** The name of the export in the data of INFO or GO, or null where that is no such data. */
function readInfoName(data: Buffer): string | null {
  if (data.length < 6) return null
  const nameBytes = data.readUInt32BE(0)
  if (nameBytes > data.length - 6) return null
  const asked = data.readUInt16BE(4 + nameBytes)
  if (data.length !== 6 + nameBytes + 2 * asked) return null
  return data.toString('utf8', 4, 4 + nameBytes)
}

function describeExport(option: number, info: Export): readonly Buffer[] {
  const { minBlockBytes, preferredBlockBytes, maxPayloadBytes } = info
  const sizes = encodeBlockSizeInfo(minBlockBytes, preferredBlockBytes, maxPayloadBytes)
  return [
    encodeOptionReply(option, OPTION_REPLY.info, encodeExportInfo(info.sizeBytes, info.flags)),
    encodeOptionReply(option, OPTION_REPLY.info, sizes),
    encodeOptionReply(option, OPTION_REPLY.ack),
  ]
}

interface OptionAnswer {
  readonly replies: readonly Buffer[]
  readonly next: Next
}

function refuse(option: number, type: number): OptionAnswer {
  return { replies: [encodeOptionReply(option, type)], next: 'haggle' }
}

/** @throws PLM_LAB for EXPORT_NAME with a name that there is not: the protocol has no answer to it */
function answerOption(option: number, data: Buffer, info: Export, zeros: Buffer): OptionAnswer {
  switch (option) {
    case OPTION.exportName:
      if (data.length > 0) throw protocolError('it asked for an export of another name')
      return { replies: [encodeExport(info.sizeBytes, info.flags), zeros], next: 'transmit' }
    case OPTION.info:
    case OPTION.go: {
      const name = readInfoName(data)
      if (name === null) return refuse(option, OPTION_REPLY.errInvalid)
      if (name !== '') return refuse(option, OPTION_REPLY.errUnknown)
      const next = option === OPTION.go ? 'transmit' : 'haggle'
      return { replies: describeExport(option, info), next }
    }
    case OPTION.list: {
      if (data.length > 0) return refuse(option, OPTION_REPLY.errInvalid)
      const emptyName = Buffer.alloc(4)
      const server = encodeOptionReply(option, OPTION_REPLY.server, emptyName)
      return { replies: [server, encodeOptionReply(option, OPTION_REPLY.ack)], next: 'haggle' }
    }
    case OPTION.abort:
      return { replies: [encodeOptionReply(option, OPTION_REPLY.ack)], next: 'end' }
    default:
      return refuse(option, OPTION_REPLY.errUnsupported)
  }
}

/** @throws PLM_LAB for flags that were not offered, as the protocol demands */
function readClientFlags(bytes: Buffer): { readonly zeros: Buffer } {
  const flags = bytes.readUInt32BE(0)
  if ((flags & ~(HANDSHAKE_FLAGS.fixedNewstyle | HANDSHAKE_FLAGS.noZeroes)) !== 0) {
    throw protocolError(`it set client flags that were not offered: 0x${flags.toString(16)}`)
  }
  return { zeros: Buffer.alloc(flags & HANDSHAKE_FLAGS.noZeroes ? 0 : 124) }
}

/**
 * @returns whether requests follow; if not, the client has left or wants to
 * @throws PLM_LAB where it breaks the protocol
 */
export async function shakeHands(
  reader: ByteReader,
  send: (bytes: Buffer) => void,
  info: Export,
): Promise<boolean> {
  send(encodeGreeting())
  const flagBytes = await reader.take(4)
  if (flagBytes === null) return false
  const { zeros } = readClientFlags(flagBytes)
  for (let options = 0; options < MAX_OPTIONS; options++) {
    const headerBytes = await reader.take(OPTION_HEADER_BYTES)
    if (headerBytes === null) return false
    const header = decodeOptionHeader(headerBytes)
    if (header === null) throw protocolError('an option began with the wrong magic number')
    const { option, length } = header
    if (length > MAX_OPTION_BYTES) {
      throw protocolError(
        `option ${option} has ${length} bytes of data, ${MAX_OPTION_BYTES} at most are taken`,
      )
    }
    const data = length === 0 ? Buffer.alloc(0) : await reader.take(length)
    if (data === null) throw protocolError(`it ended before the data of option ${option}`)
    const { replies, next } = answerOption(option, data, info, zeros)
    for (const reply of replies) send(reply)
    if (next !== 'haggle') return next === 'transmit'
  }
  throw protocolError(`it sent more than ${MAX_OPTIONS} options`)
}
