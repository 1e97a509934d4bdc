/**
 * @module The adaptive console on real kernels: what a bystander feels of an OOM with the console guard, and in
 * the same machine with a console that prints nothing, and without. Some rounds in one boot, one guest at a time;
 * each round is a line of `bench/results/console-guard.jsonl`. `node bench/console-guard.ts [--runs 3]
 * [--silent N] [--without 1] [--kernels 6.1,5.10,6.12] [--groups] [--resume]`.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findKernel, KERNEL_VERSIONS } from '../lab/archive/kernels.ts'
import { runGuest } from '../lab/machine/run.ts'
import { feltOf } from './console-guard/felt.ts'
import type { Handling, Scene } from './console-guard/guest.ts'
import { BAUD, guardGuest, HANDLINGS, SCENES, TASKS } from './console-guard/guest.ts'
import { isMet, isSame, openResults, type Result, renderTable } from './console-guard/results.ts'

const FILE = join(import.meta.dirname, 'results/console-guard.jsonl')
/** Boots are as long as two rounds; a boot is one machine, and twenty rounds should not be. */
const ROUNDS_A_BOOT = 5
const BOOT_WITHIN_SEC = 120
const ROUND_WITHIN_SEC = 60

interface Kind {
  readonly version: (typeof KERNEL_VERSIONS)[number]
  readonly scene: Scene
  readonly handling: Handling
}

/** So many rounds; what did not play to its end counts as one that failed. */
async function play(kind: Kind, rounds: number): Promise<readonly Result[]> {
  const kernel = await findKernel(kind.version)
  const run = await runGuest(await guardGuest(kernel, kind.handling, kind.scene, rounds), {
    withinSec: BOOT_WITHIN_SEC + rounds * ROUND_WITHIN_SEC,
  })
  const felts = feltOf(run)
  const name = `${kind.version} ${kind.scene} ${kind.handling}`
  const { tookSec, bootedSec } = run
  console.log(
    `${name}: ${felts.length} rounds, ${run.ending} after ${tookSec.toFixed(0)} s (booted in ${bootedSec?.toFixed(0)})`,
  )
  for (const felt of felts) console.log('  ', JSON.stringify(felt))
  if (felts.length === rounds) return felts.map((felt) => ({ ...kind, felt }))
  console.log('  ', run.talk.slice(-3).join(' | '))
  return [...felts, null].map((felt) => ({ ...kind, felt }))
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    silent: { type: 'string' },
    without: { type: 'string', default: '1' },
    kernels: { type: 'string', default: '6.1,5.10,6.12' },
    groups: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
  },
})
const versions = values.kernels.split(',').flatMap((name) => {
  const version = KERNEL_VERSIONS.find((known) => known === name)
  if (version === undefined)
    throw new Error(`no kernel ${name}; there are ${KERNEL_VERSIONS.join(', ')}`)
  return [version]
})
const wanted: Readonly<Record<Handling, number>> = {
  guard: Number(values.runs),
  silent: Number(values.silent ?? Math.min(Number(values.runs), ROUNDS_A_BOOT)),
  without: Number(values.without),
}
const scenes = values.groups ? SCENES : SCENES.slice(0, 1)
const kinds: readonly Kind[] = scenes.flatMap((scene) =>
  versions.flatMap((version) => HANDLINGS.map((handling) => ({ version, scene, handling }))),
)
const file = openResults(FILE, values.resume)
const startedMs = performance.now()
for (;;) {
  const done = file.read()
  const left = kinds
    .map((kind) => ({
      kind,
      rounds: wanted[kind.handling] - done.filter((one) => isSame(one, kind)).length,
    }))
    .filter(({ rounds }) => rounds > 0)
  if (left.length === 0) break
  // In turns, so that what else the machine does hits all of them.
  for (const { kind, rounds } of left) {
    file.append(await play(kind, Math.min(rounds, ROUNDS_A_BOOT)))
  }
}
const results = file.read().filter((one) => kinds.some((kind) => isSame(one, kind)))
const minutes = ((performance.now() - startedMs) / 60_000).toFixed(0)
console.log(
  `\n${TASKS} tasks, ${BAUD} baud, 1 GiB; host: a leak of 200 MiB/s; median / p90 / most (${minutes} min)\n`,
)
console.log(renderTable(results))
const guarded = results.filter(({ handling }) => handling === 'guard')
const met = guarded.filter(isMet).length
console.log(
  `\n${met === guarded.length ? 'met' : 'MISSED'}: ${met} of ${guarded.length} rounds met`,
)
if (met < guarded.length) process.exitCode = 1
