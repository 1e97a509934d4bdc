/**
 * @module Follows the kernel's log for OOMs: those that it still holds from before the start, then each as it
 * happens. The ring is the kernel's and outlives this process, so that one that was killed by the OOM itself finds
 * the report when it is back; an event's number is the report's own time, and so nothing is told twice.
 */
import { StringDecoder } from 'node:string_decoder'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { MIB } from '../../base/units.ts'
import { createEvidenceKeeper } from '../../core/oom/evidence.ts'
import { explainReport } from '../../core/oom/explain.ts'
import { createFeeder } from '../../core/oom/feed.ts'
import { createLogReader } from '../../core/oom/read.ts'
import { tellWhenSilent } from '../../core/oom/silence.ts'
import type { KernelLogState } from '../../core/wire/api.ts'
import type { Event } from '../../core/wire/records.ts'
import type { KernelRing } from '../../io/logs/kernel-ring.ts'
import { openKernelRing } from '../../io/logs/kernel-ring.ts'
import type { History } from './history.ts'
import type { Hub } from './hub.ts'
import { oomEvent } from './oom-event.ts'

/** Longer than a console at 9600 baud takes for any line: a report that is silent for so long is over. */
const POLL_MS = 1_000
/** Taken in one turn, some tenths of a second of work; the ring of a large host holds 16 MiB. */
const TURN_BYTES = MIB
/** Lines kept of a report. */
const MAX_LINES = 20_000

export interface OpenedLog {
  readonly state: KernelLogState
  readonly ring: KernelRing | null
}

/** While root's rights are there; `null`: it is not wanted. */
export function openKernelLog(path: string | null): OpenedLog {
  if (path === null) {
    return { state: { path, isRead: false, reason: 'it is not asked for', hint: '' }, ring: null }
  }
  try {
    const ring = openKernelRing(path)
    return { state: { path, isRead: true, reason: '', hint: '' }, ring }
  } catch (error) {
    const hint = error instanceof PlimsollError ? (error.hint ?? '') : ''
    return { state: { path, isRead: false, reason: messageOf(error), hint }, ring: null }
  }
}

interface OomWatchOptions {
  readonly ring: KernelRing
  readonly identity: { readonly hostId: string; readonly bootId: string }
  readonly bootMs: () => number
  readonly nowMs: () => number
  /** @param lines of the kernel's log, all of the report */
  readonly onOom: (event: Event, lines: readonly string[]) => void
  /** Told once: nothing is read any more. */
  readonly onEnd: (reason: string) => void
}

/** @returns stops it, and closes the ring */
function watchOoms(options: OomWatchOptions): () => void {
  const { ring, identity, bootMs, nowMs, onOom, onEnd } = options
  const buffer = Buffer.alloc(TURN_BYTES)
  const decoder = new StringDecoder('utf8')
  const keeper = createEvidenceKeeper(true)
  const reader = createLogReader((report) => {
    const explanation = explainReport(report)
    const event = oomEvent(explanation, identity, { bootMs: bootMs(), wallMs: nowMs() })
    const kept = new Map([
      ...keeper.linesOf(explanation, MAX_LINES),
      ...keeper.evidenceOf(explanation),
    ])
    onOom(
      event,
      [...kept].sort(([a], [b]) => a - b).map(([, text]) => text),
    )
  })
  const live = tellWhenSilent(reader)
  const feeder = createFeeder(keeper.watch(live))
  let timer: NodeJS.Timeout | undefined

  function turn(): void {
    try {
      const got = ring.read(buffer)
      if (got > 0) feeder.push(decoder.write(buffer.subarray(0, got)))
      const isMore = got > TURN_BYTES / 2
      if (!isMore) live.tick()
      timer = setTimeout(turn, isMore ? 0 : POLL_MS)
    } catch (error) {
      stop()
      onEnd(messageOf(error))
    }
  }

  function stop(): void {
    clearTimeout(timer)
    ring.close()
  }

  turn()
  return stop
}

export interface KernelLogFollower {
  /** As it is now. */
  state(): KernelLogState
  stop(): void
}

export interface FollowOptions extends Pick<OomWatchOptions, 'identity' | 'bootMs' | 'nowMs'> {
  readonly history: History
  readonly hub: Hub
  readonly onTrouble: (message: string) => void
}

/** Events of this kind that are looked for at the start: as many as the ring may hold reports of. */
const MAX_KNOWN = 1_000

/** Stores and tells each OOM that was not told before, by this process or one that ran here earlier. */
export function followKernelLog(log: OpenedLog, options: FollowOptions): KernelLogFollower {
  const { history, hub, onTrouble, ...clocks } = options
  let { state } = log
  if (log.ring === null) {
    if (state.path !== null) onTrouble(`OOMs are not seen: ${state.reason}`)
    return { state: () => state, stop: () => {} }
  }
  const known = new Set(history.readEvents({ kind: 'oom', limit: MAX_KNOWN }).map(({ id }) => id))
  const stop = watchOoms({
    ...clocks,
    ring: log.ring,
    onOom(event, lines) {
      if (known.has(event.id)) return
      history.recordOomLog(event, lines.join('\n'))
      history.recordEvent(event)
      hub.publish({ type: 'event', body: event })
    },
    onEnd(reason) {
      state = { ...state, isRead: false, reason, hint: 'Start the agent again.' }
      onTrouble(`OOMs are no longer seen: ${reason}`)
    },
  })
  return { state: () => state, stop }
}
