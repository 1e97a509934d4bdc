/** @module A log's bytes as it was kept: plain, gzip, xz or zstd, told by its first bytes. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { messageOf, PlimsollError } from '../../base/errors.ts'

type Packing = 'plain' | 'gzip' | 'xz' | 'zstd'

const MAGIC: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

export function packingOf(head: Uint8Array): Packing {
  return MAGIC.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0] ?? 'plain'
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Node has no xz of its own. */
function unpackXz(path: string): Readable {
  const child = spawn('xz', ['--decompress', '--stdout', '--', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = child
  let said = ''
  stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(0, 1000)
  })
  const fail = (why: string): void => {
    stdout.destroy(new PlimsollError('PLM_LOG', `${path} cannot be unpacked: ${why}`))
  }
  child.once('error', () => fail('xz is not there (apt-get install xz-utils)'))
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) fail(said.trim())
  })
  return stdout
}

/** The log's bytes, unpacked. @throws PLM_LOG where it cannot be opened */
export async function openLog(path: string): Promise<Readable> {
  let packing: Packing
  try {
    packing = packingOf(await readHead(path))
  } catch (error) {
    throw new PlimsollError('PLM_LOG', `${path} cannot be read: ${messageOf(error)}`)
  }
  if (packing === 'xz') return unpackXz(path)
  const source = createReadStream(path, { highWaterMark: 1024 * 1024 })
  if (packing === 'plain') return source
  const unpacked = packing === 'gzip' ? createGunzip() : createZstdDecompress()
  source.once('error', (error) => unpacked.destroy(error))
  return source.pipe(unpacked)
}
