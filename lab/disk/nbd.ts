/**
 * @module The NBD protocol's numbers and messages: fixed newstyle handshake, simple replies
 * (github.com/NetworkBlockDevice/nbd, doc/proto.md; all numbers are big-endian).
 */

export const HANDSHAKE_MAGIC = 0x4e42444d41474943n // "NBDMAGIC"
export const OPTION_MAGIC = 0x49484156454f5054n // "IHAVEOPT"
export const OPTION_REPLY_MAGIC = 0x0003e889045565a9n
export const REQUEST_MAGIC = 0x25609513
export const SIMPLE_REPLY_MAGIC = 0x67446698

export const HANDSHAKE_FLAGS = { fixedNewstyle: 1, noZeroes: 2 } as const

export const TRANSMISSION_FLAGS = {
  hasFlags: 1,
  sendFlush: 4,
  sendFua: 8,
  sendWriteZeroes: 64,
} as const

export const OPTION = { exportName: 1, abort: 2, list: 3, info: 6, go: 7 } as const

export const OPTION_REPLY = {
  ack: 1,
  server: 2,
  info: 3,
  errUnsupported: 0x80000001,
  errInvalid: 0x80000003,
  errUnknown: 0x80000006,
} as const

export const INFO = { export: 0, blockSize: 3 } as const

export const COMMAND = { read: 0, write: 1, disconnect: 2, flush: 3, writeZeroes: 6 } as const

/** On WRITE_ZEROES, `noHole` asks for room to be kept; the journal has it anyway. */
export const COMMAND_FLAGS = { fua: 1, noHole: 2 } as const

/** The protocol's own numbers, whatever the system's are. */
export const NBD_ERROR = { none: 0, io: 5, invalid: 22, noSpace: 28 } as const
export type NbdError = (typeof NBD_ERROR)[keyof typeof NBD_ERROR]

export interface Request {
  readonly flags: number
  readonly type: number
  readonly cookie: bigint
  readonly offset: bigint
  readonly length: number
}

export const OPTION_HEADER_BYTES = 16
export const REQUEST_BYTES = 28

/** @returns null where the magic number is wrong */
export function decodeOptionHeader(
  bytes: Buffer,
): { readonly option: number; readonly length: number } | null {
  if (bytes.readBigUInt64BE(0) !== OPTION_MAGIC) return null
  return { option: bytes.readUInt32BE(8), length: bytes.readUInt32BE(12) }
}

/** @returns null where the magic number is wrong */
export function decodeRequest(bytes: Buffer): Request | null {
  if (bytes.readUInt32BE(0) !== REQUEST_MAGIC) return null
  return {
    flags: bytes.readUInt16BE(4),
    type: bytes.readUInt16BE(6),
    cookie: bytes.readBigUInt64BE(8),
    offset: bytes.readBigUInt64BE(16),
    length: bytes.readUInt32BE(24),
  }
}

export function encodeGreeting(): Buffer {
  const bytes = Buffer.alloc(18)
  bytes.writeBigUInt64BE(HANDSHAKE_MAGIC, 0)
  bytes.writeBigUInt64BE(OPTION_MAGIC, 8)
  bytes.writeUInt16BE(HANDSHAKE_FLAGS.fixedNewstyle | HANDSHAKE_FLAGS.noZeroes, 16)
  return bytes
}

export function encodeOptionReply(
  option: number,
  type: number,
  data: Buffer = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(20)
  header.writeBigUInt64BE(OPTION_REPLY_MAGIC, 0)
  header.writeUInt32BE(option, 8)
  header.writeUInt32BE(type, 12)
  header.writeUInt32BE(data.length, 16)
  return Buffer.concat([header, data])
}

/** What EXPORT_NAME is answered with; 124 zeros follow for clients that did not decline them. */
export function encodeExport(sizeBytes: number, flags: number): Buffer {
  const bytes = Buffer.alloc(10)
  bytes.writeBigUInt64BE(BigInt(sizeBytes), 0)
  bytes.writeUInt16BE(flags, 8)
  return bytes
}

export function encodeExportInfo(sizeBytes: number, flags: number): Buffer {
  const type = Buffer.alloc(2)
  type.writeUInt16BE(INFO.export)
  return Buffer.concat([type, encodeExport(sizeBytes, flags)])
}

export function encodeBlockSizeInfo(minimum: number, preferred: number, payload: number): Buffer {
  const bytes = Buffer.alloc(14)
  bytes.writeUInt16BE(INFO.blockSize, 0)
  bytes.writeUInt32BE(minimum, 2)
  bytes.writeUInt32BE(preferred, 6)
  bytes.writeUInt32BE(payload, 10)
  return bytes
}

/** The bytes that are read follow the answer to a READ that went well. */
export function encodeSimpleReply(cookie: bigint, error: NbdError): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(SIMPLE_REPLY_MAGIC, 0)
  bytes.writeUInt32BE(error, 4)
  bytes.writeBigUInt64BE(cookie, 8)
  return bytes
}
