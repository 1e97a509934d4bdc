/**
 * @module The freeze as a run of events: processes that take memory, and one lock behind which the report of
 * whoever found none is printed. mm/page_alloc.c (__alloc_pages_may_oom), mm/memcontrol.c
 * (mem_cgroup_out_of_memory) and mm/oom_kill.c, alike from 5.10 to 7.2.
 */
import { GIB, MIB, SECOND_MS } from '../../../base/units.ts'
import type { Nearness } from '../near.ts'
import { createNearness, followRoom } from '../near.ts'
import { formatPrintk } from '../printk.ts'
import { planQuieting } from '../quieting.ts'
import type { PrintkSetting } from '../records.ts'
import type { Actor, Group } from './actor.ts'
import { createActors, outcomeOf, STALL_MS } from './actor.ts'
import { createAgenda } from './agenda.ts'
import type { ModelEvent, Outcome, PrintedPart, ReportOutcome } from './outcome.ts'
import type { PrintPlan } from './printing.ts'
import { planPrinting } from './printing.ts'
import { createRandom } from './random.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Setting } from './setting.ts'

const MAX_EVENTS = 10_000
/** Memory of a process that ends comes back in pieces, and who waits takes the first. */
const FREED_AT_ONCE_BYTES = 16 * MIB
/** From the look that finds memory short to the level that is set: a write to kernel.printk. */
const WRITE_MS = 1
/** A container with less room than this may be full before the next look. */
const CONTAINER_NEAR_BYTES = GIB

/** What the agent would set on this host; `null` where it would leave the console alone. */
function quietedPrintk({ consoles, printk }: Setting): PrintkSetting | null {
  const plan = planQuieting({
    consoles: consoles.map(({ name, kind, isSynchronous }) => ({
      name,
      isSlow: isSynchronous && kind !== 'screen' && kind !== 'network',
      hasFlowControl: false,
    })),
    printk,
    log: 'keeps-debug',
    detachable: [],
  })
  return plan.remedy === 'bulk' || plan.remedy === 'level' ? { ...printk, ...plan.set } : null
}

/**
 * Plays `setting.seconds` of a machine's life. Pure: the same setting has the same outcome. Takes about a
 * microsecond for each step of a process.
 */
