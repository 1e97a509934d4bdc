/** @module `watch` for scripts and pipes: a document or a table at the end, or one a tick. */
import { EXIT, type ExitCode, PlimsollError } from '../../../base/errors.ts'
import { formatDuration } from '../../../base/format.ts'
import type { Event } from '../../../core/wire/records.ts'
import { isAboutAny } from './arrange.ts'
import { judgeWithout } from './except.ts'
import type { SourceWish } from './open-source.ts'
import { openSource } from './open-source.ts'
import { isPressing } from './sentence.ts'
import type { WatchSnapshot, WatchSource } from './source.ts'

export interface ScriptRun {
  readonly wish: SourceWish
  /** One output at the end instead of one a tick. */
  readonly once: boolean
  /** How long to watch, ms; `null`: as long as it takes or, one output a tick, for good. */
  readonly forMs: number | null
  /** What is shown; words that nothing matches are a slip, and leave no verdict. */
  readonly filter: string
  /** Filters: what matches one counts for nothing. */
  readonly except: readonly string[]
  /** Between two outputs at least. */
  readonly everyMs: number
  /** Called at every tick, told of or not. */
  readonly observe: (snapshot: WatchSnapshot) => void
  readonly format: (snapshot: WatchSnapshot, events: readonly Event[]) => string
  readonly output: NodeJS.WriteStream
  /** For what is no result: which source, for how long. */
  readonly say: (text: string) => void
}

/** Without an agent, a fast leak has a rate by then. */
const OWN_FOR_MS = 10_000
const OWN_FOR_TICKS = 12
/** An agent that sends nothing for this long is lost. */
const AGENT_WITHIN_MS = 10_000
const MAX_EVENTS = 200

/** What a script learns from the exit code. */
export function decideExit(snapshot: WatchSnapshot | undefined): ExitCode {
  const states = new Set(snapshot?.rows.map((row) => row.verdict.state))
  if (states.has('confirmed')) return EXIT.finding
  if (snapshot === undefined || snapshot.host === null || !snapshot.connected) {
    return EXIT.incomplete
  }
  // An agent that has just started knows no more than own samples would.
  const isJudged = [...states].some((state) => state !== 'unknown')
  const isOpen = states.has('suspected') || snapshot.rows.some(isPressing)
  return isJudged && !isOpen ? EXIT.ok : EXIT.incomplete
}

/** @throws PlimsollError PLM_SOCKET: the agent that was named never answered */
function refuseAbsent({ wish, once }: ScriptRun, latest: WatchSnapshot | undefined): void {
  if (!once || wish.socketPath === null || latest === undefined) return
  if (!latest.connected && latest.host === null) {
    throw new PlimsollError('PLM_SOCKET', latest.reason)
  }
}

/**
 * @throws PlimsollError PLM_PROC: there is no agent, and /proc cannot be read; PLM_SOCKET: the one that
 * was named is not there
 */
export async function runScript(run: ScriptRun): Promise<ExitCode> {
  const { output } = run
  const startedMs = performance.now()
  const events: Event[] = []
  let latest: WatchSnapshot | undefined
  let printedMs = Number.NEGATIVE_INFINITY
  let printedTicks = 0

  let source: WatchSource | undefined
  let deadline: NodeJS.Timeout | undefined
  let end: () => void = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })

  function print(snapshot: WatchSnapshot): void {
    printedMs = performance.now()
    printedTicks = snapshot.ticks
    output.write(`${run.format(snapshot, events.splice(0))}\n`)
  }

  function take(snapshot: WatchSnapshot): void {
    latest = snapshot
    run.observe(snapshot)
    if (snapshot.ticks > printedTicks && snapshot.connected) {
      const isDue = performance.now() - printedMs >= 0.9 * run.everyMs
      // A reader that is slower than the ticks gets fewer of them.
      if (!run.once && isDue && !output.writableNeedDrain) print(snapshot)
      // An agent has watched for longer than anybody wants to wait here.
      if (run.once && snapshot.from === 'agent' && run.forMs === null) end()
    }
  }

  output.once('error', end)
  try {
    source = await openSource(run.wish, {
      onSnapshot: take,
      onEvent: (event) => {
        events.push(event)
        if (events.length > MAX_EVENTS) events.shift()
      },
    })
    const ownForMs = Math.max(OWN_FOR_MS, OWN_FOR_TICKS * run.wish.intervalMs)
    const onceForMs = latest?.from === 'own' ? ownForMs : AGENT_WITHIN_MS
    const forMs = run.forMs ?? (run.once ? onceForMs : null)
    if (run.once && latest?.from === 'own') {
      run.say(`samples by itself for ${formatDuration((forMs ?? 0) / 1000)} (${latest.reason})`)
    }
    if (forMs !== null) deadline = setTimeout(end, forMs - (performance.now() - startedMs))
    await ended
  } finally {
    clearTimeout(deadline)
    source?.stop()
  }
  refuseAbsent(run, latest)
  if (run.once && latest !== undefined && !output.errored) print(latest)
  const exitCode = decideExit(latest && judgeWithout(latest, run.except).snapshot)
  if (run.once && latest !== undefined && !isAboutAny(latest.rows, run.filter)) {
    run.say(`found nothing that matches ${JSON.stringify(run.filter)}`)
    return exitCode === EXIT.ok ? EXIT.incomplete : exitCode
  }
  if (run.once && latest?.from === 'own' && exitCode === EXIT.incomplete) {
    run.say('has no verdict yet: --for 60s watches longer')
  }
  return exitCode
}
