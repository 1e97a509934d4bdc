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

export interface KeptGuard {
  readonly pid: number
  /** It ran before this agent did, and will afterwards. */
  readonly isForeign: boolean
  /** What it watches, kept up to date. */
  readonly snapshot: Snapshot
  /** Ends the guard, unless it is foreign. */
  stop(): Promise<void>
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

/** @throws PlimsollError what the guard itself says, where it ends at its start */
export async function keepGuard(options: GuardOptions): Promise<KeptGuard> {
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
  const answered = Promise.withResolvers<HelloBody>()

  const link = connectGuard(
    socket,
    {
      onTick,
      onHello(body) {
        hello = body
        isTold = false
        answered.resolve(body)
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

  async function stop(): Promise<void> {
    isStopping = true
    clearTimeout(retry)
    link.stop()
    if (child !== null) await child.end()
    else if (hello !== null && !isForeign) await endStranger(hello.pid)
    if (!isForeign) rmSync(pidFile, { force: true })
  }

  try {
    if (!(await tried.promise)) {
      const first = launch()
      const failed = first.ended.then(({ how }) => {
        if (!isUp) throw errorOfStart('the guard', how, first.readFault())
      })
      await Promise.race([answered.promise, failed])
      follow(first)
    }
    const { pid } = await answered.promise
    isForeign = child === null && !wasStartedByAgent(pidFile, pid)
    isUp = true
    return { pid, isForeign, snapshot: link.snapshot, stop }
  } catch (error) {
    link.stop()
    rmSync(pidFile, { force: true })
    throw error
  }
}
