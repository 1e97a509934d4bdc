/**
 * @module The adaptive console: looks at memory by a timer of its own, quiets the consoles when an OOM is
 * near and gives them back when it is over. Every deed that may wait runs beside the guard's tick.
 */
import { messageOf } from '../../base/errors.ts'
import type { Result } from '../../base/result.ts'
import { fail } from '../../base/result.ts'
import { SECOND_MS } from '../../base/units.ts'
import { parseConsoleArguments } from '../../core/console/consoles.ts'
import type { GroupRoom } from '../../core/console/group-near.ts'
import { followGroups } from '../../core/console/group-near.ts'
import { createNearness, followRoom } from '../../core/console/near.ts'
import { formatPrintk } from '../../core/console/printk.ts'
import type { Quieting } from '../../core/console/quieting.ts'
import { planQuieting } from '../../core/console/quieting.ts'
import {
  explainPlan,
  explainQuiet,
  explainRestored,
  levelsText,
  OWNER_CHANGED,
  pauseAfterMs,
  summarize,
} from '../../core/console/quieting-words.ts'
import type { ConsoleState, PrintkSetting } from '../../core/console/records.ts'
import { openConsoleJournal, readConsoleJournal } from '../../io/guard/console-journal.ts'
import type { ConsoleSettings } from '../../io/guard/settings.ts'
import type { PrintkControl } from '../../linux/printk-control.ts'
import { openPrintkControl } from '../../linux/printk-control.ts'
import type { ConsoleFacts } from '../../linux/quieting-host.ts'
import { readConsoleFacts } from '../../linux/quieting-host.ts'
import { openRoomReader } from '../../linux/room.ts'
import { readStartTicks } from '../../linux/start-ticks.ts'
import { readSlow, writeSlow } from '../../linux/write-slow.ts'
import type { Happening } from '../monitor/verdict-events.ts'
import type { Deed } from './console-hands.ts'
import { createHands } from './console-hands.ts'
import type { GuardLog } from './log.ts'

export interface ConsoleGuardOptions {
  readonly settings: ConsoleSettings
  readonly procRoot: string
  readonly sysRoot: string
  readonly bootId: string
  readonly tell: (happening: Happening) => void
  /** Something of `state` is another. */
  readonly onState: () => void
  readonly log: GuardLog
}

export interface ConsoleGuard {
  /** After each look at the groups: the one that is closest to its limit, and when they are looked at next. */
  seeGroups(tightest: GroupRoom | undefined, everyMs: number): void
  state(): ConsoleState
  /** Gives back what is changed. */
  stop(): Promise<void>
}

/** What may not be prepared now, as where the disk is full, is tried again. */
const PREPARE_AGAIN_MS = 60 * SECOND_MS
/** Where it is off: what cannot be given back is tried again after this, then after twice as long, ... */
const CLEAR_AGAIN_MS = SECOND_MS
/** ... but no more after a quarter of an hour: then by the next start. */
const CLEAR_LAST_MS = 900 * SECOND_MS
/** Levels of the summary: a warning, or as loud as the console takes; never an emergency. */
const SUMMARY_LEVEL = 4

/** Another agent's guard with the same state directory: two would undo each other's deeds. `null`: there is none. */
function otherGuard({ settings, procRoot, bootId }: ConsoleGuardOptions): number | null {
  const left = readConsoleJournal(settings.journalFile)
  const by = left?.bootId === bootId ? left.guard : null
  if (by === null || by.pid === process.pid) return null
  return readStartTicks(procRoot, by.pid) === by.startTicks ? by.pid : null
}

function openControl(options: ConsoleGuardOptions): Result<PrintkControl, string> {
  const other = otherGuard(options)
  if (other === null) return openPrintkControl(options.procRoot, options.sysRoot)
  return fail(
    `another guard (process ${other}) keeps word of them in ${options.settings.journalFile}; set another [agent] state_dir, or end that one`,
  )
}

/** Starts it; what keeps it from its work is said once, and in its state. */
export function startConsoleGuard(options: ConsoleGuardOptions): ConsoleGuard {
  const opened = openControl(options)
  if (opened.ok) return watchConsoles(options, opened.value)
  const about = `nothing is done about consoles: ${opened.error}`
  if (options.settings.isOn) options.log.say(4, 'PLM_CONSOLE', about)
  return {
    seeGroups() {},
    state: () => ({ remedy: 'none', isQuiet: false, about, ownersPrintk: '', forCgroup: null }),
    stop: () => Promise.resolve(),
  }
}

