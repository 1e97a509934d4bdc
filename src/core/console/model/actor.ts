/** @module The processes of the model, and the memory that they share. Owned and changed by one run. */
import { MIB } from '../../../base/units.ts'
import type { ProcessOutcome, Role, Stall } from './outcome.ts'
import type { Setting } from './setting.ts'

export interface Group {
  readonly number: number
  readonly limitBytes: number
  usedBytes: number
  /** Killed and not yet gone. */
  exiting: number
}

export interface Actor {
  readonly name: string
  readonly role: Role
  readonly group: Group | null
  /** Sleeps so long, then wants so much. */
  readonly everyMs: number
  readonly stepBytes: number
  /** Keeps what it took; else gives it back at once. */
  readonly keeps: boolean
  isAlive: boolean
  /** Counts how often it was killed. */
  life: number
  heldBytes: number
  /** Still wanted of the present step. */
  wantsBytes: number
  /** Called when it has them. */
  onGot: () => void
  /** NaN: it does not wait. */
  stalledFromMs: number
  hasReclaimed: boolean
  readonly stalls: Stall[]
  longestMs: number
  totalMs: number
  readonly killedAtMs: number[]
}

/** A leaker's and a heartbeat's step, as lab/guest's grow.c and heartbeat.c have them. */
const LEAK_EVERY_MS = 10
const BEAT_EVERY_MS = 20
const BEAT_BYTES = MIB
/** Writing a sysctl allocates a page. */
const WRITE_BYTES = 4096

/** Shorter ones are no news: allocation has its own ups and downs. */
export const STALL_MS = 100

/** What the processes that do not leak need to live, the agent's own among them; with less one of them waits for ever. */
export function leastBytes({ others, containers }: Pick<Setting, 'others' | 'containers'>): {
  readonly memoryBytes: number
  readonly containerLimitBytes: number
} {
  return { memoryBytes: (others + containers + 1) * BEAT_BYTES, containerLimitBytes: BEAT_BYTES }
}

function createActor(
  own: Pick<Actor, 'name' | 'role' | 'group' | 'everyMs' | 'stepBytes' | 'keeps'>,
): Actor {
  return {
    ...own,
    isAlive: true,
    life: 0,
    heldBytes: 0,
    wantsBytes: 0,
    onGot: () => {},
    stalledFromMs: Number.NaN,
    hasReclaimed: false,
    stalls: [],
    longestMs: 0,
    totalMs: 0,
    killedAtMs: [],
  }
}

function numbered(name: string, index: number, count: number): string {
  return count === 1 ? name : `${name}-${index + 1}`
}

export function createActors(setting: Setting): {
  readonly actors: readonly Actor[]
  readonly groups: readonly Group[]
  readonly guard: Actor
} {
  const leaker = (name: string, group: Group | null): Actor =>
    createActor({
      name,
      role: 'leaker',
      group,
      everyMs: LEAK_EVERY_MS,
      stepBytes: Math.max(1, Math.round((setting.leakBytesPerSec * LEAK_EVERY_MS) / 1000)),
      keeps: true,
    })
  const beat = (name: string, group: Group | null): Actor =>
    createActor({
      name,
      role: 'other',
      group,
      everyMs: BEAT_EVERY_MS,
      stepBytes: BEAT_BYTES,
      keeps: false,
    })
  const count = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)
  const groups = count(setting.containers).map((number) => ({
    number,
    limitBytes: setting.containerLimitBytes,
    usedBytes: 0,
    exiting: 0,
  }))
  const guard = createActor({
    name: 'plimsoll',
    role: 'guard',
    group: null,
    everyMs: Number.NaN,
    stepBytes: WRITE_BYTES,
    keeps: false,
  })
  const actors = [
    ...count(setting.leakers).map((i) => leaker(numbered('leaker', i, setting.leakers), null)),
    ...groups.flatMap((group) => [
      leaker(`container-${group.number + 1}/leaker`, group),
      beat(`container-${group.number + 1}/heartbeat`, group),
    ]),
    ...count(setting.others).map((i) => beat(numbered('heartbeat', i, setting.others), null)),
  ]
  return { actors, groups, guard }
}

export function outcomeOf(actor: Actor): ProcessOutcome {
  return {
    name: actor.name,
    role: actor.role,
    container: actor.group?.number ?? null,
    stalls: actor.stalls,
    longestStallMs: actor.longestMs,
    totalStallMs: actor.totalMs,
    killedAtMs: actor.killedAtMs,
  }
}
