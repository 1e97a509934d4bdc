/**
 * @module What is left in a flight recorder's file, whatever happened to it: every slot is one of whole, torn,
 * stale, missing, foreign and empty, and of whole slots records are made again.
 */
import { decodeHeader } from './header.ts'
import { decodeBootId, decodeHostId } from './ids.ts'
import {
  RECORD_TYPES,
  type RecordedItem,
  type RecordType,
  type RecoveredRing,
  type RingHeader,
  type SlotCounts,
} from './records.ts'
import {
  AFTER_LOSS,
  HEADER_SLOTS,
  readSlot,
  SLOT_BYTES,
  type Slot,
  type SlotFault,
} from './slot.ts'

const TYPE_NAMES = new Map<number, RecordType>(
  Object.entries(RECORD_TYPES).map(([name, number]) => [number, name as RecordType]),
)

/** What stands in a place of the ring, by itself. */
type Found = Slot | SlotFault

function judgePlace(found: Found, place: number, slots: number, hostId: string | null): Found {
  if (typeof found === 'string') return found
  const isAtHome = found.seq % slots === place && TYPE_NAMES.has(found.type)
  return isAtHome && (hostId === null || decodeHostId(found.hostId) === hostId) ? found : 'foreign'
}

function newestOf(found: readonly Found[]): number {
  return found.reduce((seq, slot) => (typeof slot === 'string' ? seq : Math.max(seq, slot.seq)), 0)
}

/** The number that belongs in a place now, by the newest; 0 or less: none was written there yet. */
function expectedSeq(place: number, slots: number, newest: number): number {
  return newest - ((((newest - place) % slots) + slots) % slots)
}

interface Sorted {
  readonly counts: SlotCounts
  /** By number, of the last lap. */
  readonly bySeq: ReadonlyMap<number, Slot>
}

function sortSlots(found: readonly Found[], newest: number): Sorted {
  const counts = { whole: 0, torn: 0, stale: 0, missing: 0, foreign: 0, empty: 0 }
  const bySeq = new Map<number, Slot>()
  found.forEach((slot, place) => {
    const expected = expectedSeq(place, found.length, newest)
    if (slot === 'empty') counts[expected > 0 ? 'missing' : 'empty']++
    else if (typeof slot === 'string') counts[slot]++
    else if (slot.seq !== expected) counts.stale++
    else {
      counts.whole++
      bySeq.set(slot.seq, slot)
    }
  })
  return { counts, bySeq }
}

/** All parts of the record that begins with `first`; `undefined`: not all are there. */
function partsFrom(first: Slot, bySeq: ReadonlyMap<number, Slot>): readonly Slot[] | undefined {
  const parts = [first]
  for (let last = first; last.part + 1 < first.parts; ) {
    const next = bySeq.get(last.seq + 1)
    const isNext =
      next?.event === first.event &&
      next.part === last.part + 1 &&
      next.parts === first.parts &&
      next.previousSeq === last.seq
    if (!isNext) return undefined
    parts.push(next)
    last = next
  }
  return parts
}

function joinPayloads(parts: readonly Slot[]): Uint8Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only.payload
  const joined = new Uint8Array(parts.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0))
  let at = 0
  for (const { payload } of parts) {
    joined.set(payload, at)
    at += payload.length
  }
  return joined
}

function toItem(first: Slot, parts: readonly Slot[]): RecordedItem {
  return {
    type: TYPE_NAMES.get(first.type) ?? 'event',
    seq: first.seq,
    event: first.event,
    bootMs: first.bootMs,
    wallMs: first.wallMs,
    bootId: decodeBootId(first.bootId),
    hostId: decodeHostId(first.hostId),
    isAfterLoss: (first.flags & AFTER_LOSS) !== 0,
    payload: joinPayloads(parts),
  }
}

function assemble(bySeq: ReadonlyMap<number, Slot>): Pick<RecoveredRing, 'items' | 'incomplete'> {
  const items: RecordedItem[] = []
  const seen = new Set<number>()
  for (const slot of [...bySeq.values()].sort((a, b) => a.seq - b.seq)) {
    seen.add(slot.event)
    if (slot.part > 0) continue
    const parts = partsFrom(slot, bySeq)
    if (parts !== undefined) items.push(toItem(slot, parts))
  }
  return { items, incomplete: seen.size - items.length }
}

function countBreaks(bySeq: ReadonlyMap<number, Slot>): number {
  let breaks = 0
  for (const slot of bySeq.values()) {
    const before = bySeq.get(slot.seq - 1)
    if (before !== undefined && before.crc !== slot.previousCrc) breaks++
  }
  return breaks
}

/** More than any file that is read; a header may say anything. */
const MOST_SLOTS = 2 ** 18

/** Its own header tells how long a ring was, of which a copy may have lost its end, or have more after it. */
function ringLength(header: RingHeader | null, there: number): number {
  const told = header?.slots ?? 0
  return told > 0 && told <= MOST_SLOTS ? told : there
}

/**
 * Reads the image of a file, or what is left of it; any bytes may stand in it. What is no whole slot at its end is left
 * out. Payloads are views of `image`.
 */
export function recoverRing(image: Uint8Array): RecoveredRing {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
  const there = Math.max(0, Math.floor(image.length / SLOT_BYTES) - HEADER_SLOTS)
  const headers = [0, 1]
    .filter((copy) => (copy + 1) * SLOT_BYTES <= image.length)
    .map((copy) => decodeHeader(image, view, copy * SLOT_BYTES))
  const header = headers.find((one) => one !== null) ?? null
  const slots = ringLength(header, there)
  const found = Array.from({ length: slots }, (_, place) => {
    if (place >= there) return 'empty'
    const slot = readSlot(image, view, (HEADER_SLOTS + place) * SLOT_BYTES)
    return judgePlace(slot, place, slots, header?.hostId ?? null)
  })
  const { counts, bySeq } = sortSlots(found, newestOf(found))
  return {
    header,
    headersWhole: headers.filter((one) => one !== null).length,
    slots,
    fileBytes: image.length,
    fullBytes: (HEADER_SLOTS + slots) * SLOT_BYTES,
    counts,
    breaks: countBreaks(bySeq),
    ...assemble(bySeq),
  }
}

/** Whether it has lost its end, whatever stood there: nobody can tell any more. */
export function isCutShort({ fileBytes, fullBytes }: RecoveredRing): boolean {
  return fileBytes < fullBytes
}

/** Whether all that was written is there. */
export function isIntact(ring: RecoveredRing): boolean {
  const { torn, stale, missing, foreign } = ring.counts
  const damaged = torn + stale + missing + foreign + ring.incomplete + ring.breaks
  return damaged === 0 && ring.headersWhole === HEADER_SLOTS && !isCutShort(ring)
}
