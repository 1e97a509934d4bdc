/** @module The reader's end of the guard's socket: connects, keeps a snapshot, connects anew. */
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { assertUnreachable } from '../../base/assert.ts'
import {
  createGuardDecoder,
  decodeFrames,
  encodeFrame,
  MAX_FRAME_BYTES,
} from '../../core/wire/frames.ts'
import { PROTOCOL } from '../../core/wire/messages.ts'
import type {
  Event,
  GuardMessage,
  HelloBody,
  StateBody,
  SubjectId,
  WebMessage,
} from '../../core/wire/records.ts'
import type { Snapshot, TickChange } from '../../core/wire/snapshot.ts'
import { applySample, createSnapshot, interruptSnapshot } from '../../core/wire/snapshot.ts'

export interface LinkStatus {
  readonly connected: boolean
  /** Why, for people: `connected to guard 812`, `no guard listens on /run/...`. */
  readonly reason: string
}

export interface LinkHandlers {
  readonly onHello?: (hello: HelloBody) => void
  /** One whole tick; the snapshot has it already. */
  readonly onTick?: (change: TickChange, snapshot: Snapshot) => void
  readonly onEvent?: (event: Event) => void
  readonly onState?: (state: StateBody) => void
  readonly onStatus?: (status: LinkStatus) => void
  /** Something was lost between guard and here; a full tick follows. */
  readonly onLost?: (reason: string) => void
}

export interface LinkOptions {
  /** Whether events are stored here, and acknowledged: those told while nobody did are told anew. */
  readonly keepsEvents?: boolean
  /** Ends the link, as `stop` does. */
  readonly signal?: AbortSignal
  /** Waits between two attempts: the first, doubled each time up to the last. */
  readonly firstWaitMs?: number
  readonly lastWaitMs?: number
  /** Who says no hello for so long is no guard, or one that hangs. */
  readonly helloWithinMs?: number
}

/** A guard says hello at once; where memory is short, "at once" may take a while. */
const HELLO_WITHIN_MS = 5_000

export interface GuardLink {
  readonly snapshot: Snapshot
  /** Asks the guard to look at one subject more closely. Lost where there is no connection. */
  readonly inspect: (id: SubjectId) => void
  /** Says that this event and all before it are stored. */
  readonly acknowledge: (eventId: string) => void
  readonly stop: () => void
}

interface Linking {
  readonly path: string
  readonly keepsEvents: boolean
  readonly handlers: LinkHandlers
  readonly snapshot: Snapshot
  readonly firstWaitMs: number
  readonly lastWaitMs: number
  readonly helloWithinMs: number
  waitMs: number
  socket: Socket | null
  retry: NodeJS.Timeout | undefined
  status: LinkStatus | null
  isStopped: boolean
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no guard listens on',
  ECONNREFUSED: 'no guard listens on',
  EACCES: 'this user may not connect to',
  EAGAIN: 'too many readers wait for',
  ECONNRESET: 'the guard closed',
  EPIPE: 'the guard closed',
}

function explainFailure(path: string, error: NodeJS.ErrnoException | null): string {
  if (error === null) return `the guard closed ${path}`
  const words = WORDS[error.code ?? '']
  return words === undefined ? `${path}: ${error.message}` : `${words} ${path}`
}

function setStatus(linking: Linking, connected: boolean, reason: string): void {
  const { status } = linking
  if (status?.connected === connected && status.reason === reason) return
  linking.status = { connected, reason }
  linking.handlers.onStatus?.(linking.status)
}

function send(linking: Linking, message: WebMessage): void {
  const { socket } = linking
  if (socket === null || socket.destroyed || linking.status?.connected !== true) return
  const frame = new Uint8Array(MAX_FRAME_BYTES)
  const written = encodeFrame(message, frame)
  if (written.ok) socket.write(frame.subarray(0, written.value))
}

function subscribe(linking: Linking): void {
  send(linking, {
    type: 'subscribe',
    body: { protocol: PROTOCOL, keepsEvents: linking.keepsEvents },
  })
}

function receive(linking: Linking, message: GuardMessage): void {
  const { handlers, snapshot } = linking
  switch (message.type) {
    case 'hello':
      linking.waitMs = linking.firstWaitMs
      interruptSnapshot(snapshot)
      setStatus(linking, true, `connected to guard ${message.body.pid} at ${linking.path}`)
      handlers.onHello?.(message.body)
      subscribe(linking)
      return
    case 'sample': {
      const outcome = applySample(snapshot, message.body)
      if (outcome.kind === 'complete') handlers.onTick?.(outcome.change, snapshot)
      if (outcome.kind === 'lost') {
        handlers.onLost?.(outcome.reason)
        subscribe(linking)
      }
      return
    }
    case 'event':
      handlers.onEvent?.(message.body)
      return
    case 'state':
      handlers.onState?.(message.body)
      return
    default:
      assertUnreachable(message)
  }
}

function open(linking: Linking): void {
  const decoder = createGuardDecoder()
  const socket = connect(linking.path)
  let why: string | null = null
  linking.socket = socket
  const silence = setTimeout(() => {
    why = `${linking.path} says nothing`
    socket.destroy()
  }, linking.helloWithinMs)
  socket.on('data', (chunk) => {
    for (const message of decodeFrames(decoder, chunk)) {
      clearTimeout(silence)
      if (!socket.destroyed) receive(linking, message)
    }
    if (decoder.fault === null) return
    why = `the guard at ${linking.path} does not speak as expected: ${decoder.fault.message}`
    socket.destroy()
  })
  socket.on('error', (error) => {
    why = explainFailure(linking.path, error)
  })
  socket.on('close', () => {
    clearTimeout(silence)
    interruptSnapshot(linking.snapshot)
    if (linking.isStopped) return
    setStatus(linking, false, why ?? explainFailure(linking.path, null))
    linking.retry = setTimeout(() => open(linking), linking.waitMs)
    linking.waitMs = Math.min(linking.lastWaitMs, 2 * linking.waitMs)
  })
}

/**
 * Connects to the guard at `path` and stays connected until stopped: a guard that is not there, goes
 * away or is replaced is tried again, first soon and then every few seconds.
 */
export function connectGuard(
  path: string,
  handlers: LinkHandlers,
  options: LinkOptions = {},
): GuardLink {
  const { signal, firstWaitMs = 100, lastWaitMs = 5_000, helloWithinMs = HELLO_WITHIN_MS } = options
  const linking: Linking = {
    path,
    keepsEvents: options.keepsEvents ?? false,
    handlers,
    snapshot: createSnapshot(),
    firstWaitMs,
    lastWaitMs,
    helloWithinMs,
    waitMs: firstWaitMs,
    socket: null,
    retry: undefined,
    status: null,
    isStopped: false,
  }
  const stop = (): void => {
    linking.isStopped = true
    clearTimeout(linking.retry)
    signal?.removeEventListener('abort', stop)
    linking.socket?.destroy()
  }
  signal?.addEventListener('abort', stop)
  if (signal?.aborted === true) stop()
  else open(linking)
  return {
    snapshot: linking.snapshot,
    inspect: (id) => send(linking, { type: 'inspect', body: { id } }),
    acknowledge: (eventId) => send(linking, { type: 'acknowledge', body: { eventId } }),
    stop,
  }
}
