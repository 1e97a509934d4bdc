/** @module What the guard is told at its start: JSON, so that it parses nothing else. */
import type { Rules } from '../../core/guard/rules.ts'

/** The adaptive console. */
export interface ConsoleSettings {
  /** Off: what an earlier guard left changed is given back, and no more is done. */
  readonly isOn: boolean
  /** Where it is noted what is changed. */
  readonly journalFile: string
  /** In front of /dev, /etc and /run; '' is this host's. */
  readonly hostRoot: string
}

/** Who would have to go when memory runs out. */
export interface VictimSettings {
  readonly rules: Rules
}

/** The flight recorder. */
export interface RecorderSettings {
  readonly file: string
  /** Its size, all of which is written when it is made. */
  readonly bytes: number
  /** The kernel's log: /dev/kmsg. */
  readonly kmsg: string
}

export interface GuardSettings {
  /** Time between two ticks, ms. */
  readonly intervalMs: number
  /** Its unix socket. */
  readonly socketPath: string
  /** Group that may connect to it besides the guard's own user; `null`: none. */
  readonly socketGid: number | null
  /** Where the detector's state is kept; `null`: nowhere, a restart begins anew. */
  readonly stateFile: string | null
  /** Series at most. */
  readonly maxSeries: number
  /** Where the agent that started it listens, and what it would leave; `null`: none started it. */
  readonly agent: { readonly socket: string; readonly files: readonly string[] } | null
  /** `null`: nobody cares for consoles. */
  readonly console: ConsoleSettings | null
  /** `null`: nobody is chosen. */
  readonly victims: VictimSettings | null
  /** `null`: nothing is recorded. */
  readonly recorder: RecorderSettings | null
  readonly procRoot: string
  readonly sysRoot: string
}

export const GUARD_DEFAULTS = {
  intervalMs: 1000,
  socketGid: null,
  stateFile: null,
  maxSeries: 4096,
  agent: null,
  console: null,
  victims: null,
  recorder: null,
  procRoot: '/proc',
  sysRoot: '/sys',
} as const satisfies Partial<GuardSettings>
