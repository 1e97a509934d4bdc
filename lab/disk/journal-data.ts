/** @module The bytes of a journal's writes, in a file of no name that goes with this process. */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../src/base/errors.ts'
import { fail, ok, type Result } from '../../src/base/result.ts'
import { SECTOR_BYTES } from './journal.ts'

export interface JournalData {
  /** Keeps whole sectors and says at which sector of the data they begin, or why they could not be kept. */
  append(bytes: Uint8Array): Result<number, string>
  read(dataSector: number, sectors: number): Uint8Array
  close(): void
}

/**
 * @param directory on a disk with `limitBytes` of room; the file has no name there once it is open
 * @throws what open(2) and unlink(2) say
 */
export function createJournalData(directory: string, limitBytes: number): JournalData {
  const path = join(directory, `.journal-${process.pid}-${process.hrtime.bigint()}`)
  const fd = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  let endBytes = 0
  return {
    append(bytes) {
      if (endBytes + bytes.length > limitBytes) {
        return fail(`the journal is full: it may hold ${limitBytes} bytes of writes`)
      }
      try {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(fd, bytes, done, bytes.length - done, endBytes + done)
        }
      } catch (error) {
        return fail(`the journal could not be written: ${messageOf(error)}`)
      }
      const dataSector = endBytes / SECTOR_BYTES
      endBytes += bytes.length
      return ok(dataSector)
    },
    read(dataSector, sectors) {
      const bytes = Buffer.alloc(sectors * SECTOR_BYTES)
      for (let done = 0; done < bytes.length; ) {
        const at = dataSector * SECTOR_BYTES + done
        const read = readSync(fd, bytes, done, bytes.length - done, at)
        if (read === 0) throw new Error(`the journal's data ends at byte ${at}`)
        done += read
      }
      return bytes
    },
    close: () => closeSync(fd),
  }
}
