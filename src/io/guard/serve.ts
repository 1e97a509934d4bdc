/**
 * @module The guard's end of the socket to the web process and `watch`. Within the guard's import
 * budget: node:net and node:fs only. Time is counted in ticks, so there is no timer.
 */
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { assertUnreachable } from '../../base/assert.ts'
import { createByteRing } from '../../base/byte-ring.ts'
import { createWebDecoder, decodeFrames, MAX_FRAME_BYTES } from '../../core/wire/frames.ts'
import type { Event, HelloBody, StateBody, SubjectId, WebMessage } from '../../core/wire/records.ts'
import type { TickSample } from '../../core/wire/split-sample.ts'
import { splitSample } from '../../core/wire/split-sample.ts'
import { claimSocket } from './serve-claim.ts'
import type { Client, ServeCounts } from './serve-client.ts'
import { isSending, pumpClient, queueMessage } from './serve-client.ts'

/** One frame on its way, one that is next, two for events. */
const QUEUE_BYTES = 4 * MAX_FRAME_BYTES
/** A reader that takes nothing, or never subscribes, for so many ticks gives its place to another. */
const MAX_IDLE_TICKS = 30
/** Events kept for a reader that stores them and is away, as the web process is while it restarts. */
const MAX_UNACKNOWLEDGED = 64
/** More is no reader but a flood. */
const MAX_MESSAGES_PER_TICK = 256

export interface ServeOptions {
  readonly path: string
  readonly mode?: number
  /** Group that may connect; absent: the owner's own. */
  readonly gid?: number
  readonly maxClients?: number
}

export interface GuardHandlers {
  readonly hello: () => HelloBody
  /** Every subject as of the tick published last; `null` before the first. */
  readonly readFull: () => TickSample | null
  readonly readState: () => StateBody
  readonly onInspect: (id: SubjectId) => void
  /** Why a connection was closed: one sentence for the log. */
  readonly onFault: (reason: string) => void
}

export interface GuardServer {
  /** Sends what changed to readers that kept up; the others get everything when they are ready. */
  readonly publishTick: (changed: TickSample) => void
  readonly publishEvent: (event: Event) => void
  readonly publishState: (state: StateBody) => void
  readonly clients: () => number
  readonly counts: Readonly<ServeCounts>
  /** Closes all connections and removes the socket. */
  readonly stop: () => Promise<void>
}

interface Serving {
  readonly handlers: GuardHandlers
  readonly counts: ServeCounts
  readonly clients: Set<Client>
  /** One queue a client, made once. */
  readonly freeQueues: Uint8Array[]
  /** Oldest first. */
  readonly unacknowledged: Event[]
  tick: number
}

function refuseClient(serving: Serving, socket: Socket, reason: string): void {
  serving.counts.refused++
  serving.handlers.onFault(reason)
  socket.destroy()
}

function pump(serving: Serving, client: Client): void {
  pumpClient(client, serving.counts, () => startFull(serving, client))
}

/** Starts to send everything, where it is wanted and not already on its way. */
function startFull(serving: Serving, client: Client): void {
  if (!client.isBehind || isSending(client) || client.fullTick === serving.tick) return
  const sample = serving.handlers.readFull()
  if (sample === null) return
  const { parts, dropped } = splitSample({ ...sample, full: true })
  serving.counts.framesDropped += dropped
  client.isBehind = false
  client.fullTick = serving.tick
  client.parts = parts
}

function tellPast({ unacknowledged, counts }: Serving, client: Client): void {
  for (const body of unacknowledged) queueMessage(client, { type: 'event', body }, counts)
}

/** Forgets an event and all before it; one that is not known says nothing. */
function forgetEvents(events: Event[], id: string): void {
  events.splice(0, events.findIndex((event) => event.id === id) + 1)
}

function receive(serving: Serving, client: Client, message: WebMessage): void {
  switch (message.type) {
    case 'subscribe':
      client.isSubscribed = true
      client.isBehind = true
      queueMessage(client, { type: 'state', body: serving.handlers.readState() }, serving.counts)
      if (message.body.keepsEvents) tellPast(serving, client)
      startFull(serving, client)
      pump(serving, client)
      return
    case 'inspect':
      serving.handlers.onInspect(message.body.id)
      return
    case 'acknowledge':
      forgetEvents(serving.unacknowledged, message.body.eventId)
      return
    default:
      assertUnreachable(message)
  }
}

