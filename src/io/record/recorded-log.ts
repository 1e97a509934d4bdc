/** @module The kernel's log as far as a flight recorder has it: what it said in shortages, whoever read it then. */
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { HEADER_SLOTS, peekMagic, SLOT_BYTES } from '../../core/record/slot.ts'
import { type ByteSource, streamSource } from '../logs/source.ts'
import { readRing } from './read-ring.ts'

/** Whether a file begins as a recorder does. What cannot be read is none. */
export function isRecorderFile(path: string): boolean {
  let fd = -1
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const head = new Uint8Array(HEADER_SLOTS * SLOT_BYTES)
    readSync(fd, head, 0, head.length, 0)
    return peekMagic(head, 0) || peekMagic(head, SLOT_BYTES)
  } catch {
    return false
  } finally {
    if (fd >= 0) closeSync(fd)
  }
}

/**
 * Calls `use` with what the kernel said, as /dev/kmsg gave it.
 * @throws PLM_RECORD, PLM_PERMISSION
 */
export async function withRecordedLog<T>(
  path: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const { items } = readRing(path)
  async function* pieces(): AsyncGenerator<Buffer> {
    for (const { type, payload } of items) {
      if (type === 'kmsg') yield Buffer.from(payload)
    }
  }
  return await use(streamSource(pieces()))
}
