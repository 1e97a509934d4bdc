/** @module Kernel modules out of their compression: a small guest loads plain ones alone. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import { cacheKey, labCache } from './cache.ts'
import { runTool } from './run-tool.ts'
import { requireTool } from './tools.ts'

/** The largest of Debian's modules has a few MiB. */
const MODULE_BYTES = 64 * MIB

const gunzipAsync = promisify(gunzip)
const zstdAsync = promisify(zstdDecompress)

async function decompress(file: string, signal: AbortSignal | undefined): Promise<Buffer> {
  const limits = { maxOutputLength: MODULE_BYTES }
  if (file.endsWith('.gz')) return await gunzipAsync(readFileSync(file), limits)
  if (file.endsWith('.zst')) return await zstdAsync(readFileSync(file), limits)
  const result = await runTool(requireTool('xz'), ['-dc', '--', file], { signal })
  if (!result.ok) throw new Error(result.reason)
  return result.stdout
}

/**
 * The path of a module as it is loaded: the file itself, or its content in the cache where the
 * file is compressed (.gz, .xz, .zst).
 * @throws PLM_LAB_KERNEL where the file is not what its name says
 */
export async function plainModule(file: string, signal?: AbortSignal): Promise<string> {
  if (file.endsWith('.ko')) return file
  const { mtimeMs, size } = statSync(file)
  const folder = join(labCache(), 'modules', cacheKey([file, `${mtimeMs}`, `${size}`]))
  const plain = join(folder, basename(file).replace(/\.[^.]+$/, ''))
  if (existsSync(plain)) return plain
  let content: Buffer
  try {
    content = await decompress(file, signal)
  } catch (error) {
    if (error instanceof PlimsollError || signal?.aborted) throw error
    const message = `could not decompress ${file}: ${messageOf(error)}`
    throw new PlimsollError('PLM_LAB_KERNEL', message, { cause: error })
  }
  mkdirSync(folder, { recursive: true })
  const part = `${plain}.${process.pid}`
  writeFileSync(part, content)
  renameSync(part, plain)
  return plain
}
