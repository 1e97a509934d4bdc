/** @module Sees to it that a guard runs: uses one that is there, else starts one, and starts it again. */
import { readFileSync, rmSync } from 'node:fs'
import type { HelloBody, StateBody } from '../../../core/wire/records.ts'
import type { Snapshot, TickChange } from '../../../core/wire/snapshot.ts'
import { connectGuard } from '../../../io/guard/link.ts'
import { nextWaitMs } from './backoff.ts'
import { errorOfStart } from './fault.ts'
import type { GuardChild } from './guard-process.ts'
import { writePrivate } from './private-file.ts'
import type { Say } from './say.ts'

export interface GuardOptions {
  readonly socket: string
  /** Where the pid of a guard that an agent started is noted. */
  readonly pidFile: string
  readonly start: () => GuardChild
  readonly say: Say
  readonly onTick: (change: TickChange, snapshot: Snapshot) => void
  /** Told of every guard that answers, with its first state. */
  readonly onStart: (hello: HelloBody, state: StateBody) => void
  readonly onState: (state: StateBody) => void
}

export interface GuardFound {
  readonly pid: number
  /** It ran before this agent did, and will afterwards. */
  readonly isForeign: boolean
}

export interface KeptGuard {
  /** Rejects with what the guard itself says, where it ends at its start. */
  readonly ready: Promise<GuardFound>
  /** What it watches, kept up to date. */
  readonly snapshot: Snapshot
  /** The guard that goes on afterwards; `null`: it was ours, and is ended. */
  stop(): Promise<{ readonly leftPid: number | null }>
}

const GONE_WITHIN_MS = 8_000

/** An agent that was killed leaves its guard running: the next one takes it over as its own. */
function wasStartedByAgent(pidFile: string, pid: number): boolean {
  try {
    return readFileSync(pidFile, 'utf8') === `${pid}`
  } catch {
    return false
  }
}

/** Ends a process that is no child of ours, and waits until it is gone. */
async function endStranger(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGTERM')
    const endMs = performance.now() + GONE_WITHIN_MS
    while (performance.now() < endMs) {
      process.kill(pid, 0)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } catch {
    // Gone, or not ours to end.
  }
}

export function keepGuard(options: GuardOptions): KeptGuard {
  const { socket, pidFile, start, say, onTick, onStart, onState } = options
  let child: GuardChild | null = null
  let hello: HelloBody | null = null
  let retry: NodeJS.Timeout | undefined
  let waitMs = 0
  let isTold = false
  let isForeign = false
  let isUp = false
  let isStopping = false
  const tried = Promise.withResolvers<boolean>()
  const answered = Promise.withResolvers<GuardFound>()

  const link = connectGuard(
    socket,
    {
      onTick,
      onHello(body) {
        hello = body
        isTold = false
        isForeign = body.pid !== child?.pid && !wasStartedByAgent(pidFile, body.pid)
        answered.resolve({ pid: body.pid, isForeign })
      },
      onState(state) {
        onState(state)
        if (hello === null || isTold) return
        isTold = true
        onStart(hello, state)
      },
      onStatus({ connected }) {
        tried.resolve(connected)
        if (connected) return
        hello = null
        if (child === null) startLater(Number.POSITIVE_INFINITY)
      },
    },
    { firstWaitMs: 50, lastWaitMs: 1_000 },
  )

  function launch(): GuardChild {
    const started = start()
    child = started
    writePrivate(pidFile, `${started.pid}`)
    return started
  }

  /** Starts a guard after a while, unless one is there by then. */
  function startLater(livedMs: number): void {
    if (!isUp || isStopping || retry !== undefined) return
    waitMs = nextWaitMs(waitMs, livedMs)
    retry = setTimeout(() => {
      retry = undefined
      if (isStopping || child !== null || hello !== null) return
      try {
        follow(launch())
      } catch (error) {
        // No memory for a process, no room for a file: that may pass.
        say('warning', `the guard cannot be started: ${String(error)}`)
        startLater(0)
      }
    }, waitMs)
  }

  function follow(running: GuardChild): void {
    void running.ended.then(({ how, livedMs }) => {
      child = null
      if (isStopping) return
      const why = running.readFault()?.message
      const because = why === undefined ? '' : `: ${why}`
      say('warning', `guard ${running.pid} ended (${how})${because}; it is started again`)
      startLater(livedMs)
    })
  }

  async function begin(): Promise<GuardFound> {
    if (!(await tried.promise) && !isStopping) {
      const first = launch()
      const failed = first.ended.then(({ how }) => {
        if (!isUp) answered.reject(errorOfStart('the guard', how, first.readFault()))
      })
      await Promise.race([answered.promise, failed])
      follow(first)
    }
    const found = await answered.promise
    isUp = true
    return found
  }

  return {
    ready: begin(),
    snapshot: link.snapshot,
    async stop() {
      isStopping = true
      clearTimeout(retry)
      const left = hello !== null && isForeign ? hello.pid : null
      const stranger = child === null && left === null ? hello?.pid : undefined
      link.stop()
      await child?.end()
      if (stranger !== undefined) await endStranger(stranger)
      if (left === null) rmSync(pidFile, { force: true })
      return { leftPid: left }
    },
  }
}
