/**
 * @module One reader of the guard. Its queue is bounded and the guard never waits for it: samples
 * are cut into parts only as fast as it reads; ticks that come meanwhile are left out, and it gets
 * everything anew afterwards. A slow reader so sees whole ticks, only fewer.
 */
import type { Socket } from 'node:net'
import type { ByteRing } from '../../base/byte-ring.ts'
import { dropBytes, peekBytes, pushBytes } from '../../base/byte-ring.ts'
import type { FrameDecoder } from '../../core/wire/frames.ts'
import { encodeFrame, MAX_FRAME_BYTES } from '../../core/wire/frames.ts'
import type { GuardMessage, SampleBody, WebMessage } from '../../core/wire/records.ts'

export interface Client {
  readonly socket: Socket
  readonly ring: ByteRing
  readonly decoder: FrameDecoder<WebMessage>
  isSubscribed: boolean
  /** What it has does not lead to the next tick: send everything. */
  isBehind: boolean
  /** Parts of a tick that are not in the ring yet. */
  parts: readonly SampleBody[]
  nextPart: number
  /** Tick of the last full sample, so that there is one a tick at most. */
  fullTick: number
  isWriting: boolean
  /** Ticks since it last read something, or asked for anything. */
  idleTicks: number
  messagesThisTick: number
}

/** Counted over all clients, for the guard's state. */
export interface ServeCounts {
  framesSent: number
  /** Frames that a reader was too slow for, and rows too long for any. */
  framesDropped: number
  /** Connections closed for what they said, for silence, or since there were too many. */
  refused: number
}

const scratch = new Uint8Array(MAX_FRAME_BYTES)

export function isSending(client: Client): boolean {
  return client.nextPart < client.parts.length
}

/** Queues one message; what does not fit is dropped and counted. */
export function queueMessage(client: Client, message: GuardMessage, counts: ServeCounts): boolean {
  const written = encodeFrame(message, scratch)
  const isQueued = written.ok && pushBytes(client.ring, scratch.subarray(0, written.value))
  if (isQueued) counts.framesSent++
  else counts.framesDropped++
  return isQueued
}

/** Moves parts to the ring while less than one frame waits there: the rest is room for events. */
function queueParts(client: Client, counts: ServeCounts): void {
  while (isSending(client) && client.ring.queuedBytes < MAX_FRAME_BYTES) {
    const body = client.parts[client.nextPart] as SampleBody
    // A part that cannot be sent leaves a hole, so the tick ends here and all is sent anew.
    if (queueMessage(client, { type: 'sample', body }, counts)) client.nextPart++
    else {
      client.isBehind = true
      client.nextPart = client.parts.length
    }
  }
  // Sent parts would hold their rows in memory until the next tick.
  if (!isSending(client)) {
    client.parts = []
    client.nextPart = 0
  }
}

/**
 * Writes what is queued, one write at a time, so that nothing piles up in the socket.
 * @param onSent called when the last part of a tick has left the ring
 */
export function pumpClient(client: Client, counts: ServeCounts, onSent: () => void): void {
  queueParts(client, counts)
  const bytes = peekBytes(client.ring)
  if (client.isWriting || bytes.length === 0 || client.socket.destroyed) return
  client.isWriting = true
  client.socket.write(bytes, (error) => {
    client.isWriting = false
    if (error) return
    dropBytes(client.ring, bytes.length)
    client.idleTicks = 0
    if (!isSending(client)) onSent()
    pumpClient(client, counts, onSent)
  })
}
