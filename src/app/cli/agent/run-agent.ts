/**
 * @module The resident agent without systemd: keeps guard and web process running, and tells what was
 * found. The guard is detached and never forks; it outlives this process if that is killed.
 */
import { rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SECOND_MS } from '../../../base/units.ts'
import type { Override } from '../../../io/config/parse.ts'
import type { Owner } from '../../../io/config/read.ts'
import { readConfig } from '../../../io/config/read.ts'
import type { Config } from '../../../io/config/table.ts'
import {
  checkConsoleGuard,
  checkWebUser,
  claimDirectories,
  programDirectory,
  webGroup,
} from './directories.ts'
import { boundLog, startGuardProcess } from './guard-process.ts'
import { claimInstance } from './instance.ts'
import type { KeptGuard } from './keep-guard.ts'
import { keepGuard } from './keep-guard.ts'
import type { KeptWeb } from './keep-web.ts'
import { keepWeb } from './keep-web.ts'
import type { Places } from './places.ts'
import { placesOf } from './places.ts'
import { writePrivate } from './private-file.ts'
import type { Say } from './say.ts'
import { guardSettings, webSettings } from './settings.ts'
import type { Teller } from './tell.ts'
import { createTeller } from './tell.ts'

export interface AgentWish {
  readonly configFile: string | undefined
  readonly overrides: readonly Override[]
  /** Without: the guard alone. */
  readonly web: boolean
  /** Checks the configuration and starts nothing. */
  readonly checkOnly: boolean
}

const BOUND_LOG_EVERY_MS = 600 * SECOND_MS
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Everything that starting takes, checked. */
interface Plan {
  readonly config: Config
  readonly places: Places
  /** Where the bundles are. */
  readonly programs: string
  /** Group of the web process where it runs as another user; `null`: it does not. */
  readonly webGid: number | null
  readonly say: Say
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of END_SIGNALS) process.on(signal, () => resolve())
  })
}

function startGuard(plan: Plan, teller: Teller): KeptGuard {
  const { config, places, programs, webGid, say } = plan
  const settings = JSON.stringify(guardSettings(config, places, webGid))
  const program = join(programs, 'guard.cjs')
  return keepGuard({
    socket: places.guardSocket,
    pidFile: places.guardPid,
    start() {
      writePrivate(places.guardSettings, settings)
      return startGuardProcess({
        program,
        settings: places.guardSettings,
        log: places.guardLog,
        maxSeries: config.agent.max_series,
      })
    },
    say,
    onTick: (_change, snapshot) => teller.onTick(snapshot),
    onStart: teller.onStart,
    onState: teller.onState,
  })
}

function startWeb({ config, places, programs, webGid, say }: Plan): KeptWeb {
  return keepWeb({
    program: join(programs, 'web.cjs'),
    settingsFile: places.webSettings,
    makeSettings: (port) =>
      webSettings(config, places, {
        port: port ?? config.web.port,
        uiDir: join(programs, 'ui'),
        guardGid: webGid,
      }),
    say,
  })
}

/** What nobody needs once all is ended; the directory only where nothing else is in it. */
function removeTraces({ runtimeDir, loginFile, guardSettings, webSettings }: Places): void {
  for (const file of [loginFile, guardSettings, webSettings]) rmSync(file, { force: true })
  try {
    rmdirSync(runtimeDir)
  } catch {
    // A guard that goes on has its socket there.
  }
}

async function run(plan: Plan, hasWeb: boolean): Promise<void> {
  const { places, say } = plan
  const ended = untilSignal()
  const instance = await claimInstance(places.agentSocket)
  const teller = createTeller(say)
  const guard = startGuard(plan, teller)
  let web: KeptWeb | undefined
  let isEnding = false

  async function begin(): Promise<void> {
    const { pid, isForeign } = await guard.ready
    if (isForeign) say('host', `guard ${pid} runs already and is used, with the settings it has`)
    if (hasWeb && !isEnding) {
      web = startWeb(plan)
      const { url, loginUrl, login, pid: webPid } = await web.ready
      instance.setUrl(url)
      const { loginFile } = places
      say('dashboard', `dashboard, to log in once: ${login}`, { url, loginUrl, webPid })
      say('dashboard', `the address of the next login, each time: ${loginFile}`, { loginFile })
    }
    teller.begin(guard.snapshot)
  }

  async function end(): Promise<number | null> {
    isEnding = true
    await web?.stop()
    const { leftPid } = await guard.stop()
    await instance.close()
    removeTraces(places)
    return leftPid
  }

  const boundLogs = setInterval(() => boundLog(places.guardLog), BOUND_LOG_EVERY_MS)
  try {
    // A signal ends it while it begins, too.
    await Promise.race([begin().then(() => ended), ended])
  } catch (error) {
    await end()
    throw error
  } finally {
    clearInterval(boundLogs)
  }
  const leftPid = await end()
  const rest = leftPid === null ? '' : `; guard ${leftPid} ran before and goes on`
  say('lifecycle', `the agent ended${rest}`, { what: 'agent-ended' })
}

/** Runs until a signal ends it. @throws PlimsollError */
export async function runAgent(wish: AgentWish, owner: Owner, say: Say): Promise<void> {
  const { config, file } = readConfig(wish.configFile, owner, wish.overrides)
  if (wish.web) checkWebUser(config, owner.uid)
  checkConsoleGuard(config, owner.uid)
  if (wish.checkOnly) {
    const what = file === null ? 'there is no configuration, everything has its default' : file
    say('host', file === null ? what : `${what} is fine`, { file })
    return
  }
  const webGid = webGroup(config, owner.uid)
  const places = placesOf(config, owner)
  const programs = programDirectory()
  claimDirectories(places, owner.uid, webGid)
  await run({ config, places, programs, webGid, say }, wish.web)
}
