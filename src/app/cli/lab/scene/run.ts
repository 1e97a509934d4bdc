/** @module Runs `plimsoll lab SCENARIO`: one scene, or one for each setting, and tells of it. */
import { join } from 'node:path'
import { findKernel, type Kernel } from '../../../../../lab/archive/kernels.ts'
import { findLockHolder } from '../../../../../lab/archive/lock-holder.ts'
import type { Guest } from '../../../../../lab/machine/guest.ts'
import { runGuest, TURN } from '../../../../../lab/machine/run.ts'
import { accountFor } from '../../../../../lab/scenarios/account.ts'
import { findScenario, SCENARIOS } from '../../../../../lab/scenarios/catalogue.ts'
import type { Scenario, Setting } from '../../../../../lab/scenarios/scenario.ts'
import { REMEDIES } from '../../../../../lab/scenarios/what-if.ts'
import { EXIT, type ExitCode, PlimsollError } from '../../../../base/errors.ts'
import { encodeJsonLine } from '../../../../base/escape.ts'
import type { Line } from '../../watch/look.ts'
import { paintLine } from '../../watch/look.ts'
import { abortAtSignal } from '../abort-at-signal.ts'
import { lookAt } from '../look-at.ts'
import { makeListDocument, makeSceneDocument } from './document.ts'
import { checkFlags, compareCommand, type SceneFlags, type SceneWish } from './flags.ts'
import { keepDocument, keepRun, prepareKeep } from './keep.ts'
import { createLiveOutput, type LiveOutput } from './live.ts'
import { exitCodeOf, type PlayedScene } from './played.ts'
import {
  comparisonLines,
  consoleLine,
  eventWords,
  headLines,
  kernelLine,
  listLines,
  noteLine,
  sceneLines,
  statusLine,
} from './text.ts'
import { requireTools } from './tools.ts'
import { formatCount, formatSec } from './words.ts'

/** Lines of text are not longer than one reads with ease. */
const MAX_WIDTH = 100
/** A turn that takes longer is told of. */
const WAITING_MS = 3000

function tellList(flags: SceneFlags): ExitCode {
  const { stdout } = process
  const look = lookAt(stdout)
  const lines = flags.json
    ? [encodeJsonLine(makeListDocument(SCENARIOS))]
    : listLines(SCENARIOS, stdout.columns || 80).map((line) => paintLine(line, look))
  stdout.write(`${lines.join('\n')}\n`)
  return EXIT.ok
}

/** Longest by far where the host is loaded: then a boot takes many times its usual time. */
function limitSec({ playSec, ooms }: Scenario, { tasks, baud }: Setting): number {
  const bytes = Math.max(1, ooms.length) * (8_000 + tasks * 150)
  return 60 + 4 * (playSec + (bytes * 10) / baud)
}

interface Stage {
  readonly scenario: Scenario
  readonly signal: AbortSignal
  readonly live: LiveOutput
  /** What is said of it while it goes on. */
  readonly aloud: 'console' | 'events' | 'nothing'
  readonly keep: string | null
}

async function playScene(
  { scenario, signal, live, aloud, keep }: Stage,
  setting: Setting,
  change: string | null,
): Promise<PlayedScene> {
  const guest: Guest = scenario.guest(setting)
  let bytes = 0
  let heardMs: number | null = null
  const waiting = setTimeout(() => {
    const pid = findLockHolder(TURN)
    // Its own: it has its turn, and its machine is not switched on yet.
    if (pid === process.pid) return
    const whose = pid === null ? 'another guest' : `a guest of process ${pid}`
    live.say(noteLine(`${whose} runs on this host; this one waits for its turn`))
  }, WAITING_MS)
  try {
    const run = await runGuest(guest, {
      withinSec: limitSec(scenario, setting),
      signal,
      onStart() {
        clearTimeout(waiting)
        if (aloud !== 'nothing') live.say(noteLine('the machine is switched on', 0))
        live.follow(() => {
          const silentMs = heardMs === null ? null : performance.now() - heardMs
          return statusLine({ baud: setting.baud, bytes, silentMs }, live.look)
        })
      },
      onConsoleLine({ text, atMs, wireBytes }, index) {
        if (index > 0) return
        bytes += wireBytes
        if (aloud === 'console') live.say(consoleLine(text, atMs, live.lineWidth(), live.look))
      },
      onEvent(event, arrivedMs) {
        if (event.event === 'beat' || event.event === 'stall') heardMs = performance.now()
        if (event.event === 'over') heardMs = null
        const words = eventWords(event, setting.tasks)
        if (aloud !== 'nothing' && words !== null) live.say(noteLine(words, arrivedMs))
      },
    })
    if (keep !== null) keepRun(keep, run)
    return { scenario, setting, change, account: accountFor(guest, run), talk: run.talk }
  } finally {
    clearTimeout(waiting)
    live.follow(null)
  }
}

