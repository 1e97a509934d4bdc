/**
 * @module One slot of a flight recorder's file: 4,096 bytes, little endian, which say all about themselves,
 * so that each can be judged and read without the others. docs/recorder.md has the layout.
 */
import { crc32c } from './crc32c.ts'

export const SLOT_BYTES = 4096
export const PAYLOAD_AT = 96
export const TAIL_AT = 4088
const CRC_AT = 4092
export const MAX_PAYLOAD_BYTES = TAIL_AT - PAYLOAD_AT
export const ID_BYTES = 16
/** Before the ring itself. */
export const HEADER_SLOTS = 2
export const HEADER_TYPE = 0

const MAGIC = new TextEncoder().encode('PLIMRING')
const VERSION = 1
const TWO_32 = 2 ** 32
const NS_PER_MS = 1e6

/** Something that was to be recorded before could not be. */
export const AFTER_LOSS = 1

/** What the writer says of a slot: one object for all, changed from slot to slot. */
export interface SlotHead {
  type: number
  flags: number
  payloadBytes: number
  /** Counts slots from 1, never given twice. */
  seq: number
  bootMs: number
  wallMs: number
  /** u32; counts records. */
  event: number
  part: number
  parts: number
  /** Of the part before; 0: this is the first. */
  previousSeq: number
  /** Of slot `seq - 1`; 0: there is none. */
  previousCrc: number
}

export interface SlotIds {
  readonly bootId: Uint8Array
  readonly hostId: Uint8Array
}

/** A slot that is whole. */
export interface Slot extends Readonly<SlotHead>, SlotIds {
  readonly crc: number
  /** A view of what was decoded. */
  readonly payload: Uint8Array
}

/** Why there is no slot. */
export type SlotFault = 'empty' | 'torn' | 'foreign'

function putU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true)
  view.setUint32(at + 4, Math.floor(value / TWO_32), true)
}

function getU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true)
}

/** To a microsecond: a double holds no more of the nanoseconds since 1970. */
function getMs(view: DataView, at: number): number {
  return Math.round(getU64(view, at) / 1e3) / 1e3
}

/**
 * Writes all of the slot at `at` but its payload, which stands there already. Allocates nothing.
 * @returns its CRC, which the next slot needs
 */
export function sealSlot(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  head: SlotHead,
  { bootId, hostId }: SlotIds,
): number {
  bytes.fill(0, at + PAYLOAD_AT + head.payloadBytes, at + TAIL_AT)
  bytes.set(MAGIC, at)
  view.setUint16(at + 8, VERSION, true)
  view.setUint8(at + 10, head.type)
  view.setUint8(at + 11, head.flags)
  view.setUint16(at + 12, head.payloadBytes, true)
  view.setUint16(at + 14, 0, true)
  putU64(view, at + 16, head.seq)
  putU64(view, at + 24, head.bootMs * NS_PER_MS)
  putU64(view, at + 32, head.wallMs * NS_PER_MS)
  bytes.set(bootId, at + 40)
  bytes.set(hostId, at + 56)
  view.setUint32(at + 72, head.event, true)
  view.setUint16(at + 76, head.part, true)
  view.setUint16(at + 78, head.parts, true)
  putU64(view, at + 80, head.previousSeq)
  view.setUint32(at + 88, head.previousCrc, true)
  view.setUint32(at + 92, 0, true)
  view.setUint32(at + TAIL_AT, head.seq % TWO_32, true)
  const crc = crc32c(bytes, at, at + CRC_AT)
  view.setUint32(at + CRC_AT, crc, true)
  return crc
}

/** Whether what stands at `at` begins as a slot does. */
export function peekMagic(bytes: Uint8Array, at: number): boolean {
  return MAGIC.every((letter, index) => bytes[at + index] === letter)
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false
  return true
}

/** A write of ours that did not come to its end leaves our magic at the start, or still zeros. */
function faultOf(bytes: Uint8Array, at: number): SlotFault {
  if (peekMagic(bytes, at)) return 'torn'
  if (!isZero(bytes, at, at + MAGIC.length)) return 'foreign'
  return isZero(bytes, at, at + SLOT_BYTES) ? 'empty' : 'torn'
}

/**
 * Number of what looks like a slot, without the price of its checksum.
 * @returns 0: it is none
 */
export function peekSeq(bytes: Uint8Array, view: DataView, at: number): number {
  const seq = getU64(view, at + 16)
  const isAlike = peekMagic(bytes, at) && view.getUint32(at + TAIL_AT, true) === seq % TWO_32
  return isAlike && Number.isSafeInteger(seq) ? seq : 0
}

/** Reads the slot at `at`; any bytes may stand there. */
export function readSlot(bytes: Uint8Array, view: DataView, at: number): Slot | SlotFault {
  const crc = view.getUint32(at + CRC_AT, true)
  if (!peekMagic(bytes, at) || crc !== crc32c(bytes, at, at + CRC_AT)) return faultOf(bytes, at)
  const seq = peekSeq(bytes, view, at)
  const payloadBytes = view.getUint16(at + 12, true)
  const part = view.getUint16(at + 76, true)
  const parts = view.getUint16(at + 78, true)
  const isOurs = view.getUint16(at + 8, true) === VERSION && payloadBytes <= MAX_PAYLOAD_BYTES
  if (!isOurs || seq === 0 || part >= parts) return 'foreign'
  return {
    type: view.getUint8(at + 10),
    flags: view.getUint8(at + 11),
    payloadBytes,
    seq,
    bootMs: getMs(view, at + 24),
    wallMs: getMs(view, at + 32),
    bootId: bytes.subarray(at + 40, at + 40 + ID_BYTES),
    hostId: bytes.subarray(at + 56, at + 56 + ID_BYTES),
    event: view.getUint32(at + 72, true),
    part,
    parts,
    previousSeq: getU64(view, at + 80),
    previousCrc: view.getUint32(at + 88, true),
    crc,
    payload: bytes.subarray(at + PAYLOAD_AT, at + PAYLOAD_AT + payloadBytes),
  }
}

/** Byte of the file where slot `seq` of a ring of `slots` belongs. */
export function slotPosition(seq: number, slots: number): number {
  return (HEADER_SLOTS + (seq % slots)) * SLOT_BYTES
}
