/** @module One tick's rows cut into parts that each fit a frame. */
import type { HostRow } from '../procfs/records.ts'
import { MAX_BODY_BYTES } from './frames.ts'
import type { SampleBody, SubjectId, SubjectRow } from './records.ts'

/** One tick before it is cut: all subjects, or those that changed since the tick before. */
export interface TickSample {
  readonly tick: number
  readonly full: boolean
  readonly host: HostRow
  readonly rows: readonly SubjectRow[]
  readonly gone: readonly SubjectId[]
}

export interface SplitSample {
  readonly parts: readonly SampleBody[]
  /** Rows that alone fit no frame, because of an absurdly long name; they are left out. */
  readonly dropped: number
}

/** A JSON number never takes more: `-1.7976931348623157e+308` and a comma. */
const NUMBER_BYTES = 25
/** Keys, punctuation and enumerated words of a row and its verdict, below 600 by count. */
const ROW_KEYS_BYTES = 640
const ROW_NUMBERS = 24
const HOST_BYTES = 1_536
/** Keys of a part, its numbers and the brackets. */
const PART_BYTES = 192

/** What a string takes as JSON in UTF-8, exactly, quotes included. */
export function jsonStringBytes(text: string): number {
  let size = 2
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20) size += 6
    else if (code === 0x22 || code === 0x5c) size += 2
    else if (code < 0x80) size += 1
    else if (code < 0x800) size += 2
    // Half of a pair takes 2 of the pair's 4 bytes, and 6 as `\udXXX` where it stands alone.
    else if (code >= 0xd800 && code < 0xe000) size += 6
    else size += 3
  }
  return size
}

function optionalBytes(text: string | null): number {
  return text === null ? 4 : jsonStringBytes(text)
}

/** At least what the row takes as JSON, without making the JSON. */
function boundRowBytes(row: SubjectRow): number {
  return (
    ROW_KEYS_BYTES +
    ROW_NUMBERS * NUMBER_BYTES +
    jsonStringBytes(row.id) +
    jsonStringBytes(row.name) +
    optionalBytes(row.serviceId) +
    optionalBytes(row.cgroup) +
    optionalBytes(row.unit) +
    optionalBytes(row.container)
  )
}

/** Cuts a tick into parts; there is always at least one, which holds the host. */
export function splitSample(sample: TickSample, maxBytes: number = MAX_BODY_BYTES): SplitSample {
  const cuts: { rows: SubjectRow[]; gone: SubjectId[] }[] = [{ rows: [], gone: [] }]
  let current = cuts[0] as (typeof cuts)[number]
  let used = PART_BYTES + HOST_BYTES
  let dropped = 0
  const makeRoom = (size: number): boolean => {
    if (PART_BYTES + size > maxBytes) {
      dropped++
      return false
    }
    if (used + size > maxBytes) {
      current = { rows: [], gone: [] }
      cuts.push(current)
      used = PART_BYTES
    }
    used += size
    return true
  }
  for (const row of sample.rows) if (makeRoom(boundRowBytes(row))) current.rows.push(row)
  for (const id of sample.gone) if (makeRoom(jsonStringBytes(id) + 1)) current.gone.push(id)
  const { tick, full, host } = sample
  const parts = cuts.map(({ rows, gone }, part) => {
    return { tick, part, parts: cuts.length, full, host: part === 0 ? host : null, rows, gone }
  })
  return { parts, dropped }
}
