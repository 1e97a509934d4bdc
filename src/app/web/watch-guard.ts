/** @module What the web process knows of the guard: kept up to date, stored and passed on to readers. */
import type { GuardStatus, TickBody } from '../../core/wire/api.ts'
import type { Event, HelloBody, StateBody, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { Snapshot } from '../../core/wire/snapshot.ts'
import type { LinkHandlers } from '../../io/guard/link.ts'
import { connectGuard } from '../../io/guard/link.ts'
import type { History } from './history.ts'
import type { Hub } from './hub.ts'

export interface GuardView {
  readonly snapshot: Snapshot
  /** `null`: no guard answered yet. */
  readonly hello: HelloBody | null
  readonly state: StateBody | null
  readonly status: GuardStatus
  /** When the last tick came, by this process' clock; `null`: none yet. */
  readonly tickAtMs: number | null
  /** Grows with everything that a document may show. */
  readonly version: number
  /** Says that something changed that did not come from the guard, e.g. a mark. */
  touch(): void
  /** Asks the guard to read this one in full soon. */
  inspect(id: SubjectId): void
  stop(): void
}

export interface WatchOptions {
  readonly socketPath: string
  readonly history: History
  readonly hub: Hub
  readonly nowMs: () => number
  /** Told when the guard comes or goes, or stays away for another reason. */
  readonly onStatus: (status: GuardStatus) => void
  /** Told after each whole tick, when the snapshot is at it. */
  readonly onTick: (rows: ReadonlyMap<SubjectId, SubjectRow>) => void
}

interface Known {
  hello: HelloBody | null
  state: StateBody | null
  status: GuardStatus
  tickAtMs: number | null
  version: number
}

/** Rows of one event at most: a browser parses an event in one go, in which it does nothing else. */
const MAX_EVENT_ROWS = 250

function splitTick(tick: TickBody): TickBody[] {
  const events = [{ ...tick, rows: tick.rows.slice(0, MAX_EVENT_ROWS) }]
  for (let from = MAX_EVENT_ROWS; from < tick.rows.length; from += MAX_EVENT_ROWS) {
    events.push({ ...tick, rows: tick.rows.slice(from, from + MAX_EVENT_ROWS), gone: [] })
  }
  return events
}

export function watchGuard(options: WatchOptions): GuardView {
  const { socketPath, history, hub, nowMs, onStatus, onTick } = options
  const known: Known = {
    hello: null,
    state: null,
    status: { connected: false, sinceWallMs: nowMs(), reason: `connecting to ${socketPath}` },
    tickAtMs: null,
    version: 0,
  }
  /** The newest that is stored and that the guard was not told so of. */
  let stored: string | null = null
  const handlers: LinkHandlers = {
    onHello(hello) {
      known.hello = hello
      known.version++
    },
    onTick({ tick, full, host, rows, gone }) {
      known.tickAtMs = nowMs()
      known.version++
      history.recordTick(host, rows, gone)
      // Everything at once is better fetched, by those who want it, than pushed to all.
      if (full) hub.publish({ type: 'resync', body: { reason: 'the guard told everything anew' } })
      else
        for (const body of splitTick({ tick, host, rows, gone }))
          hub.publish({ type: 'tick', body })
      onTick(link.snapshot.rows)
      // Once a tick, since a host may tell of hundreds in one.
      if (stored !== null) link.acknowledge(stored)
      stored = null
    },
    onEvent(event: Event) {
      history.recordEvent(event)
      stored = event.id
      hub.publish({ type: 'event', body: event })
    },
    onState(state) {
      known.state = state
      known.version++
      hub.publish({ type: 'state', body: state })
    },
    onStatus({ connected, reason }) {
      const sinceWallMs = connected === known.status.connected ? known.status.sinceWallMs : nowMs()
      known.status = { connected, sinceWallMs, reason }
      known.version++
      hub.publish({ type: 'guard', body: known.status })
      onStatus(known.status)
    },
  }
  const link = connectGuard(socketPath, handlers, { keepsEvents: true })
  return {
    snapshot: link.snapshot,
    get hello() {
      return known.hello
    },
    get state() {
      return known.state
    },
    get status() {
      return known.status
    },
    get tickAtMs() {
      return known.tickAtMs
    },
    get version() {
      return known.version
    },
    touch() {
      known.version++
    },
    inspect: link.inspect,
    stop: link.stop,
  }
}
