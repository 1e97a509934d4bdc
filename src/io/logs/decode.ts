/** @module A log's bytes as text: unpacked, in UTF-8, lines ended by LF. What it is, its first bytes tell. */
import { spawn } from 'node:child_process'
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import type { Encoding, Packing } from '../../core/oom/log-head.ts'
import { encodingOf, packingOf } from '../../core/oom/log-head.ts'
import { startScout } from './scout.ts'
import { type ByteSource, fileSource, streamSource } from './source.ts'

const LF = 0x0a
const CR = 0x0d
/** By so many of the first bytes it is told what the rest is. */
const HEAD = 4096
/** ... or of as many as there are after so long: a stream that stays open may say little at first. */
const HEAD_WAIT_MS = 200
const PIECE = 256 * 1024

/** Node has no xz of its own. */
function unpackXz(packed: Readable, name: string): Readable {
  const child = spawn('xz', ['--decompress', '--stdout'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const { stdin, stdout, stderr } = child
  let said = ''
  stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(0, 1000)
  })
  const fail = (why: string): void => {
    stdout.destroy(new PlimsollError('PLM_LOG', `${name} cannot be unpacked: ${why}`))
  }
  child.once('error', () => fail('xz is not there (apt-get install xz-utils)'))
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) fail(said.trim())
  })
  pipeline(packed, stdin, (error) => {
    // xz says itself what it does not like, and closes its end.
    if (error !== null && error !== undefined && error.code !== 'EPIPE') fail(error.message)
  })
  return stdout
}

function unpack(packed: Readable, packing: Packing, name: string): Readable {
  if (packing === 'plain') return packed
  if (packing === 'xz') return unpackXz(packed, name)
  const unpacked =
    packing === 'gzip'
      ? createGunzip({ chunkSize: PIECE })
      : createZstdDecompress({ chunkSize: PIECE })
  pipeline(packed, unpacked, () => {})
  return unpacked
}

/** `undefined`: nothing came for HEAD_WAIT_MS. */
async function soon<T>(next: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, HEAD_WAIT_MS, undefined)
  })
  try {
    return await Promise.race([next, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The same pieces, the first of them HEAD bytes long where there are so many and they come at once. */
async function* withHead(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const from = pieces[Symbol.asyncIterator]()
  const first = await from.next()
  if (first.done === true) return
  let head = first.value
  let next = from.next()
  while (head.length < HEAD) {
    const got = await soon(next)
    if (got === undefined) break
    if (got.done === true) return yield head
    head = Buffer.concat([head, got.value])
    next = from.next()
  }
  // Thrown where it is awaited, which is not before the head was taken.
  next.catch(() => {})
  yield head
  for (let got = await next; got.done !== true; got = await from.next()) yield got.value
}

async function* toUtf8(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let encoding: Encoding | undefined
  let odd = Buffer.alloc(0)
  const decoder = new StringDecoder('utf16le')
  for await (const piece of withHead(pieces)) {
    encoding ??= encodingOf(piece)
    if (encoding === 'utf8') yield piece
    else if (encoding === 'cr') yield Buffer.from(piece.map((byte) => (byte === CR ? LF : byte)))
    else {
      const whole = Buffer.concat([odd, piece])
      odd = whole.subarray(whole.length & ~1)
      const pairs = whole.subarray(0, whole.length & ~1)
      yield Buffer.from(decoder.write(encoding === 'utf16be' ? pairs.swap16() : pairs))
    }
  }
}

/** What a stream holds: its head tells whether it is packed. */
async function* unpacked(stream: Readable, name: string): AsyncGenerator<Buffer> {
  const pieces = withHead(stream)
  const first = await pieces.next()
  if (first.done === true) return
  const again = async function* (): AsyncGenerator<Buffer> {
    yield first.value
    yield* pieces
  }
  const packing = packingOf(first.value)
  if (packing === 'plain') yield* again()
  else yield* unpack(Readable.from(again(), { objectMode: false }), packing, name)
}

/** The same bytes; what reading throws says whose it is. */
function named(source: ByteSource, name: string): ByteSource {
  return {
    ...source,
    async read(into) {
      try {
        return await source.read(into)
      } catch (error) {
        if (error instanceof PlimsollError) throw error
        throw new PlimsollError('PLM_LOG', `${name} cannot be read: ${messageOf(error)}`)
      }
    },
  }
}

/** The text of a stream. Reading throws PLM_LOG where it is damaged. */
export function streamText(stream: Readable, name: string): ByteSource {
  return named(streamSource(toUtf8(unpacked(stream, name))), name)
}

function openFile(path: string): { readonly fd: number; readonly isPlain: boolean } {
  const fd = openSync(path, 'r')
  try {
    const isFile = fstatSync(fd).isFile()
    const head = Buffer.alloc(HEAD)
    const bytes = head.subarray(0, isFile ? readSync(fd, head, 0, HEAD, 0) : 0)
    return {
      fd,
      isPlain: isFile && packingOf(bytes) === 'plain' && encodingOf(bytes) === 'utf8',
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function openFault(path: string, error: unknown): PlimsollError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EACCES' || code === 'EPERM') {
    return new PlimsollError('PLM_PERMISSION', `${path} may not be read`, {
      hint: 'Run as root, or as a member of the group that owns the log.',
    })
  }
  if (code === 'ENOENT') {
    return new PlimsollError('PLM_LOG', `there is no file ${path}`, { hint: 'Check the path.' })
  }
  return new PlimsollError('PLM_LOG', `${path} cannot be read: ${messageOf(error)}`)
}

/**
 * Opens a file, calls `use` with its text and closes it.
 * @throws PLM_PERMISSION, PLM_LOG where it cannot be opened or read, and what `use` throws
 */
export async function withLog<T>(path: string, use: (text: ByteSource) => Promise<T>): Promise<T> {
  let opened: ReturnType<typeof openFile>
  try {
    opened = openFile(path)
  } catch (error) {
    throw openFault(path, error)
  }
  const { fd, isPlain } = opened
  if (!isPlain) {
    const stream = createReadStream(path, { fd, highWaterMark: PIECE })
    try {
      return await use(streamText(stream, path))
    } finally {
      stream.destroy()
    }
  }
  const scout = startScout(path, fstatSync(fd).size)
  try {
    return await use(named(fileSource(fd, scout), path))
  } finally {
    scout?.close()
    closeSync(fd)
  }
}