function directoryOf(keep: string | undefined, change: string | null): string | null {
  if (keep === undefined) return null
  return join(keep, (change ?? 'nothing-changed').replaceAll(/[^\w.]+/g, '-'))
}

/** The scenario with nothing changed, then with each remedy. */
async function compare(
  stage: Stage,
  setting: Setting,
  keep: string | undefined,
): Promise<readonly PlayedScene[]> {
  const scenes: PlayedScene[] = []
  const changes = [{ name: null, sysctls: {} }, ...REMEDIES]
  for (const { name, sysctls } of changes) {
    if (stage.signal.aborted) break
    const changed: Setting = { ...setting, sysctls: { ...setting.sysctls, ...sysctls } }
    const scene = await playScene({ ...stage, keep: directoryOf(keep, name) }, changed, name)
    scenes.push(scene)
    const { longestStallMs, wire } = scene.account
    const what = `${name ?? 'nothing changed'}: others stood still for ${formatSec(longestStallMs)}, ${formatCount(wire.bytes)} bytes`
    stage.live.say(noteLine(`${scenes.length} of ${changes.length}  ${what}`))
  }
  return scenes
}

async function play(
  scenario: Scenario,
  wish: SceneWish,
  flags: SceneFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { stdout, stderr } = process
  const output = flags.json ? stderr : stdout
  const live = createLiveOutput(output, lookAt(output))
  const width = (): number => Math.min(MAX_WIDTH, live.width())
  const sayAll = (lines: readonly Line[]): void => {
    for (const line of lines) live.say(line)
  }
  sayAll(headLines(scenario, wish, width()))
  if (!wish.kernel.includes('/')) {
    live.say(noteLine(`kernel ${wish.kernel}: from the cache, else from Debian’s archive`))
  }
  const fromMs = performance.now()
  const kernel: Kernel = await findKernel(wish.kernel, { signal })
  live.say(kernelLine(kernel, performance.now() - fromMs))
  const setting: Setting = { ...wish, kernel }
  const aloud = flags.compare ? 'nothing' : flags.json ? 'events' : 'console'
  const stage: Stage = { scenario, signal, live, aloud, keep: flags.keep ?? null }
  const scenes = flags.compare
    ? await compare(stage, setting, flags.keep)
    : [await playScene(stage, setting, null)]
  const [first, ...others] = scenes
  if (first === undefined || signal.aborted) return EXIT.incomplete
  const document = makeSceneDocument([first, ...others])
  if (flags.keep !== undefined) keepDocument(flags.keep, document)
  if (flags.json) stdout.write(`${encodeJsonLine(document)}\n`)
  else if (flags.compare) sayAll(comparisonLines(scenes, width()))
  else sayAll(sceneLines(first, compareCommand(scenario.name, flags), width(), live.look))
  return exitCodeOf(scenes)
}

function requireScenario(name: string): Scenario {
  const scenario = findScenario(name)
  if (scenario !== undefined) return scenario
  const names = ['leak', ...SCENARIOS.map((known) => known.name)].join(', ')
  throw new PlimsollError(
    'PLM_USAGE',
    `expected a scenario, got ${JSON.stringify(name)}; there are ${names}`,
  )
}

/** Ends this process by the signal that ended the scene, once nothing of it is left. */
export async function runScene(name: string | undefined, flags: SceneFlags): Promise<ExitCode> {
  if (name === undefined || flags.list) return tellList(flags)
  const scenario = requireScenario(name)
  const wish = checkFlags(flags, process.availableMemory())
  requireTools(wish.kernel.includes('/'))
  if (flags.keep !== undefined) prepareKeep(flags.keep)
  const watch = abortAtSignal()
  try {
    return await play(scenario, wish, flags, watch.signal)
  } catch (error) {
    if (!watch.signal.aborted) throw error
    return EXIT.incomplete
  } finally {
    watch.forget()
    const signal = watch.received()
    if (signal !== null) process.kill(process.pid, signal)
  }
}