/** Of what is changed now: by what, from what, since when. */
interface Quieted {
  readonly deed: Deed
  readonly found: PrintkSetting
  readonly sinceMs: number
  /** Count of the OOM killer then; NaN: this kernel has none. */
  readonly killsBefore: number
  /** Memory of the whole host was short, not that of a group alone. */
  isOfHost: boolean
}

function watchConsoles(options: ConsoleGuardOptions, control: PrintkControl): ConsoleGuard {
  const { settings, procRoot, sysRoot, bootId, tell, log } = options
  const journal = openConsoleJournal(settings.journalFile)
  const startTicks = readStartTicks(procRoot, process.pid)
  const guard = Number.isNaN(startTicks) ? null : { pid: process.pid, startTicks }
  const hands = createHands({ control, journal, sysRoot, by: { bootId, guard } })
  const rooms = openRoomReader(procRoot)
  let near = createNearness()
  let facts: ConsoleFacts | undefined
  let plan: Quieting = { remedy: 'none', why: 'it has just been started' }
  /** What `plan` was made for; `undefined`: it is to be made anew. */
  let plannedFor: PrintkSetting | undefined
  let preparedAtMs = Number.NEGATIVE_INFINITY
  let quieted: Quieted | undefined
  /** Somebody else set the consoles while an OOM was near: hands off until that is over. */
  let isYielded = false
  let cgroup: string | null = null
  let timer: NodeJS.Timeout | undefined
  let work: Promise<void> | undefined

  /** One deed at a time. */
  function run(deed: () => Promise<void>): void {
    work ??= deed()
      .catch((error: unknown) => log.say(3, 'PLM_CONSOLE', messageOf(error)))
      .then(() => {
        work = undefined
      })
  }

  /** In calm times: what would be done about `now`, with its undoing on disk. */
  async function prepare(now: PrintkSetting): Promise<void> {
    preparedAtMs = performance.now()
    try {
      facts ??= await readConsoleFacts({ procRoot, sysRoot, hostRoot: settings.hostRoot })
      const next = planQuieting({ ...facts, printk: now })
      if (next.remedy !== 'none') await hands.prepare(next, now)
      plan = next
      plannedFor = now
      log.say(6, 'PLM_CONSOLE_PLAN', explainPlan(plan))
    } catch (error) {
      plannedFor = undefined
      plan = { remedy: 'none', why: `what is changed cannot be noted: ${messageOf(error)}` }
      log.say(4, 'PLM_CONSOLE', explainPlan(plan))
    }
    options.onState()
  }

  function tellConsole(
    what: string,
    reason: string,
    data: Readonly<Record<string, unknown>>,
  ): void {
    tell({ kind: 'console', subject: null, reason, data: { what, remedy: plan.remedy, ...data } })
    options.onState()
  }

  async function quiet(deed: Deed, found: PrintkSetting): Promise<void> {
    const killsBefore = rooms.readOomKills()
    const fault = await hands.apply(deed, found)
    if (fault !== null) throw new Error(`the consoles cannot be quieted: ${fault}`)
    quieted = { deed, found, sinceMs: performance.now(), killsBefore, isOfHost: near.isNear }
    const { roomBytes, totalBytes } = rooms.read()
    const forCgroup = near.isNear ? null : cgroup
    tellConsole('quiet', explainQuiet(deed, found, { roomBytes, totalBytes }, forCgroup), {
      found: levelsText(found),
      set: deed.remedy === 'detach' ? deed.console : levelsText(deed.set),
      roomBytes,
      totalBytes,
      cgroup: forCgroup,
    })
  }

  async function restore(current: Quieted): Promise<void> {
    const { deed, found, sinceMs, killsBefore, isOfHost } = current
    const outcome = await hands.restore(deed, found)
    if (outcome === 'failed') throw new Error('the consoles cannot be given back yet')
    quieted = undefined
    const lastedMs = performance.now() - sinceMs
    const oomKills = rooms.readOomKills() - killsBefore
    if (outcome === 'changed') {
      tellConsole('changed', OWNER_CHANGED, { lastedMs })
      return
    }
    tellConsole('restored', explainRestored(deed, found, lastedMs, oomKills), {
      lastedMs,
      oomKills: Number.isNaN(oomKills) ? null : oomKills,
      found: levelsText(found),
    })
    // For a group it may have been days, and what it printed was no more than header and kill line.
    if (oomKills > 0 && isOfHost) await printSummary(deed, found, lastedMs, oomKills)
  }

  async function printSummary(
    deed: Deed,
    { consoleLevel }: PrintkSetting,
    lastedMs: number,
    oomKills: number,
  ): Promise<void> {
    const level = Math.min(SUMMARY_LEVEL, consoleLevel - 1)
    if (level < 1) return
    const lines = parseConsoleArguments((await readSlow(`${procRoot}/cmdline`)) ?? '')
    for (const line of summarize(deed, lastedMs, oomKills)) {
      await writeSlow(`${settings.hostRoot}/dev/kmsg`, `<${level}>${line}\n`, 'a')
      await new Promise((resolve) => setTimeout(resolve, pauseAfterMs(line, lines)))
    }
  }

  /** Goes on where a guard was killed while an OOM was near: it may be near still. */
  async function takeOver(): Promise<void> {
    const left = await hands.findLeft(readConsoleJournal(settings.journalFile))
    const now = control.read()
    if (left === null || now === undefined) return
    log.say(6, 'PLM_CONSOLE_LEFT', 'an earlier guard left the consoles quiet: they are given back')
    near = createNearness(true)
    plan = left.deed
    quieted = {
      deed: left.deed,
      found: { ...now, ...left.found },
      sinceMs: performance.now(),
      killsBefore: rooms.readOomKills(),
      isOfHost: true,
    }
  }

  function isDue(now: PrintkSetting): boolean {
    if (plannedFor !== undefined) return formatPrintk(now) !== formatPrintk(plannedFor)
    return performance.now() - preparedAtMs >= PREPARE_AGAIN_MS
  }

  /** What is to be done now; `undefined`: nothing. */
  function nextDeed(): (() => Promise<void>) | undefined {
    const isWanted = near.isNear || (cgroup !== null && plan.remedy === 'bulk')
    const current = quieted
    if (current !== undefined) {
      current.isOfHost ||= near.isNear
      if (isWanted && hands.isAsSet(current.deed)) return undefined
      isYielded = isWanted
      return () => restore(current)
    }
    if (isWanted && isYielded) return undefined
    isYielded = false
    const now = control.read()
    if (now === undefined) return undefined
    if (isDue(now)) return () => prepare(now)
    const deed = plan
    return isWanted && deed.remedy !== 'none' ? () => quiet(deed, now) : undefined
  }

  function look(): void {
    try {
      const { roomBytes, totalBytes } = rooms.read()
      followRoom(near, performance.now(), roomBytes, totalBytes)
      const deed = work === undefined ? nextDeed() : undefined
      if (deed !== undefined) run(deed)
    } catch (error) {
      log.say(3, 'PLM_CONSOLE', messageOf(error))
    }
    timer = setTimeout(look, near.nextPollMs)
  }

  /** Where it is off: gives back what an earlier guard left. */
  function clear(againMs: number): void {
    run(async () => {
      if (quieted === undefined) await takeOver()
      if (quieted !== undefined) await restore(quieted)
      await journal.remove()
      clearTimeout(timer)
    })
    if (againMs <= CLEAR_LAST_MS) timer = setTimeout(() => clear(2 * againMs), againMs)
  }

  if (settings.isOn) {
    run(takeOver)
    look()
  } else {
    clear(CLEAR_AGAIN_MS)
  }
  return {
    seeGroups(tightest, everyMs) {
      cgroup = followGroups(cgroup, tightest, everyMs)
    },
    state: () => ({
      remedy: plan.remedy,
      isQuiet: quieted !== undefined,
      about: settings.isOn ? explainPlan(plan) : 'the console guard is off',
      ownersPrintk: plannedFor === undefined ? '' : formatPrintk(plannedFor),
      forCgroup: quieted === undefined || near.isNear ? null : cgroup,
    }),
    async stop() {
      clearTimeout(timer)
      await work
      const current = quieted
      if (current !== undefined) {
        run(() => restore(current))
        await work
      }
      if (settings.isOn && quieted === undefined) await journal.remove().catch(() => {})
      rooms.close()
      control.close()
    },
  }
}
