/** @module Says what the guard sends, as it changes; quiet otherwise. */
import { formatDuration } from '../../../base/format.ts'
import { SECOND_MS } from '../../../base/units.ts'
import type { HostRow } from '../../../core/procfs/records.ts'
import type { HelloBody, StateBody } from '../../../core/wire/records.ts'
import type { Snapshot } from '../../../core/wire/snapshot.ts'
import type { Told } from './findings.ts'
import { findNews } from './findings.ts'
import type { Say } from './say.ts'

export interface Teller {
  /** A guard answered, with its first state. */
  onStart(hello: HelloBody, state: StateBody): void
  onState(state: StateBody): void
  onTick(snapshot: Snapshot): void
  /** Nothing is said before: the address of the dashboard stands first. */
  begin(snapshot: Snapshot): void
}

interface GuardStart {
  readonly hello: HelloBody
  readonly state: StateBody
}

function dataOf({ hello, state }: GuardStart) {
  const { pid, privileged } = hello
  const { resumedSeries, missing } = state
  return { guardPid: pid, privileged, resumedSeries, missing }
}

/** A guard that was started now has resumed what was saved; what one has that ran before is its own. */
const JUST_STARTED_MS = 15 * SECOND_MS

function sayPast({ startedWallMs, series, resumedSeries }: StateBody, nowMs: number): string {
  const ranMs = nowMs - startedWallMs
  if (ranMs > JUST_STARTED_MS) {
    return `; it has for ${formatDuration(ranMs / SECOND_MS)}, and follows ${series} series`
  }
  return resumedSeries === 0 ? '' : `; ${resumedSeries} series resumed`
}

export function createTeller(say: Say): Teller {
  const told: Told = new Map()
  let start: GuardStart | undefined
  let hasBegun = false
  let isFirstTick = true
  let isFullTold = false
  let consoleTold = ''

  function sayFirst(
    { processes, wallMs }: HostRow,
    isQuiet: boolean,
    { hello, state }: GuardStart,
  ): void {
    const { intervalMs } = hello
    const every =
      intervalMs % SECOND_MS === 0 ? formatDuration(intervalMs / SECOND_MS) : `${intervalMs} ms`
    const resumed = sayPast(state, wallMs)
    const found = isQuiet ? '; nothing leaks so far' : ''
    const text = `guard ${hello.pid} watches ${processes} processes every ${every}${resumed}${found}`
    say('host', text, { processes, ...dataOf({ hello, state }) })
    if (!hello.privileged) say('host', 'run it as root to see all of every process')
  }

  function tick({ rows, host }: Snapshot): void {
    if (!hasBegun || host === null || start === undefined) return
    const news = findNews(rows, told)
    if (isFirstTick) sayFirst(host, news.length === 0, start)
    isFirstTick = false
    for (const { text, ...data } of news) say('finding', text, data)
  }

  return {
    onStart(hello, state) {
      start = { hello, state }
      if (isFirstTick) return
      const text = `guard ${hello.pid} watches again; ${state.resumedSeries} series resumed`
      say('lifecycle', text, { what: 'guard-started', ...dataOf(start) })
    },
    onState({ seriesDropped, console }) {
      if (console !== null && hasBegun && console.about !== consoleTold) {
        consoleTold = console.about
        const kind = console.remedy === 'none' ? 'warning' : 'host'
        say(kind, `console guard: ${console.about}`, { console })
      }
      if (seriesDropped === 0 || isFullTold) return
      isFullTold = true
      say('warning', 'there is more than [agent] max_series can follow: not all of it is judged')
    },
    onTick: tick,
    begin(snapshot) {
      hasBegun = true
      tick(snapshot)
    },
  }
}
