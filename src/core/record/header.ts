/**
 * @module The two header slots before the ring: how long it is, whose, since when. They are written once, and
 * nobody needs them to read the rest.
 */
import { decodeHostId, encodeBootId, encodeHostId } from './ids.ts'
import type { RingHeader } from './records.ts'
import {
  HEADER_TYPE,
  MAX_PAYLOAD_BYTES,
  PAYLOAD_AT,
  readSlot,
  SLOT_BYTES,
  sealSlot,
} from './slot.ts'

const MAX_NAME_BYTES = MAX_PAYLOAD_BYTES - 4

/** @param copy 1 or 2, which stands in its number's place */
export function encodeHeader(header: RingHeader, copy: number): Uint8Array {
  const bytes = new Uint8Array(SLOT_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(PAYLOAD_AT, header.slots, true)
  const name = bytes.subarray(PAYLOAD_AT + 4, PAYLOAD_AT + 4 + MAX_NAME_BYTES)
  const { written } = new TextEncoder().encodeInto(header.hostName, name)
  const head = {
    type: HEADER_TYPE,
    flags: 0,
    payloadBytes: 4 + written,
    seq: copy,
    bootMs: 0,
    wallMs: header.createdWallMs,
    event: 0,
    part: 0,
    parts: 1,
    previousSeq: 0,
    previousCrc: 0,
  }
  sealSlot(bytes, view, 0, head, {
    bootId: encodeBootId(''),
    hostId: encodeHostId(header.hostId),
  })
  return bytes
}

/** @returns `null`: there is no whole header at `at` */
export function decodeHeader(bytes: Uint8Array, view: DataView, at: number): RingHeader | null {
  const slot = readSlot(bytes, view, at)
  if (typeof slot === 'string' || slot.type !== HEADER_TYPE || slot.payloadBytes < 4) return null
  return {
    slots: view.getUint32(at + PAYLOAD_AT, true),
    createdWallMs: slot.wallMs,
    hostId: decodeHostId(slot.hostId),
    hostName: new TextDecoder().decode(slot.payload.subarray(4)),
  }
}
