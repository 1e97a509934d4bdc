/**
 * @module The ladder's last rungs: SIGTERM, SIGKILL after a grace in time, then wait until the memory is back.
 * One victim at a time, never blocked on one that cannot die, and within a budget. Pure.
 */
import { formatBytes } from '../../base/format.ts'
import { HOUR_SEC, SECOND_MS } from '../../base/units.ts'
import { identityOf } from './choose.ts'
import type { Candidate, Choice, LadderPolicy, Ranked, Shortage, Step } from './records.ts'

export const LADDER_DEFAULTS: LadderPolicy = { graceMs: 5 * SECOND_MS, killsPerHour: 10 }

/** Whoever does not end so long after SIGKILL waits in the kernel for what may never come. */
const STUCK_MS = 5 * SECOND_MS
/** Until the memory of who has ended is back: a large address space takes its time. */
const SETTLE_MS = 2 * SECOND_MS
/** It is back when so much of it is. */
const BACK_SHARE = 0.5
/** There is no time for a grace where the room ends so soon. */
const NO_TIME_SEC = 0.5

type Phase =
  | { readonly kind: 'watching' }
  | {
      readonly kind: 'ending'
      readonly victim: Ranked
      readonly signal: 'SIGTERM' | 'SIGKILL'
      readonly sinceMs: number
      readonly roomBytes: number
    }
  | { readonly kind: 'settling'; readonly sinceMs: number; readonly backAtBytes: number }

export interface Ladder {
  readonly phase: Phase
  /** When somebody was ended, of the last hour, oldest first. */
  readonly endedAtMs: readonly number[]
  /** Who does not end, by `identityOf`. */
  readonly stuck: ReadonlySet<string>
}

export const NEW_LADDER: Ladder = {
  phase: { kind: 'watching' },
  endedAtMs: [],
  stuck: new Set(),
}

/** What is seen at one look. */
export interface Look {
  /** Of a clock that nobody sets. */
  readonly nowMs: number
  readonly shortage: Shortage
  /** Made with `stuck` left out. */
  readonly choice: Choice
  /** Whether the process that is being ended is gone; `true` where none is. */
  readonly isGone: boolean
  readonly policy: LadderPolicy
}

export interface Decision {
  readonly ladder: Ladder
  readonly step: Step
}

/** Whose end is waited for; `null`: nobody's. */
export function endingOf({ phase }: Ladder): Candidate | null {
  return phase.kind === 'ending' ? phase.victim.candidate : null
}

function nameOf({ name, pid }: Candidate): string {
  return `${name} ${pid}`
}

function stay(ladder: Ladder, step: Step): Decision {
  return { ladder, step }
}

function begin(ladder: Ladder, look: Look): Decision {
  const { shortage, choice, nowMs, policy } = look
  if (shortage.severity !== 'critical') return stay(ladder, { kind: 'none' })
  const { pool, ranking } = choice
  if (pool !== null) {
    const reason = `${shortage.why}: ${formatBytes(pool.bytes)} of it are ${pool.name}, which no process gives back when it ends; nobody is ended`
    return stay(ladder, { kind: 'nobody', reason })
  }
  const [victim] = ranking
  if (victim === undefined) {
    const reason = `${shortage.why}: nobody may be ended who would give memory back`
    return stay(ladder, { kind: 'nobody', reason })
  }
  const endedAtMs = ladder.endedAtMs.filter((atMs) => nowMs - atMs < HOUR_SEC * SECOND_MS)
  const who = nameOf(victim.candidate)
  if (endedAtMs.length >= policy.killsPerHour) {
    const reason = `${shortage.why}: ${who} would have to go (${victim.why}), but ${endedAtMs.length} were ended within the hour, and no more may be`
    return stay({ ...ladder, endedAtMs }, { kind: 'spent', reason })
  }
  const isUrgent = shortage.lastsSec < NO_TIME_SEC || policy.graceMs === 0
  const signal = isUrgent ? 'SIGKILL' : 'SIGTERM'
  const phase: Phase = {
    kind: 'ending',
    victim,
    signal,
    sinceMs: nowMs,
    roomBytes: shortage.roomBytes,
  }
  const reason = `${shortage.why}: ${signal} to ${who}, which gives back ${formatBytes(victim.candidate.levelBytes)}: ${victim.why}`
  return {
    ladder: { ...ladder, phase, endedAtMs: [...endedAtMs, nowMs] },
    step: { kind: isUrgent ? 'kill' : 'term', victim, reason },
  }
}

function goOn(ladder: Ladder, phase: Extract<Phase, { kind: 'ending' }>, look: Look): Decision {
  const { shortage, nowMs, policy, isGone } = look
  const { victim, signal, sinceMs, roomBytes } = phase
  const who = nameOf(victim.candidate)
  const lastedMs = nowMs - sinceMs
  if (isGone) {
    const backAtBytes = roomBytes + victim.candidate.levelBytes * BACK_SHARE
    const settling: Phase = { kind: 'settling', sinceMs: nowMs, backAtBytes }
    return settle({ ...ladder, phase: settling }, settling, look)
  }
  if (signal === 'SIGKILL') {
    if (lastedMs < STUCK_MS) return stay(ladder, { kind: 'wait', reason: `${who} is ending` })
    const stuck = new Set([...ladder.stuck, identityOf(victim.candidate)])
    const reason = `${who} does not end, ${(lastedMs / SECOND_MS).toFixed(0)} s after SIGKILL: it waits in the kernel; the next is chosen`
    return {
      ladder: { ...ladder, stuck, phase: { kind: 'watching' } },
      step: { kind: 'stuck', victim, reason },
    }
  }
  // It gave memory back and lives, or somebody else did: there is no reason left to kill it.
  if (shortage.severity === 'calm') {
    return stay({ ...ladder, phase: { kind: 'watching' } }, { kind: 'none' })
  }
  const isOut = lastedMs >= policy.graceMs
  const isUrgent = shortage.severity === 'critical' && shortage.lastsSec < NO_TIME_SEC
  if (!isOut && !isUrgent) return stay(ladder, { kind: 'wait', reason: `${who} is asked to end` })
  const why = isOut
    ? `it has not ended ${(lastedMs / SECOND_MS).toFixed(1)} s after SIGTERM`
    : 'there is no time left to wait for it'
  return {
    ladder: { ...ladder, phase: { ...phase, signal: 'SIGKILL', sinceMs: nowMs } },
    step: { kind: 'kill', victim, reason: `${shortage.why}: SIGKILL to ${who}: ${why}` },
  }
}

function settle(ladder: Ladder, phase: Extract<Phase, { kind: 'settling' }>, look: Look): Decision {
  const { shortage, nowMs } = look
  const isBack = shortage.roomBytes >= phase.backAtBytes || shortage.severity === 'calm'
  if (!isBack && nowMs - phase.sinceMs < SETTLE_MS) {
    return stay(ladder, { kind: 'wait', reason: 'its memory is not back yet' })
  }
  return begin({ ...ladder, phase: { kind: 'watching' } }, look)
}

/** One look: what is to be done now, and what to remember of it. */
export function climb(ladder: Ladder, look: Look): Decision {
  const { phase } = ladder
  switch (phase.kind) {
    case 'watching':
      return begin(ladder, look)
    case 'ending':
      return goOn(ladder, phase, look)
    case 'settling':
      return settle(ladder, phase, look)
  }
}
