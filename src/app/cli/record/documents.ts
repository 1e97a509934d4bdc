/** @module What a recorder holds, as JSON. */
import type { RecordedItem, RecoveredRing } from '../../../core/record/records.ts'
import { isIntact } from '../../../core/record/recover.ts'
import { readRecorded } from '../../../core/wire/recorded.ts'

/** One record, with its `event`, `host` or `text` by its type. */
export function itemDocument(item: RecordedItem): Readonly<Record<string, unknown>> {
  const { type, seq, bootMs, wallMs, bootId, hostId, isAfterLoss } = item
  const { kind: _, ...content } = readRecorded(item)
  return { type, seq, bootMs, wallMs, bootId, hostId, isAfterLoss, ...content }
}

/** Of the file as a whole, without its records. */
export function ringDocument(file: string, ring: RecoveredRing): Readonly<Record<string, unknown>> {
  const { header, headersWhole, slots, counts, incomplete, breaks, items } = ring
  const { fileBytes, fullBytes } = ring
  return {
    schema: 'plimsoll.record/1',
    file,
    isIntact: isIntact(ring),
    header,
    headersWhole,
    slots,
    fileBytes,
    fullBytes,
    counts,
    incomplete,
    breaks,
    records: items.length,
  }
}
