/** @module The guard's loop: a tick, what changed to the readers, the state to disk now and then. */
import { messageOf } from '../../base/errors.ts'
import { VERSION } from '../../base/version.ts'
import type { Event, StateBody } from '../../core/wire/records.ts'
import type { TickSample } from '../../core/wire/split-sample.ts'
import { serveGuard } from '../../io/guard/serve.ts'
import type { GuardSettings } from '../../io/guard/settings.ts'
import type { StateFile } from '../../io/guard/state-file.ts'
import { openStateFile } from '../../io/guard/state-file.ts'
import { readBootMs, readHostIdentity } from '../../linux/identity.ts'
import { openSampler } from '../../linux/sampler.ts'
import { createEventMaker } from '../monitor/events.ts'
import type { Monitor } from '../monitor/monitor.ts'
import { MONITOR_DEFAULTS, openMonitor } from '../monitor/monitor.ts'
import { dropUnclaimed, isSameClock, restoreSeries } from '../monitor/resume.ts'
import type { ConsoleGuard } from './console-guard.ts'
import { startConsoleGuard } from './console-guard.ts'
import type { GuardLog } from './log.ts'
import { createLog } from './log.ts'
import type { GuardRecorder } from './recorder.ts'
import { startRecorder } from './recorder.ts'
import type { VictimWatch } from './victim-watch.ts'
import { watchVictims } from './victim-watch.ts'

export interface Guard {
  /** Saves the state and closes everything. */
  stop(): Promise<void>
}

/** The detector's state is saved so often, and the guard's own figures are told. */
const SAVE_EVERY_MS = 30_000
/** The first save comes sooner, so that a guard that is killed early has something to resume from. */
const FIRST_SAVE_MS = 5_000
const STATE_EVERY_MS = 10_000
/** ... and this soon where a verdict was told: a guard that is killed must not tell it again. */
const SAVE_TOLD_EVERY_MS = 3_000
/** A restored series that nobody claimed by then is of something that ended. */
const CLAIM_WITHIN_MS = 60_000

/** Without a state file the guard goes on, and a restart begins anew: said once. */
function openState(settings: GuardSettings, log: GuardLog): StateFile | undefined {
  if (settings.stateFile === null) return undefined
  try {
    return openStateFile(settings.stateFile)
  } catch (error) {
    log.say(4, 'PLM_STATE', `the detector's state cannot be kept: ${messageOf(error)}`)
    return undefined
  }
}

function resume(
  monitor: Monitor,
  file: StateFile | undefined,
  bootId: string,
  log: GuardLog,
): number {
  try {
    const saved = file?.load()
    if (saved === undefined) return 0
    const now = { bootId, bootSec: readBootMs() / 1000 }
    return restoreSeries(monitor.index, saved.series, isSameClock(saved, now))
  } catch (error) {
    log.say(4, 'PLM_STATE', `the saved state cannot be read: ${messageOf(error)}`)
    return 0
  }
}

