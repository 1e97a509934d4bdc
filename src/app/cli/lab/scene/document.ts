/** @module The documents of `plimsoll lab`. Fields are kept from version to version. */
import type { Span, WireCount } from '../../../../../lab/scenarios/account.ts'
import type { Scenario } from '../../../../../lab/scenarios/scenario.ts'
import type { Outcome } from '../../../../../lab/scenarios/what-if.ts'
import { isComplete, type PlayedScene } from './played.ts'
import { conclude } from './text.ts'

export function makeListDocument(scenarios: readonly Scenario[]) {
  return {
    schema: 'plimsoll.lab-scenarios/1',
    scenarios: scenarios.map(({ name, summary }) => ({ name, summary })),
  } as const
}

function toSec(ms: number): number {
  return Math.round(ms) / 1000
}

function describeSpans(spans: readonly Span[]) {
  return spans.map(({ fromMs, toMs }) => ({ fromSec: toSec(fromMs), toSec: toSec(toMs) }))
}

function describeOutcome({ name, lines, bytes, waitMs, console, log }: Outcome) {
  return { name, lines, bytes, printSec: toSec(waitMs), console, log }
}

function describeScene(scene: PlayedScene) {
  const { change, setting, account, talk } = scene
  const onLine = ({ lines, bytes }: WireCount) => ({
    lines,
    bytes,
    printSec: toSec((bytes * 10_000) / setting.baud),
  })
  return {
    change,
    sysctls: setting.sysctls,
    ending: account.ending,
    isComplete: isComplete(scene),
    sentence: conclude(scene),
    tookSec: toSec(account.tookMs),
    longestStallSec: toSec(account.longestStallMs),
    stalls: describeSpans(account.stalls),
    printing: describeSpans(account.printing),
    report: onLine(account.wire),
    taskTable: onLine(account.table),
    killed: account.killed,
    console: account.console,
    log: account.log,
    moments: account.moments.map(({ what, atMs, name }) => ({ what, atSec: toSec(atMs), name })),
    computed:
      account.outcomes === null
        ? null
        : {
            asItWas: describeOutcome(account.outcomes.asItWas),
            remedies: account.outcomes.remedies.map(describeOutcome),
          },
    talk,
  }
}

/** One run, or with --compare one for each setting. @param scenes at least one, of one scenario */
export function makeSceneDocument(scenes: readonly [PlayedScene, ...PlayedScene[]]) {
  const { scenario, setting } = scenes[0]
  return {
    schema: 'plimsoll.lab/1',
    scenario: scenario.name,
    summary: scenario.summary,
    kernel: setting.kernel.name,
    release: setting.kernel.release,
    tasks: setting.tasks,
    baud: setting.baud,
    memoryMib: setting.memoryMib,
    runs: scenes.map(describeScene),
  } as const
}

export type SceneDocument = ReturnType<typeof makeSceneDocument>
