/** @module What a recorder's records say: bytes to events, rows and text. Anything may stand in them. */
import type { HostRow } from '../procfs/records.ts'
import type { RecordedItem, RecordType } from '../record/records.ts'
import { GUARD_MESSAGES, HOST } from './messages.ts'
import type { Event } from './records.ts'
import { type FieldShape, findMismatch } from './shape.ts'

export type Recorded =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'sample'; readonly host: HostRow }
  /** As the kernel gave it. Untrusted. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: string }

function readJson(text: string, shape: FieldShape, what: string): unknown {
  const value: unknown = JSON.parse(text)
  const mismatch = findMismatch(value, shape, what)
  if (mismatch !== null) throw new Error(mismatch)
  return value
}

function readText(type: RecordType, text: string): Recorded {
  switch (type) {
    case 'event':
      return {
        kind: 'event',
        event: readJson(text, GUARD_MESSAGES.event.shape, 'event') as Event,
      }
    case 'sample':
      return { kind: 'sample', host: readJson(text, HOST, 'sample') as HostRow }
    case 'meminfo':
    case 'pressure':
    case 'processes':
    case 'kmsg':
      return { kind: 'text', text }
  }
}

export function readRecorded({ type, payload }: RecordedItem): Recorded {
  try {
    return readText(type, new TextDecoder().decode(payload))
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) }
  }
}