/** Starts watching and serving; throws PlimsollError where /proc or the socket cannot be used. */
export async function startGuard(settings: GuardSettings): Promise<Guard> {
  const log = createLog(readBootMs)
  const identity = readHostIdentity(settings.procRoot)
  const sampler = openSampler({ procRoot: settings.procRoot, sysRoot: settings.sysRoot })
  const monitor = openMonitor(sampler, { ...MONITOR_DEFAULTS, maxSeries: settings.maxSeries })
  const stateFile = openState(settings, log)
  const resumedSeries = resume(monitor, stateFile, identity.bootId, log)
  const makeEvent = createEventMaker(identity)
  const startedWallMs = Date.now()
  const startedBootMs = readBootMs()
  let tick = 0
  let last: Omit<TickSample, 'rows' | 'full'> | null = null
  let savedAtMs = startedBootMs - SAVE_EVERY_MS + FIRST_SAVE_MS
  let toldAtMs = startedBootMs
  let isClaimed = false
  let isToldUnsaved = false
  let saving: Promise<void> | undefined
  let consoleGuard: ConsoleGuard | undefined
  let victimWatch: VictimWatch | undefined
  let recorder: GuardRecorder | undefined

  const readState = (): StateBody => ({
    startedWallMs,
    rssBytes: process.memoryUsage.rss(),
    cpuSec: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    series: monitor.index.slots.size,
    seriesDropped: monitor.index.dropped,
    framesDropped: server.counts.framesDropped,
    resumedSeries,
    missing: monitor.missing(),
    console: settings.console?.isOn ? (consoleGuard?.state() ?? null) : null,
    errors: log.counts,
  })

  const server = await serveGuard(
    {
      path: settings.socketPath,
      ...(settings.socketGid === null ? {} : { gid: settings.socketGid }),
    },
    {
      hello: () => ({
        protocol: 1,
        version: VERSION,
        pid: process.pid,
        hostId: identity.hostId,
        bootId: identity.bootId,
        hostName: identity.hostName,
        intervalMs: settings.intervalMs,
        privileged: process.geteuid?.() === 0,
      }),
      readFull: () =>
        last === null ? null : { ...last, full: true, rows: monitor.allRows(), gone: [] },
      readState,
      onInspect: (id) => monitor.requestFull(id),
      onFault: (reason) => log.say(4, 'PLM_CLIENT', reason),
    },
  )

  function publish(event: Event): void {
    server.publishEvent(event)
    recorder?.record(event)
  }

  // Neither before the socket is claimed: there is one guard on a host.
  if (settings.recorder !== null) {
    recorder = await startRecorder({
      settings: settings.recorder,
      procRoot: settings.procRoot,
      identity,
      sampler,
      makeEvent: (happening) => makeEvent(happening, readBootMs(), Date.now()),
      log,
    })
  }
  if (settings.console !== null) {
    const { procRoot, sysRoot } = settings
    consoleGuard = startConsoleGuard({
      settings: settings.console,
      procRoot,
      sysRoot,
      bootId: identity.bootId,
      // Of what happens between two ticks.
      tell: (happening) => publish(makeEvent(happening, readBootMs(), Date.now())),
      onState: () => server.publishState(readState()),
      log,
    })
  }

  if (settings.victims !== null) {
    victimWatch = watchVictims(settings.victims, settings.procRoot, (happening) => {
      log.say(6, 'PLM_DECISION', happening.reason)
      publish(makeEvent(happening, readBootMs(), Date.now()))
    })
  }

  /** Resolves once it is on disk, or was not to be; while one is on its way it stands for the next. */
  function save(): Promise<void> {
    const { arena, keys } = monitor.index
    saving ??= new Promise<void>((resolve) => {
      if (stateFile === undefined) return resolve()
      const state = { arena, keys, bootId: identity.bootId, bootSec: readBootMs() / 1000 }
      stateFile.save(state, (error) => {
        if (error !== null) log.say(4, 'PLM_STATE', `the state was not saved: ${error.message}`)
        resolve()
      })
    }).then(() => {
      saving = undefined
    })
    return saving
  }

  function step(): void {
    const bootMs = readBootMs()
    const wallMs = Date.now()
    const change = monitor.tick(bootMs, wallMs)
    if (change === undefined) {
      log.say(3, 'PLM_PROC', `${settings.procRoot}/meminfo cannot be read`)
      return
    }
    tick++
    last = { tick, host: change.host, gone: change.gone }
    server.publishTick({ ...last, full: false, rows: change.rows })
    for (const happening of change.happenings) {
      publish(makeEvent(happening, bootMs, wallMs))
      isToldUnsaved ||= happening.kind === 'verdict'
    }
    victimWatch?.see(change.host, monitor.allRows)
    recorder?.tick(change.host)
    consoleGuard?.seeGroups(sampler.tightestGroup(), MONITOR_DEFAULTS.poolsEveryMs)
    if (!isClaimed && bootMs - startedBootMs > CLAIM_WITHIN_MS) {
      isClaimed = true
      dropUnclaimed(monitor.index)
    }
    if (bootMs - toldAtMs >= STATE_EVERY_MS) {
      toldAtMs = bootMs
      server.publishState(readState())
    }
    if (bootMs - savedAtMs >= (isToldUnsaved ? SAVE_TOLD_EVERY_MS : SAVE_EVERY_MS)) {
      savedAtMs = bootMs
      isToldUnsaved = false
      void save()
    }
  }

  function containedStep(): void {
    try {
      step()
    } catch (error) {
      log.say(
        3,
        'PLM_TICK',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      )
    }
  }

  containedStep()
  const timer = setInterval(containedStep, settings.intervalMs)
  log.say(6, 'PLM_STARTED', `guard ${process.pid} watches; ${resumedSeries} series resumed`)
  return {
    async stop() {
      clearInterval(timer)
      await consoleGuard?.stop()
      // One that is on its way holds less than is known now.
      await saving
      await save()
      await recorder?.stop()
      await server.stop()
      stateFile?.close()
      sampler.close()
    },
  }
}
