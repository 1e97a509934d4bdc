/** @module Writes the image that a power cut leaves to a file. */
import { type FileHandle, open } from 'node:fs/promises'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import { piecesOf } from './image-bytes.ts'
import type { CutImage } from './images.ts'
import { SECTOR_BYTES } from './journal.ts'
import type { VolatileDisk } from './volatile-disk.ts'

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Zeros are left out: a base image is mostly holes, and so should its copies be. */
async function copyBase(from: FileHandle, to: FileHandle, bytes: number): Promise<void> {
  const buffer = Buffer.alloc(MIB)
  const zeros = Buffer.alloc(MIB)
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(MIB, bytes - at), at)
    if (bytesRead === 0) throw new Error(`it ended at byte ${at} of ${bytes}`)
    const read = buffer.subarray(0, bytesRead)
    if (!read.equals(zeros.subarray(0, bytesRead))) await writeFully(to, read, at)
    at += bytesRead
  }
}

async function isSameFile(a: FileHandle, b: FileHandle): Promise<boolean> {
  const [first, second] = await Promise.all([a.stat(), b.stat()])
  return first.ino === second.ino && first.dev === second.dev
}

/**
 * Writes the base image with what survived the cut over it. A file that is there is overwritten.
 * @param image of `imagesAfterCut` for this disk's journal
 * @throws PLM_LAB where it cannot be written, or `path` is the base image itself
 */
export async function writeImageAfterCut(
  disk: VolatileDisk,
  image: CutImage,
  path: string,
): Promise<void> {
  try {
    await using base = await open(disk.baseImage, 'r')
    // Not truncated before it is known that it is another file.
    await using file = await open(path, 'a').then(async (found) => {
      await using opened = found
      if (await isSameFile(base, opened)) throw new Error('it is the base image')
      return await open(path, 'r+')
    })
    await file.truncate(0)
    await file.truncate(disk.sizeBytes)
    await copyBase(base, file, disk.sizeBytes)
    for (const { firstSector, bytes } of piecesOf(image, disk.journal(), disk.readData)) {
      await writeFully(file, bytes, firstSector * SECTOR_BYTES)
    }
  } catch (error) {
    throw new PlimsollError('PLM_LAB', `no image was written to ${path}: ${messageOf(error)}`, {
      hint: 'Give another path, on a disk with room.',
      cause: error,
    })
  }
}
