/**
 * @module What happened to a disk, in order, and what of it a power cut may leave behind.
 *
 * The cache of a disk may hold back any sector that was not made durable. Two things make it so (Linux,
 * Documentation/block/writeback_cache_control.rst; NBD doc/proto.md, "Ordering of messages and writes"):
 * a flush covers the writes that were answered before it was asked for, and a FUA write covers itself.
 * A write that is not answered yet is in the hands of the disk already: it may be there in part. Sectors
 * are written whole or not at all, and each on its own, as real disks promise no more.
 */

/** What a disk writes in one piece. */
export const SECTOR_BYTES = 512

/** Sectors that were asked to be written. */
export interface WriteEvent {
  readonly kind: 'write'
  /** By `nowMs()` of the disk. */
  readonly atMs: number
  readonly firstSector: number
  readonly sectors: number
  /** Force unit access: durable as soon as it is answered. */
  readonly fua: boolean
  /** The sector of the journal's data at which its bytes begin, or null for zeros. */
  readonly dataSector: number | null
}

export type DiskEvent =
  | WriteEvent
  | { readonly kind: 'flush'; readonly atMs: number }
  /** The answer to the write or flush whose place in the journal is `of`. */
  | { readonly kind: 'done'; readonly atMs: number; readonly of: number }

/** The place of an event is its order: a journal up to a moment is a prefix of it. */
export type Journal = readonly DiskEvent[]

/** Where a sector's bytes come from: the place of a write in the journal, or the base image. */
export type Version = number
export const BASE: Version = -1

/** Neighbouring sectors that may hold the same versions after a cut. */
export interface Segment {
  readonly firstSector: number
  readonly sectors: number
  /** What is there if the cache kept back all that it may. */
  readonly settled: Version
  /** What may be there instead, in the order that it was asked for. */
  readonly loose: readonly Version[]
}

interface TracedWrite {
  readonly place: number
  readonly first: number
  readonly end: number
  /** The place of its answer, or Infinity where the cut came first. */
  readonly doneAt: number
  readonly durable: boolean
}

/** How many events came until `atMs`, that moment included. */
export function countUntil(journal: Journal, atMs: number): number {
  let low = 0
  let high = journal.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((journal[middle] as DiskEvent).atMs <= atMs) low = middle + 1
    else high = middle
  }
  return low
}

function traceWrites(journal: Journal): readonly TracedWrite[] {
  const doneAt = new Map<number, number>()
  let lastFlush = -1
  journal.forEach((event, place) => {
    if (event.kind !== 'done') return
    doneAt.set(event.of, place)
    if (journal[event.of]?.kind === 'flush') lastFlush = Math.max(lastFlush, event.of)
  })
  return journal.flatMap((event, place) => {
    if (event.kind !== 'write') return []
    const done = doneAt.get(place) ?? Number.POSITIVE_INFINITY
    const durable = done < lastFlush || (event.fua && Number.isFinite(done))
    const end = event.firstSector + event.sectors
    return [{ place, first: event.firstSector, end, doneAt: done, durable }]
  })
}

/** `writes` are all that touch a sector, in their order. */
function versionsOf(writes: readonly TracedWrite[]): Pick<Segment, 'settled' | 'loose'> {
  const settled = writes.findLast(({ durable }) => durable)?.place ?? BASE
  // A write that was answered before the settled one was asked for can no longer come over it; one that
  // was not answered by then was on its way at the same time, and either may have come last.
  const loose = writes.filter(({ place, doneAt }) => place !== settled && doneAt > settled)
  return { settled, loose: loose.map(({ place }) => place) }
}

/**
 * What each sector that was ever written may hold if the power goes after the first `cutAt` events:
 * every combination of their versions is an image that a disk may leave, and there is no other.
 * @returns in the order of the disk, without overlap
 */
export function segmentsAfterCut(journal: Journal, cutAt: number): readonly Segment[] {
  const writes = traceWrites(journal.slice(0, cutAt))
  const borders = [...new Set(writes.flatMap(({ first, end }) => [first, end]))]
  borders.sort((a, b) => a - b)
  const byFirst = writes.toSorted((a, b) => a.first - b.first)
  const segments: Segment[] = []
  let active: TracedWrite[] = []
  let next = 0
  borders.forEach((border, index) => {
    active = active.filter(({ end }) => end > border)
    for (let write = byFirst[next]; write?.first === border; write = byFirst[++next]) {
      active.push(write)
    }
    const end = borders[index + 1]
    if (active.length === 0 || end === undefined) return
    const inOrder = active.toSorted((a, b) => a.place - b.place)
    segments.push({ firstSector: border, sectors: end - border, ...versionsOf(inOrder) })
  })
  return segments
}
