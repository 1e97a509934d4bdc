/**
 * @module Watches for the moment at which somebody has to go, and says who it would be, why, and who was spared:
 * the choice is made while there is still room, by growth that was followed since the start. Ends nobody.
 */
import { formatBytes } from '../../base/format.ts'
import { choose, identityOf, kernelChoice } from '../../core/guard/choose.ts'
import type { FactsOf, ProcessFacts } from '../../core/guard/host-state.ts'
import {
  createFollower,
  followHost,
  memoryOf,
  NO_FACTS,
  readHostState,
  WEIGHTY_BYTES,
} from '../../core/guard/host-state.ts'
import type { Look } from '../../core/guard/ladder.ts'
import { climb, LADDER_DEFAULTS, NEW_LADDER } from '../../core/guard/ladder.ts'
import type { Choice, HostState, Ranked, Shortage, Step } from '../../core/guard/records.ts'
import { judgeShortage } from '../../core/guard/shortage.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import { subjectOf } from '../../core/wire/event-subject.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import type { VictimSettings } from '../../io/guard/settings.ts'
import { createProcessFacts } from '../../linux/process-facts.ts'
import type { Happening } from '../monitor/verdict-events.ts'

export interface VictimWatch {
  /**
   * After each tick.
   * @param readRows every subject as of that tick; called only where it is needed
   */
  see(host: HostRow, readRows: () => readonly SubjectRow[]): void
}

/** While there is enough, growth is followed this often. */
const FOLLOW_EVERY_MS = 5_000
/** Whose oom_score_adj changes meanwhile is ranked by the old one. */
const FACTS_AGE_MS = 60_000
const MOST_RIVALS = 5

interface KnownFacts {
  readonly facts: ProcessFacts
  readonly atMs: number
}

/** Of each process once a minute, so that next to nothing is opened when memory is short. */
function keepFacts(procRoot: string): {
  factsOf: FactsOf
  forget(rows: readonly SubjectRow[]): void
  readOwnPids(): ReadonlySet<number>
} {
  const reader = createProcessFacts(procRoot)
  const known = new Map<string, KnownFacts>()
  return {
    factsOf(pid, startTicks) {
      const key = identityOf({ pid, startTicks })
      const kept = known.get(key)
      if (kept !== undefined && performance.now() - kept.atMs < FACTS_AGE_MS) return kept.facts
      const facts = reader.read(pid, startTicks) ?? kept?.facts ?? NO_FACTS
      known.set(key, { facts, atMs: performance.now() })
      return facts
    },
    forget(rows) {
      if (known.size <= rows.length) return
      const present = new Set(rows.map(({ id }) => id))
      for (const key of known.keys()) if (!present.has(`process:${key}`)) known.delete(key)
    },
    readOwnPids: reader.readOwnPids,
  }
}

function rivalsOf({ ranking }: Choice): readonly Readonly<Record<string, unknown>>[] {
  return ranking.slice(1, 1 + MOST_RIVALS).map(({ candidate, by, why }) => ({
    pid: candidate.pid,
    name: candidate.name,
    levelBytes: candidate.levelBytes,
    by,
    why,
  }))
}

/** One sentence: whom it would be, or why nobody. Names in it are not escaped. */
export function sayDecision(step: Step, shortage: Shortage): string | null {
  switch (step.kind) {
    case 'term':
    case 'kill': {
      const { candidate, why } = step.victim
      const back = formatBytes(candidate.levelBytes)
      return `${shortage.why}: ${candidate.name} ${candidate.pid} would have to go and give back ${back}: ${why}`
    }
    case 'nobody':
      return step.reason
    default:
      return null
  }
}

export function watchVictims(
  settings: VictimSettings,
  procRoot: string,
  tell: (happening: Happening) => void,
): VictimWatch {
  const { rules } = settings
  const facts = keepFacts(procRoot)
  const follower = createFollower()
  let own = facts.readOwnPids()
  let followedAtMs = Number.NEGATIVE_INFINITY
  let before: { readonly roomBytes: number; readonly bootMs: number } | undefined
  /** What was told in this shortage: whom, or that nobody; `null`: nothing. */
  let told: string | null = null

  function readFall({ bootMs, memAvailableBytes, swapFreeBytes }: HostRow): number {
    const roomBytes = memAvailableBytes + swapFreeBytes
    const last = before
    before = { roomBytes, bootMs }
    if (last === undefined || bootMs <= last.bootMs) return 0
    return Math.max(0, ((last.roomBytes - roomBytes) * 1000) / (bootMs - last.bootMs))
  }

  function tellDecision(state: HostState, shortage: Shortage, rows: readonly SubjectRow[]): void {
    const choice = choose(state, shortage, { rules, own, skip: new Set() })
    const look: Look = { nowMs: 0, shortage, choice, isGone: true, policy: LADDER_DEFAULTS }
    const { step } = climb(NEW_LADDER, look)
    const reason = sayDecision(step, shortage)
    if (reason === null) return
    const victim: Ranked | null = 'victim' in step ? step.victim : null
    const whom = victim === null ? 'nobody' : identityOf(victim.candidate)
    if (whom === told) return
    told = whom
    const row = rows.find(({ id }) => id === `process:${whom}`)
    tell({
      kind: 'decision',
      subject: row === undefined ? null : subjectOf(row),
      reason,
      data: {
        what: victim === null ? 'nobody' : 'would-end',
        by: victim?.by ?? null,
        share: victim?.share ?? null,
        pool: choice.pool?.name ?? null,
        rivals: rivalsOf(choice),
        kernelsPid: kernelChoice(state)?.pid ?? null,
        memory: state.memory,
      },
    })
  }

  return {
    see(host, readRows) {
      const fallBytesPerSec = readFall(host)
      const shortage = judgeShortage(memoryOf(host, fallBytesPerSec))
      const { severity } = shortage
      if (severity === 'calm') {
        told = null
        if (host.bootMs - followedAtMs < FOLLOW_EVERY_MS) return
        own = facts.readOwnPids()
      }
      followedAtMs = host.bootMs
      const rows = readRows()
      followHost(follower, host, rows, facts.factsOf)
      facts.forget(rows)
      if (severity !== 'critical') return
      const state = readHostState(follower, host, rows, {
        factsOf: facts.factsOf,
        fallBytesPerSec,
        leastBytes: WEIGHTY_BYTES,
      })
      tellDecision(state, shortage, rows)
    },
  }
}
