/** @module Reads a recorder's file, of this host or of any other. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { PlimsollError } from '../../base/errors.ts'
import { GIB } from '../../base/units.ts'
import type { RecoveredRing } from '../../core/record/records.ts'
import { isIntact, recoverRing } from '../../core/record/recover.ts'

const MAX_FILE_BYTES = GIB

function refuse(path: string, why: string): PlimsollError {
  return new PlimsollError('PLM_RECORD', `${path} cannot be read as a flight recorder: ${why}`)
}

function openForReading(path: string): number {
  try {
    // Without O_NONBLOCK a FIFO would be waited for.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      throw refuse(
        path,
        "there is no such file; root's agent writes /var/lib/plimsoll/recorder.ring",
      )
    }
    if (code !== 'EACCES' && code !== 'EPERM') throw refuse(path, `${code}`)
    throw new PlimsollError('PLM_PERMISSION', `${path} may not be read by this user`, {
      hint: 'It is for its owner alone: run as root, or as who ran the agent.',
    })
  }
}

function readImage(path: string): Uint8Array {
  const fd = openForReading(path)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw refuse(path, 'it is no file')
    if (stat.size > MAX_FILE_BYTES) throw refuse(path, `it has more than ${MAX_FILE_BYTES} bytes`)
    const image = new Uint8Array(stat.size)
    let at = 0
    for (let got = -1; got !== 0 && at < image.length; at += got) {
      got = readSync(fd, image, at, image.length - at, at)
    }
    return image.subarray(0, at)
  } finally {
    closeSync(fd)
  }
}

/** @throws PLM_RECORD: it cannot be read, or is no flight recorder; PLM_PERMISSION */
export function readRing(path: string): RecoveredRing {
  let ring = recoverRing(readImage(path))
  // A recorder that is being written may be read in the middle of a write.
  if (!isIntact(ring)) ring = recoverRing(readImage(path))
  if (ring.header === null && ring.counts.whole === 0) {
    throw refuse(path, 'it holds neither a header nor a whole slot of one')
  }
  return ring
}