export function simulate(setting: Setting): Outcome {
  const { mechanics, seconds } = setting
  const endMs = seconds * SECOND_MS
  const random = createRandom(setting.seed)
  const agenda = createAgenda()
  const { actors, groups, guard } = createActors(setting)
  const isInRate = createRateLimit()
  const near: Nearness = createNearness()
  const quieted = setting.isAdaptive ? quietedPrintk(setting) : null

  let nowMs = 0
  let freeBytes = setting.memoryBytes
  let printk = setting.printk
  /** Who holds oom_lock. */
  let owner: Actor | null = null
  const waiters: Actor[] = []
  /** Those who sleep for a tick, again and again, and since when. */
  const sleepers = new Map<Actor, number>()
  let exiting = 0
  let takenBytes = 0
  let freedBytes = 0
  let moreEvents = 0
  const events: ModelEvent[] = []
  const reports: ReportOutcome[] = []
  const plans = new Map<string, PrintPlan>()

  function after(delayMs: number, act: () => void): void {
    agenda.plan(nowMs + delayMs, act)
  }

  /** For a process: what was planned in one life is nothing to the next. */
  function later(actor: Actor, delayMs: number, act: (actor: Actor) => void): void {
    const { life } = actor
    after(delayMs, () => {
      if (actor.life === life) act(actor)
    })
  }

  /**
   * Sleeps for a tick and asks again, until there is an answer. Nothing is planned for ticks before which nothing
   * changes: a report is thousands of them.
   */
  function sleep(actor: Actor): void {
    sleepers.set(actor, nowMs)
  }

  /** Memory came back, or the lock: whoever sleeps finds it at their next tick. */
  function change(): void {
    const { tickMs } = mechanics
    for (const [actor, sinceMs] of sleepers) {
      const ticks = Math.max(1, Math.ceil((nowMs - sinceMs) / tickMs))
      later(actor, sinceMs + ticks * tickMs - nowMs, ask)
    }
    sleepers.clear()
  }

  function note(event: ModelEvent): void {
    if (events.length < MAX_EVENTS) events.push(event)
    else moreEvents++
  }

  function planOf(kind: ReportOutcome['kind']): PrintPlan {
    const key = `${kind} ${formatPrintk(printk)}`
    const known = plans.get(key)
    if (known !== undefined) return known
    const lines = kind === 'global' ? setting.report : setting.containerReport
    const plan = planPrinting(lines, setting, printk)
    plans.set(key, plan)
    return plan
  }

  function endStall(actor: Actor): void {
    if (Number.isNaN(actor.stalledFromMs)) return
    const lastedMs = nowMs - actor.stalledFromMs
    actor.longestMs = Math.max(actor.longestMs, lastedMs)
    actor.totalMs += lastedMs
    if (lastedMs >= STALL_MS) actor.stalls.push({ fromMs: actor.stalledFromMs, lastedMs })
    actor.stalledFromMs = Number.NaN
    actor.hasReclaimed = false
  }

  function giveBack(actor: Actor, bytes: number): void {
    actor.heldBytes -= bytes
    freeBytes += bytes
    if (actor.group !== null) actor.group.usedBytes -= bytes
    if (actor.keeps) freedBytes += bytes
    change()
  }

  function roomOf(group: Group | null): number {
    return group === null ? Infinity : group.limitBytes - group.usedBytes
  }

  /** Takes what there is; who has all of it goes on, who has not looks for more. */
  function ask(actor: Actor): void {
    if (!actor.isAlive) return
    const got = Math.min(actor.wantsBytes, freeBytes, roomOf(actor.group))
    freeBytes -= got
    actor.heldBytes += got
    if (actor.group !== null) actor.group.usedBytes += got
    if (actor.keeps) takenBytes += got
    actor.wantsBytes -= got
    if (actor.wantsBytes > 0) {
      lookFurther(actor)
      return
    }
    endStall(actor)
    if (!actor.keeps) giveBack(actor, actor.heldBytes)
    actor.onGot()
  }

  function lookFurther(actor: Actor): void {
    const isAtLimit = roomOf(actor.group) <= freeBytes
    if (Number.isNaN(actor.stalledFromMs)) {
      actor.stalledFromMs = nowMs
      const container = isAtLimit ? (actor.group?.number ?? null) : null
      if (owner === null) note({ atMs: nowMs, what: 'short', who: actor.name, container })
    }
    if (!actor.hasReclaimed) {
      actor.hasReclaimed = true
      later(actor, mechanics.reclaimMs, ask)
    } else if (isAtLimit) lockOrWait(actor)
    // mutex_trylock: who does not get it sleeps for a tick and tries again.
    else if (owner !== null || exiting > 0) sleep(actor)
    else beginReport(actor, null)
  }

  /** mutex_lock_killable: in the order in which they came. */
  function lockOrWait(actor: Actor): void {
    if (owner === null) withLock(actor)
    else waiters.push(actor)
  }

  function withLock(actor: Actor): void {
    const { group } = actor
    // Who waited for the lock may find that another's kill has made room.
    if (group === null || roomOf(group) > 0) ask(actor)
    else if (group.exiting > 0) sleep(actor)
    else beginReport(actor, group)
  }

  /** The largest that may be killed (oom_badness); nobody while one is about to go. */
  function chooseVictim(group: Group | null): Actor | undefined {
    let victim: Actor | undefined
    for (const actor of actors) {
      const isIn = group === null || actor.group === group
      if (!isIn || !actor.keeps || !actor.isAlive) continue
      if (victim === undefined || actor.heldBytes > victim.heldBytes) victim = actor
    }
    return victim
  }

  function beginReport(actor: Actor, group: Group | null): void {
    const victim = chooseVictim(group)
    if (victim === undefined) {
      sleep(actor)
      return
    }
    owner = actor
    const kind = group === null ? 'global' : 'memcg'
    const plan = planOf(kind)
    const isFull = isInRate(nowMs)
    const dumpMs = isFull ? plan.dumpMs : 0
    let atMs = nowMs
    const parts = plan.parts
      .filter(({ part }) => isFull || part === 'kill')
      .map(({ waitMs, ...part }): PrintedPart => {
        const fromMs = atMs
        atMs += waitMs
        return { ...part, fromMs, toMs: atMs }
      })
    const number = reports.length
    reports.push({
      kind,
      container: group?.number ?? null,
      printer: actor.name,
      victim: victim.name,
      fromMs: nowMs,
      killMs: nowMs + dumpMs,
      toMs: nowMs + dumpMs + plan.killLineMs,
      isFull,
      parts,
      freedBytes: victim.heldBytes,
    })
    note({ atMs: nowMs, what: 'report-begins', report: number })
    after(dumpMs, () => {
      note({ atMs: nowMs, what: 'killed', report: number })
      victim.isAlive = false
      victim.life++
      sleepers.delete(victim)
      if (waiters.includes(victim)) waiters.splice(waiters.indexOf(victim), 1)
      victim.killedAtMs.push(nowMs)
      exiting++
      if (victim.group !== null) victim.group.exiting++
      // Who prints dies when it has printed.
      if (victim !== actor) leave(victim)
      after(plan.killLineMs, () => {
        note({ atMs: nowMs, what: 'report-ends', report: number })
        if (victim === actor) leave(victim)
        unlock()
        ask(actor)
      })
    })
  }

  function unlock(): void {
    owner = null
    change()
    // Who finds that it need not kill lets the next one in.
    for (let next = waiters.shift(); next !== undefined; next = waiters.shift()) {
      withLock(next)
      if (owner !== null) return
    }
  }

  /** exit_mmap, piece by piece. */
  function leave(actor: Actor): void {
    endStall(actor)
    const bytes = actor.heldBytes
    const step = (): void => {
      const piece = Math.min(FREED_AT_ONCE_BYTES, actor.heldBytes)
      if (piece > 0) {
        after(piece / mechanics.freeBytesPerMs, () => {
          giveBack(actor, piece)
          step()
        })
        return
      }
      exiting--
      if (actor.group !== null) actor.group.exiting--
      change()
      note({ atMs: nowMs, what: 'freed', who: actor.name, bytes })
      if (setting.restartSec !== null) after(setting.restartSec * SECOND_MS, () => restart(actor))
    }
    step()
  }

  function restart(actor: Actor): void {
    note({ atMs: nowMs, what: 'restarted', who: actor.name })
    actor.isAlive = true
    live(actor)
  }

  function live(actor: Actor): void {
    if (!actor.isAlive) return
    actor.wantsBytes = actor.stepBytes
    ask(actor)
  }

  /** The agent's own loop: what it writes needs a page, and waits for it as everybody does. */
  function look(calm: PrintkSetting, quiet: PrintkSetting): void {
    followRoom(near, nowMs, freeBytes, setting.memoryBytes)
    const isNear = near.isNear || groups.some((group) => roomOf(group) < CONTAINER_NEAR_BYTES)
    const wanted = isNear ? quiet : calm
    if (printk === wanted) {
      after(near.nextPollMs, () => look(calm, quiet))
      return
    }
    guard.wantsBytes = guard.stepBytes
    guard.onGot = () =>
      after(WRITE_MS, () => {
        printk = wanted
        note({ atMs: nowMs, what: isNear ? 'quieted' : 'restored', printk: formatPrintk(printk) })
        look(calm, quiet)
      })
    ask(guard)
  }

  for (const actor of actors) {
    actor.onGot = () => later(actor, actor.everyMs, live)
    later(actor, random() * actor.everyMs, live)
  }
  if (quieted !== null) look(setting.printk, quieted)
  for (let next = agenda.next(endMs); next !== undefined; next = agenda.next(endMs)) {
    nowMs = next.atMs
    next.act()
  }
  nowMs = endMs
  for (const actor of actors) endStall(actor)

  const shownBytes = reports.flatMap(({ parts }) => parts).reduce((sum, one) => sum + one.bytes, 0)
  const processes = actors.map(outcomeOf)
  return {
    events,
    moreEvents,
    processes: setting.isAdaptive ? [...processes, outcomeOf(guard)] : processes,
    reports,
    consoles: setting.consoles.map(({ name, isSynchronous, cost }) => ({
      name,
      isSynchronous,
      bytes: shownBytes,
      busyMs: cost.from === 'unknown' ? 0 : shownBytes * cost.msPerByte,
    })),
    longestStallMs: Math.max(
      0,
      ...processes.filter(({ role }) => role === 'other').map((one) => one.longestStallMs),
    ),
    kills: actors.reduce((sum, { killedAtMs }) => sum + killedAtMs.length, 0),
    takenBytes,
    freedBytes,
    heldBytes: actors.reduce((sum, actor) => sum + (actor.keeps ? actor.heldBytes : 0), 0),
  }
}
