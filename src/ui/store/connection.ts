/**
 * @module Keeps the page up to date: session, snapshot, then the stream. A tick is applied when it
 * comes and drawn with the next frame, so that many ticks at once cost one drawing.
 */
import { computed, signal } from '@preact/signals'
import type {
  GuardStatus,
  PublicSnapshotDocument,
  SessionDocument,
  SnapshotDocument,
  StreamEvent,
  TickBody,
} from '../../core/wire/api.ts'
import type { Event, Mark, StateBody, SubjectId } from '../../core/wire/records.ts'
import { addEvent, applySnapshot, applyTick, createLive } from './live.ts'
import { fetchSession, fetchSnapshot } from './request.ts'

/** `connecting` only until the first snapshot; afterwards a loss is `lost`, with what was known. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'public' }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly reason: string }

const RETRY_MS: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000]
const PUBLIC_POLL_MS = 5_000
/** Parts of ticks that wait for the snapshot; with more of them it is asked for again. */
const MAX_WAITING_TICKS = 600

export const live = createLive()
/** Grows when `live` has changed; reading it makes a component follow. */
export const version = signal(0)
export const connection = signal<Connection>({ kind: 'connecting' })
export const session = signal<SessionDocument | null>(null)
/** Whether the page is a visitor's, who has no session. */
export const isVisitor = computed(() => (session.value?.access ?? 'full') !== 'full')
/** Between two ticks. */
export const intervalMs = computed(() => session.value?.hello?.intervalMs ?? 1_000)
export const guard = signal<GuardStatus | null>(null)
/** The host's wall clock, about each second, for times relative to those that it states. */
export const nowMs = signal(Date.now())
/** How far this browser's clock is ahead; less than this is the way of a tick through the network. */
let skewMs = 0
const MIN_SKEW_MS = 2_000
/** The least that was seen, since a late tick looks the same; forgotten by so much a tick. */
let leastAheadMs = Number.POSITIVE_INFINITY
const FORGET_MS = 50

function readNow(): number {
  return Date.now() - skewMs
}

/** Only a tick that has just been sampled tells: what a snapshot holds may be old. */
function compareClocks(tickWallMs: number): void {
  leastAheadMs = Math.min(leastAheadMs + FORGET_MS, Date.now() - tickWallMs)
  skewMs = Math.abs(leastAheadMs) < MIN_SKEW_MS ? 0 : leastAheadMs
}

let isFramePending = false
export function announce(): void {
  if (isFramePending) return
  isFramePending = true
  const draw = () => {
    isFramePending = false
    version.value++
  }
  // A hidden tab gets no frames; a timer keeps its title and its state right.
  if (document.hidden) setTimeout(draw, 1_000)
  else requestAnimationFrame(draw)
}

let failures = 0
function lose(reason: string): void {
  const { value } = connection
  if (value.kind !== 'lost') {
    connection.value = { kind: 'lost', sinceMs: readNow(), reason }
  }
  const delay = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]
  setTimeout(() => void connect(), delay)
}

function isSettled(kind: 'live' | 'public'): void {
  failures = 0
  connection.value = { kind }
  announce()
}

function show(snapshot: SnapshotDocument | PublicSnapshotDocument): void {
  applySnapshot(live, snapshot)
  guard.value = snapshot.guard
}

async function pollPublic(): Promise<void> {
  const snapshot = await fetchSnapshot()
  if (!snapshot.ok) return lose(snapshot.error.message)
  show(snapshot.value)
  isSettled('public')
  setTimeout(() => void connect(), PUBLIC_POLL_MS)
}

type Handlers = {
  readonly [Type in StreamEvent['type']]: (
    body: Extract<StreamEvent, { type: Type }>['body'],
  ) => void
}

/** Opens the stream before the snapshot is asked for: what happens in between waits in `ticks`. */
function openStream(): void {
  const source = new EventSource('/api/v1/stream')
  let ticks: TickBody[] | null = []
  const close = (reason: string) => {
    source.close()
    lose(reason)
  }
  let asked = 0
  const synchronise = async () => {
    const own = ++asked
    const since: TickBody[] = []
    ticks = since
    const snapshot = await fetchSnapshot()
    // One that was asked for later is newer, whichever comes first.
    if (own !== asked || source.readyState === EventSource.CLOSED) return
    if (!snapshot.ok) return close(snapshot.error.message)
    show(snapshot.value)
    for (const tick of since) applyTick(live, tick)
    ticks = null
    isSettled('live')
  }
  const handlers: Handlers = {
    tick: (body: TickBody) => {
      compareClocks(body.host.wallMs)
      if (ticks === null) {
        applyTick(live, body)
        announce()
      } else if (ticks.push(body) > MAX_WAITING_TICKS) close('the snapshot did not come')
    },
    event: (body: Event) => {
      addEvent(live, body)
      announce()
    },
    state: (body: StateBody) => {
      live.state = body
      announce()
    },
    guard: (body: GuardStatus) => {
      guard.value = body
    },
    mark: (body: Mark) => {
      live.marks.set(body.subjectId, body)
      announce()
    },
    unmark: (body: { readonly subjectId: SubjectId }) => {
      live.marks.delete(body.subjectId)
      announce()
    },
    resync: () => void synchronise(),
  }
  for (const [type, handle] of Object.entries(handlers)) {
    source.addEventListener(type, (event) => {
      handle(JSON.parse((event as MessageEvent<string>).data) as never)
    })
  }
  source.onopen = () => void synchronise()
  source.onerror = () => close('the stream from the agent broke off')
}

async function connect(): Promise<void> {
  const opened = await fetchSession()
  if (!opened.ok) return lose(opened.error.message)
  session.value = opened.value
  guard.value = opened.value.guard
  switch (opened.value.access) {
    case 'full':
      return openStream()
    case 'public':
      return pollPublic()
    case 'none':
      isSettled('public')
      setTimeout(() => void connect(), PUBLIC_POLL_MS)
  }
}

export function startConnection(): void {
  setInterval(() => {
    nowMs.value = readNow()
  }, 1_000)
  void connect()
}
