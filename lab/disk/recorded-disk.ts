/** @module A disk that answers as if nothing could be lost, and keeps a journal of what could. */
import { readSync } from 'node:fs'
import { fail, ok, type Result } from '../../src/base/result.ts'
import { type DiskEvent, type Journal, SECTOR_BYTES } from './journal.ts'
import type { JournalData } from './journal-data.ts'

/** Each is an object of some 100 bytes. */
const MAX_EVENTS = 2_000_000

/** What is asked of a disk is recorded when it comes and takes effect when it is answered. */
export interface RecordedDisk {
  readonly sectors: number
  /** Grows at its end. */
  readonly journal: Journal
  /** Why something could not be recorded, since when the journal is not the whole truth; else null. */
  fault(): string | null
  read(firstSector: number, sectors: number): Buffer
  /**
   * @param bytes whole sectors, or null for zeros
   * @returns what to call when it is answered
   */
  write(
    firstSector: number,
    sectors: number,
    bytes: Uint8Array | null,
    fua: boolean,
  ): Result<() => void, string>
  /** @returns what to call when it is answered */
  flush(): Result<() => void, string>
}

interface Parts {
  /** Open for reading, and never written. */
  readonly baseFd: number
  readonly sectors: number
  readonly data: JournalData
  readonly nowMs: () => number
}

/** Of the overlay: what is not the base image is a sector of the journal's data plus 1, or zeros. */
const FROM_BASE = 0
const ZEROS = -1

export function createRecordedDisk({ baseFd, sectors, data, nowMs }: Parts): RecordedDisk {
  const journal: DiskEvent[] = []
  const overlay = new Int32Array(sectors)
  let fault: string | null = null
  let asked = 0

  function record(event: DiskEvent, takeEffect: () => void): Result<() => void, string> {
    // Half of the events are kept for the answers.
    if (asked >= MAX_EVENTS / 2) {
      fault ??= `the journal is full: it may hold ${MAX_EVENTS / 2} writes and flushes`
      return fail(fault)
    }
    asked++
    const place = journal.push(event) - 1
    return ok(() => {
      takeEffect()
      journal.push({ kind: 'done', atMs: nowMs(), of: place })
    })
  }

  function fillFromBase(into: Buffer, firstSector: number): void {
    for (let done = 0; done < into.length; ) {
      const at = firstSector * SECTOR_BYTES + done
      const read = readSync(baseFd, into, done, into.length - done, at)
      if (read === 0) throw new Error(`the base image ends at byte ${at}`)
      done += read
    }
  }

  return {
    sectors,
    journal,
    fault: () => fault,
    read(firstSector, count) {
      const bytes = Buffer.alloc(count * SECTOR_BYTES)
      for (let from = 0; from < count; ) {
        const source = overlay[firstSector + from] as number
        const step = source > 0 ? 1 : 0
        let to = from + 1
        while (to < count && overlay[firstSector + to] === source + (to - from) * step) to++
        const part = bytes.subarray(from * SECTOR_BYTES, to * SECTOR_BYTES)
        if (source === FROM_BASE) fillFromBase(part, firstSector + from)
        else if (source !== ZEROS) part.set(data.read(source - 1, to - from))
        from = to
      }
      return bytes
    },
    write(firstSector, count, bytes, fua) {
      const kept = bytes === null ? ok(null) : data.append(bytes)
      if (!kept.ok) {
        fault ??= kept.error
        return kept
      }
      const dataSector = kept.value
      return record(
        { kind: 'write', atMs: nowMs(), firstSector, sectors: count, fua, dataSector },
        () => {
          for (let i = 0; i < count; i++) {
            overlay[firstSector + i] = dataSector === null ? ZEROS : dataSector + i + 1
          }
        },
      )
    },
    flush: () => record({ kind: 'flush', atMs: nowMs() }, () => {}),
  }
}
