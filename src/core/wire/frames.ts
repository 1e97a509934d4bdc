/**
 * @module Frames on the socket between guard and web: u32 length (little endian, of all that
 * follows), u8 type, JSON in UTF-8.
 */
import type { Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import type { MessageKind } from './messages.ts'
import { GUARD_MESSAGES, WEB_MESSAGES } from './messages.ts'
import type { GuardMessage, WebMessage } from './records.ts'
import type { FieldShape } from './shape.ts'
import { findMismatch } from './shape.ts'

/** A whole frame, its length field included. */
export const MAX_FRAME_BYTES = 65_536
const LENGTH_BYTES = 4
const HEADER_BYTES = LENGTH_BYTES + 1
/** What a frame leaves for its JSON. */
export const MAX_BODY_BYTES = MAX_FRAME_BYTES - HEADER_BYTES

/** Why a connection must be closed: a person reads `message` in the log. */
export interface FrameFault {
  readonly code: 'oversized' | 'empty' | 'unknown-type' | 'not-json' | 'wrong-shape'
  readonly message: string
}

const KINDS = { ...GUARD_MESSAGES, ...WEB_MESSAGES }
const encoder = new TextEncoder()

/**
 * Writes one message as a frame to the start of `into`.
 * @param into room for {@link MAX_FRAME_BYTES}, reused by the caller from frame to frame
 * @returns bytes written, or `oversized` when it does not fit a frame
 */
export function encodeFrame(
  message: GuardMessage | WebMessage,
  into: Uint8Array,
): Result<number, FrameFault> {
  const json = JSON.stringify(message.body)
  const room = Math.min(into.length, MAX_FRAME_BYTES)
  const { read, written } = encoder.encodeInto(json, into.subarray(HEADER_BYTES, room))
  if (read < json.length) {
    const size = `${json.length} characters of JSON`
    return fail({ code: 'oversized', message: `the ${message.type} of ${size} fits no frame` })
  }
  const length = 1 + written
  new DataView(into.buffer, into.byteOffset).setUint32(0, length, true)
  into[LENGTH_BYTES] = KINDS[message.type].code
  return ok(LENGTH_BYTES + length)
}

type Kinds = Readonly<Record<string, MessageKind>>

/** A stream's state between two chunks. */
export interface FrameDecoder<Message> {
  /** By the frame's type byte. */
  readonly kinds: ReadonlyMap<number, { readonly type: string; readonly shape: FieldShape }>
  /** The frame that is not whole yet; grows to one frame and no further. */
  pending: Uint8Array
  pendingBytes: number
  /** Bytes that `pending` must hold before the next step: the length field, then the frame. */
  wantedBytes: number
  fault: FrameFault | null
  /** Never set: ties the decoder to what it yields. */
  readonly yields?: Message
}

function createDecoder<Message>(kinds: Kinds): FrameDecoder<Message> {
  const byCode = Object.entries(kinds).map(
    ([type, { code, shape }]) => [code, { type, shape }] as const,
  )
  return {
    kinds: new Map(byCode),
    pending: new Uint8Array(256),
    pendingBytes: 0,
    wantedBytes: LENGTH_BYTES,
    fault: null,
  }
}

/** For the web's end: accepts what a guard says. */
export function createGuardDecoder(): FrameDecoder<GuardMessage> {
  return createDecoder(GUARD_MESSAGES)
}

/** For the guard's end: accepts subscribe, inspect and acknowledge, and nothing else. */
export function createWebDecoder(): FrameDecoder<WebMessage> {
  return createDecoder(WEB_MESSAGES)
}

function decodeBody<Message>(
  decoder: FrameDecoder<Message>,
  code: number,
  body: Uint8Array,
): Result<Message, FrameFault> {
  const kind = decoder.kinds.get(code)
  if (kind === undefined) {
    const expected = [...decoder.kinds.values()].map(({ type }) => type).join(', ')
    return fail({ code: 'unknown-type', message: `expected ${expected}, got type ${code}` })
  }
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return fail({
      code: 'not-json',
      message: `the ${kind.type} of ${body.length} bytes is no JSON`,
    })
  }
  const mismatch = findMismatch(json, kind.shape, kind.type)
  if (mismatch !== null) return fail({ code: 'wrong-shape', message: mismatch })
  return ok({ type: kind.type, body: json } as Message)
}

/** @returns the whole frame's size, once its length field is there */
function decodeLength(pending: Uint8Array): Result<number, FrameFault> {
  const length = new DataView(pending.buffer, pending.byteOffset).getUint32(0, true)
  if (length === 0) return fail({ code: 'empty', message: 'a frame without a type' })
  if (LENGTH_BYTES + length <= MAX_FRAME_BYTES) return ok(LENGTH_BYTES + length)
  const message = `a frame of ${LENGTH_BYTES + length} bytes, at most ${MAX_FRAME_BYTES} are allowed`
  return fail({ code: 'oversized', message })
}

function growPending(decoder: FrameDecoder<unknown>): void {
  if (decoder.pending.length >= decoder.wantedBytes) return
  const grown = new Uint8Array(decoder.wantedBytes)
  grown.set(decoder.pending.subarray(0, decoder.pendingBytes))
  decoder.pending = grown
}

/**
 * Takes the next bytes of a stream, cut anywhere. Never throws.
 * @returns the messages that became whole, in order. After a fault (in `decoder.fault`) nothing
 * more comes of this stream: close the connection.
 */
export function decodeFrames<Message>(
  decoder: FrameDecoder<Message>,
  chunk: Uint8Array,
): readonly Message[] {
  const messages: Message[] = []
  let at = 0
  while (at < chunk.length && decoder.fault === null) {
    growPending(decoder)
    const taken = chunk.subarray(at, at + decoder.wantedBytes - decoder.pendingBytes)
    decoder.pending.set(taken, decoder.pendingBytes)
    decoder.pendingBytes += taken.length
    at += taken.length
    if (decoder.pendingBytes < decoder.wantedBytes) break
    if (decoder.wantedBytes === LENGTH_BYTES) {
      const size = decodeLength(decoder.pending)
      if (size.ok) decoder.wantedBytes = size.value
      else decoder.fault = size.error
    } else {
      const body = decoder.pending.subarray(HEADER_BYTES, decoder.pendingBytes)
      const message = decodeBody(decoder, decoder.pending[LENGTH_BYTES] ?? 0, body)
      if (message.ok) messages.push(message.value)
      else decoder.fault = message.error
      decoder.pendingBytes = 0
      decoder.wantedBytes = LENGTH_BYTES
    }
  }
  return messages
}
