/** @module Disks that hold a guest's root: ext4 made without root by mke2fs(8), kept by their content. */

import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import { cacheKey, labCache, withLock } from '../archive/cache.ts'
import { runTool } from '../archive/run-tool.ts'
import { requireTool } from '../archive/tools.ts'
import type { FileEntry } from '../machine/cpio.ts'

/** What a guest may write; nothing of it takes room here until it is written. */
const FREE_BYTES = 512 * MIB
/** The least recently used beyond these are removed, */
const MAX_IMAGES = 6
/** but none that a guest may still wait for its turn with. */
const IN_USE_MS = 2 * 3600 * 1000
/** Counts up when the same content is laid out in another way. */
const LAYOUT = 'layout 1'

function partsOf(entry: FileEntry): string {
  switch (entry.kind) {
    case 'file': {
      const hash = createHash('sha256').update(entry.data).digest('hex')
      return `${entry.path} ${entry.mode} ${hash}`
    }
    case 'link':
      return `${entry.path} -> ${entry.target}`
    case 'directory':
      return `${entry.path}/`
  }
}

/** The name of an image says all that is in it. */
export function imageName(entries: readonly FileEntry[], tree: string | null): string {
  return `root-${cacheKey([LAYOUT, tree ?? '', ...entries.map(partsOf)])}.ext4`
}

/** Writes below `folder`. What is in its place is removed first: it may be the tree's own file. */
function placeEntry(folder: string, entry: FileEntry): void {
  const path = join(folder, entry.path)
  if (entry.kind === 'directory') {
    mkdirSync(path, { recursive: true })
    return
  }
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  if (entry.kind === 'link') symlinkSync(entry.target, path)
  else {
    writeFileSync(path, entry.data)
    chmodSync(path, entry.mode)
  }
}

function bytesBelow(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    // Each takes an inode and whole blocks.
    bytes += 4096
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size
  }
  return bytes
}

function removeOldest(images: string): void {
  const byAge = readdirSync(images)
    .filter((name) => name.endsWith('.ext4'))
    .map((name) => ({ name, usedMs: statSync(join(images, name)).mtimeMs }))
    .sort((a, b) => b.usedMs - a.usedMs)
  for (const { name, usedMs } of byAge.slice(MAX_IMAGES)) {
    if (Date.now() - usedMs > IN_USE_MS) rmSync(join(images, name), { force: true })
  }
}

/**
 * In a user namespace of its own (unshare(1)) an ordinary user's files are root's. Where that is not
 * allowed they stay the user's, which only a system's own programs would mind.
 */
async function runMke2fs(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const asRoot = ['--map-root-user', '--']
  const isAllowed =
    process.getuid?.() !== 0 && (await runTool('unshare', [...asRoot, 'true'], { signal })).ok
  const command = [...(isAllowed ? ['unshare', ...asRoot] : []), requireTool('mke2fs'), ...args]
  const [program = '', ...rest] = command
  const made = await runTool(program, rest, { signal })
  if (!made.ok) {
    throw new PlimsollError('PLM_LAB', `could not make the guest's disk: ${made.reason}`)
  }
}

/**
 * The path of an image with these entries over `tree`, a folder that never changes (as
 * unpackPackages has it). Sparse; made once for the same content. Not to be written.
 * @throws PLM_LAB_TOOL without mke2fs, PLM_LAB where it fails
 */
export async function makeExt4Image(
  entries: readonly FileEntry[],
  { tree, signal }: { tree: string | null; signal?: AbortSignal | undefined },
): Promise<string> {
  const images = join(labCache(), 'roots')
  const image = join(images, imageName(entries, tree))
  return await withLock(
    join(images, 'lock'),
    async () => {
      if (!existsSync(image)) {
        const part = `${image}.part`
        const folder = `${image}.folder`
        rmSync(folder, { recursive: true, force: true })
        try {
          mkdirSync(folder)
          if (tree !== null) cpSync(tree, folder, { recursive: true, verbatimSymlinks: true })
          for (const entry of entries) placeEntry(folder, entry)
          const kib = Math.ceil((bytesBelow(folder) * 1.1 + FREE_BYTES) / 1024)
          rmSync(part, { force: true })
          const options = [
            '-q',
            '-F',
            '-t',
            'ext4',
            '-m',
            '0',
            '-E',
            'root_owner=0:0',
            '-d',
            folder,
          ]
          await runMke2fs([...options, part, `${kib}k`], signal)
          renameSync(part, image)
        } finally {
          rmSync(folder, { recursive: true, force: true })
          rmSync(part, { force: true })
        }
      }
      const now = new Date()
      utimesSync(image, now, now)
      removeOldest(images)
      return image
    },
    signal,
  )
}
