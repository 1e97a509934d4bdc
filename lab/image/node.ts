/** @module The Node of this process as files of a guest, with the libraries that it is loaded with. */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { cacheKey, labCache } from '../archive/cache.ts'
import { runTool } from '../archive/run-tool.ts'
import { findProgram } from '../archive/tools.ts'
import type { GuestFile } from '../machine/guest.ts'
import { parseLdd } from './ldd.ts'

/** Without its symbols it is a fifth smaller; without strip(1) it stays as it is. */
async function strippedNode(signal: AbortSignal | undefined): Promise<string> {
  const strip = findProgram('strip')
  if (strip === null) return process.execPath
  const { size, mtimeMs } = statSync(process.execPath)
  const folder = join(labCache(), 'node')
  const stripped = join(
    folder,
    `node-${cacheKey([process.version, String(size), String(mtimeMs)])}`,
  )
  if (existsSync(stripped)) return stripped
  mkdirSync(folder, { recursive: true })
  const part = `${stripped}.${process.pid}`
  const made = await runTool(strip, ['-o', part, process.execPath], { signal })
  if (!made.ok) return process.execPath
  renameSync(part, stripped)
  return stripped
}

/**
 * `/usr/bin/node` and its libraries where this host has them. Give the guest a root on a disk, or
 * they take 120 MB of its memory, and 1 GiB of memory for a program that does some work.
 * @throws PLM_LAB where a library is missing here
 */
export async function nodeFiles(signal?: AbortSignal): Promise<readonly GuestFile[]> {
  const node = await strippedNode(signal)
  const listing = await runTool('ldd', [process.execPath], { signal })
  if (!listing.ok) throw new PlimsollError('PLM_LAB', `ldd of Node failed: ${listing.reason}`)
  const { paths, missing } = parseLdd(listing.stdout.toString())
  if (missing.length > 0) {
    throw new PlimsollError('PLM_LAB', `Node lacks ${missing.join(', ')} on this host`)
  }
  return [
    { path: 'usr/bin/node', from: { file: node }, isExecutable: true },
    ...paths.map((file) => ({ path: file.slice(1), from: { file }, isExecutable: true })),
  ]
}
