/** @module A recorder's file is written whole before it is used: later writes need no room and no journal. */
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { MIB } from '../../base/units.ts'
import { encodeHeader } from '../../core/record/header.ts'
import type { RingHeader } from '../../core/record/records.ts'
import { HEADER_SLOTS, SLOT_BYTES } from '../../core/record/slot.ts'
import { syncDirectory } from '../own-file.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** Slots of the ring in a file of so many bytes. */
export function ringSlotsOf(fileBytes: number): number {
  return Math.max(0, Math.floor(fileBytes / SLOT_BYTES) - HEADER_SLOTS)
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

/**
 * Puts an empty ring at `path`, 0600; when it returns, it is on the disk.
 * @throws what node:fs says, as on a full disk; `path` is then as it was
 */
export function createRing(path: string, header: RingHeader): void {
  const part = `${path}.part`
  // What a run that was killed has left.
  rmSync(part, { force: true })
  const fd = openSync(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    fchmodSync(fd, 0o600)
    for (const copy of [1, 2]) writeFully(fd, encodeHeader(header, copy))
    // fallocate(2) alone would leave extents that are unwritten: their first write waits for a journal.
    const zeros = new Uint8Array(MIB)
    for (let left = header.slots * SLOT_BYTES; left > 0; left -= zeros.length) {
      writeFully(fd, left < zeros.length ? zeros.subarray(0, left) : zeros)
    }
    fsyncSync(fd)
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  } finally {
    closeSync(fd)
  }
  syncDirectory(dirname(path))
}