function receiveChunk(serving: Serving, client: Client, chunk: Uint8Array): void {
  for (const message of decodeFrames(client.decoder, chunk)) {
    client.messagesThisTick++
    if (client.messagesThisTick > MAX_MESSAGES_PER_TICK) {
      const reason = `a reader sent more than ${MAX_MESSAGES_PER_TICK} messages between two ticks`
      refuseClient(serving, client.socket, reason)
      return
    }
    receive(serving, client, message)
  }
  const { fault } = client.decoder
  if (fault !== null) refuseClient(serving, client.socket, `a reader sent ${fault.message}`)
}

function accept(serving: Serving, socket: Socket): void {
  const queue = serving.freeQueues.pop()
  if (queue === undefined) {
    refuseClient(serving, socket, 'a reader came while all places were taken')
    return
  }
  const client: Client = {
    socket,
    ring: createByteRing(queue),
    decoder: createWebDecoder(),
    isSubscribed: false,
    isBehind: false,
    parts: [],
    nextPart: 0,
    fullTick: -1,
    isWriting: false,
    idleTicks: 0,
    messagesThisTick: 0,
  }
  serving.clients.add(client)
  socket.on('data', (chunk) => {
    if (!socket.destroyed) receiveChunk(serving, client, chunk)
  })
  // A reader may go at any moment; 'close' follows.
  socket.on('error', () => {})
  socket.on('close', () => {
    serving.clients.delete(client)
    serving.freeQueues.push(queue)
  })
  queueMessage(client, { type: 'hello', body: serving.handlers.hello() }, serving.counts)
  pump(serving, client)
}

function isIdle(client: Client): boolean {
  const waits = client.ring.queuedBytes > 0 || !client.isSubscribed
  client.idleTicks = waits ? client.idleTicks + 1 : 0
  return client.idleTicks > MAX_IDLE_TICKS
}

function publishTick(serving: Serving, changed: TickSample): void {
  serving.tick = changed.tick
  if (serving.clients.size === 0) return
  const { parts, dropped } = splitSample(changed)
  serving.counts.framesDropped += dropped
  for (const client of serving.clients) {
    client.messagesThisTick = 0
    if (isIdle(client)) {
      refuseClient(serving, client.socket, `a reader took nothing for ${MAX_IDLE_TICKS} ticks`)
      continue
    }
    if (!client.isSubscribed) continue
    if (isSending(client)) {
      client.isBehind = true
      serving.counts.framesDropped += parts.length
    } else if (client.isBehind) startFull(serving, client)
    else client.parts = parts
    pump(serving, client)
  }
}

/**
 * Listens for readers and keeps them up to date.
 * @throws PlimsollError PLM_SOCKET: another guard listens on `path`, or it may not be used
 */
export async function serveGuard(
  options: ServeOptions,
  handlers: GuardHandlers,
): Promise<GuardServer> {
  const { path, mode = 0o660, gid = null, maxClients = 8 } = options
  const memory = new Uint8Array(maxClients * QUEUE_BYTES)
  const serving: Serving = {
    handlers,
    counts: { framesSent: 0, framesDropped: 0, refused: 0 },
    clients: new Set(),
    freeQueues: Array.from({ length: maxClients }, (_, index) =>
      memory.subarray(index * QUEUE_BYTES, (index + 1) * QUEUE_BYTES),
    ),
    unacknowledged: [],
    tick: 0,
  }
  const server: Server = createServer((socket) => accept(serving, socket))
  await claimSocket(server, path, mode, gid)
  const publish = (message: Parameters<typeof queueMessage>[1]): void => {
    for (const client of serving.clients) {
      if (!client.isSubscribed) continue
      queueMessage(client, message, serving.counts)
      pump(serving, client)
    }
  }
  return {
    publishTick: (changed) => publishTick(serving, changed),
    publishEvent(body) {
      serving.unacknowledged.push(body)
      if (serving.unacknowledged.length > MAX_UNACKNOWLEDGED) serving.unacknowledged.shift()
      publish({ type: 'event', body })
    },
    publishState: (body) => publish({ type: 'state', body }),
    clients: () => serving.clients.size,
    counts: serving.counts,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const client of serving.clients) client.socket.destroy()
      }),
  }
}
