/** @module The figures of a running agent, over its guard's socket. */
import type { HostRow } from '../../../core/procfs/records.ts'
import type { HelloBody, StateBody, SubjectRow } from '../../../core/wire/records.ts'
import type { LinkHandlers, LinkStatus } from '../../../io/guard/link.ts'
import { connectGuard } from '../../../io/guard/link.ts'
import type { SourceHandlers, WatchSource } from './source.ts'
import { isThere } from './source.ts'

/** Nobody at a terminal waits longer for a guard's hello. */
const HELLO_WITHIN_MS = 2_000

/** A guard that missed so many ticks, and so much time, is as good as gone. */
const SILENT_TICKS = 5
const SILENT_MS = 5_000

export interface AgentSource extends WatchSource {
  /** Settles with the first answer: connected, or why not. The source goes on trying. */
  readonly first: Promise<LinkStatus>
}

export function openAgentSource(
  path: string,
  handlers: SourceHandlers,
  silentMs = SILENT_MS,
): AgentSource {
  const openedWallMs = Date.now()
  let hello: HelloBody | null = null
  let state: StateBody | null = null
  let status: LinkStatus = { connected: false, reason: `connecting to ${path}` }
  let host: HostRow | null = null
  let rows: readonly SubjectRow[] = []
  let ticks = 0
  let settle: (status: LinkStatus) => void = () => {}
  const first = new Promise<LinkStatus>((resolve) => {
    settle = resolve
  })
  let isSilent = false
  let watchdog: NodeJS.Timeout | undefined

  function expectTick(): void {
    const waitMs = Math.max(silentMs, SILENT_TICKS * (hello?.intervalMs ?? 0))
    clearTimeout(watchdog)
    isSilent = false
    watchdog = setTimeout(() => {
      isSilent = true
      publish()
    }, waitMs)
  }

  function publish(): void {
    handlers.onSnapshot({
      from: 'agent',
      reason: isSilent ? `${status.reason}, but it has gone silent` : status.reason,
      connected: status.connected && !isSilent,
      guardPid: hello?.pid ?? null,
      hostName: hello?.hostName ?? '',
      privileged: hello?.privileged ?? false,
      intervalMs: hello?.intervalMs ?? 0,
      sinceWallMs: state?.startedWallMs ?? openedWallMs,
      ticks,
      host,
      rows,
      missing: state?.missing ?? [],
    })
  }

  const told: LinkHandlers = {
    onHello: (body) => {
      hello = body
    },
    onState: (body) => {
      state = body
    },
    onTick: (change, snapshot) => {
      ticks++
      expectTick()
      host = change.host
      rows = [...snapshot.rows.values()].filter(isThere)
      publish()
    },
    onEvent: handlers.onEvent,
    onStatus: (changed) => {
      status = changed
      clearTimeout(watchdog)
      isSilent = false
      if (changed.connected) expectTick()
      settle(changed)
      publish()
    },
  }
  const link = connectGuard(path, told, { helloWithinMs: HELLO_WITHIN_MS })
  return {
    first,
    inspect: link.inspect,
    stop() {
      clearTimeout(watchdog)
      link.stop()
    },
  }
}
