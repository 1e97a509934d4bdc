/** @module Where the agent keeps things: by who starts it, unless the configuration says otherwise. */
import { dirname, join } from 'node:path'
import type { Owner } from '../../../io/config/read.ts'
import type { Config } from '../../../io/config/table.ts'
import { guardSocketPath } from '../../../io/guard/socket-path.ts'

export interface Places {
  readonly stateDir: string
  readonly runtimeDir: string
  readonly guardSocket: string
  /** Says which agent runs here, and keeps a second one away. */
  readonly agentSocket: string
  readonly loginFile: string
  readonly historyFile: string
  /** The detector's state. */
  readonly guardState: string
  /** What the adaptive console changes. */
  readonly consoleJournal: string
  /** The flight recorder. */
  readonly recorderFile: string
  readonly guardLog: string
  /** Which guard an agent started. */
  readonly guardPid: string
  readonly guardSettings: string
  readonly webSettings: string
}

function stateDirOf({ uid, env }: Owner): string {
  if (uid === 0) return '/var/lib/plimsoll'
  const { XDG_STATE_HOME: state, HOME: home } = env
  if (state?.startsWith('/')) return join(state, 'plimsoll')
  return home?.startsWith('/') ? join(home, '.local/state/plimsoll') : `/tmp/plimsoll-${uid}/state`
}

export function placesOf(config: Config, owner: Owner): Places {
  const { uid, env } = owner
  const stateDir = config.agent.state_dir ?? stateDirOf(owner)
  const runtimeDir =
    config.agent.runtime_dir ?? dirname(guardSocketPath({ uid, runtimeDir: env.XDG_RUNTIME_DIR }))
  return {
    stateDir,
    runtimeDir,
    guardSocket: join(runtimeDir, 'guard.sock'),
    agentSocket: join(runtimeDir, 'agent.sock'),
    loginFile: join(runtimeDir, 'login'),
    historyFile: config.history.path ?? join(stateDir, 'history', 'history.db'),
    guardState: join(stateDir, 'guard.state'),
    consoleJournal: join(stateDir, 'console.journal'),
    recorderFile: config.recorder.file ?? join(stateDir, 'recorder.ring'),
    guardLog: join(stateDir, 'guard.log'),
    guardPid: join(runtimeDir, 'guard.pid'),
    guardSettings: join(runtimeDir, 'guard.json'),
    webSettings: join(runtimeDir, 'web.json'),
  }
}
