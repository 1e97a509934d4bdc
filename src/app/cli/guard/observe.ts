/** @module Watches for a while, by a running agent's figures or own ones, and follows what grows. */
import { PlimsollError } from '../../../base/errors.ts'
import type { FactsOf, Follower } from '../../../core/guard/host-state.ts'
import {
  createFollower,
  fallOf,
  followHost,
  NO_FACTS,
  readHostState,
} from '../../../core/guard/host-state.ts'
import type { OwnPids } from '../../../core/guard/protect.ts'
import type { HostState } from '../../../core/guard/records.ts'
import { createProcessFacts } from '../../../linux/process-facts.ts'
import { openSource } from '../watch/open-source.ts'
import type { WatchSnapshot } from '../watch/source.ts'
import type { GuardFlags } from './flags.ts'

export interface Observed {
  readonly state: HostState
  /** A running agent's guard and all above it; without one, this process stands for it. */
  readonly own: OwnPids
  readonly snapshot: WatchSnapshot
  readonly watchedSec: number
}

const OWN_EVERY_MS = 500
const OWN_FOR_MS = 10_000
/** An agent knows who leaks; what grows now is seen in this. */
const AGENT_FOR_MS = 5_000

/** @throws PlimsollError PLM_PROC, PLM_SOCKET */
export async function observe(flags: GuardFlags): Promise<Observed> {
  const reader = createProcessFacts('/proc')
  const factsOf: FactsOf = (pid, startTicks) => reader.read(pid, startTicks) ?? NO_FACTS
  const follower: Follower = createFollower()
  let latest: WatchSnapshot | undefined
  let ticks = 0
  const source = await openSource(
    {
      own: flags.own === true,
      socketPath: flags.socket ?? null,
      intervalMs: OWN_EVERY_MS,
      owner: { uid: process.getuid?.() ?? 0, runtimeDir: process.env.XDG_RUNTIME_DIR },
    },
    {
      onSnapshot(snapshot) {
        latest = snapshot
        if (snapshot.host === null || snapshot.ticks === ticks) return
        ticks = snapshot.ticks
        followHost(follower, snapshot.host, snapshot.rows, factsOf)
      },
      onEvent() {},
    },
  )
  const forMs = flags.for ?? (latest?.from === 'own' ? OWN_FOR_MS : AGENT_FOR_MS)
  await new Promise((resolve) => setTimeout(resolve, forMs))
  source.stop()
  const snapshot = latest
  if (snapshot === undefined || snapshot.host === null) {
    throw new PlimsollError('PLM_SOCKET', snapshot?.reason ?? 'no figures came')
  }
  const { host, rows, guardPid } = snapshot
  const fallBytesPerSec = fallOf(follower, host)
  // This very process is gone before anybody has to go.
  const lasting = rows.filter(({ pid }) => guardPid === null || pid !== process.pid)
  return {
    state: readHostState(follower, host, lasting, { factsOf, fallBytesPerSec }),
    own: reader.readOwnPids(guardPid ?? process.pid),
    snapshot,
    watchedSec: host.bootMs / 1000 - follower.sinceSec,
  }
}
