/**
 * @module Writes what real kernels print in the scenarios, with what is true of it, for whoever reads such
 * logs: `npm run lab:fixtures [-- KERNEL-SCENARIO...]`, all where none is named.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findKernel, KERNEL_VERSIONS, type KernelVersion } from '../archive/kernels.ts'
import { type GuestRun, runGuest } from '../machine/run.ts'
import { SCENARIOS } from './catalogue.ts'
import { findFaults } from './check.ts'
import type { Fixture, FixtureOom } from './fixture.ts'
import { findPrintedOoms, parseKernelLines } from './printed.ts'
import type { Scenario } from './scenario.ts'

const LOGS = join(import.meta.dirname, 'logs')
const INDEX = join(LOGS, 'index.json')
const BIOME = join(import.meta.dirname, '../../node_modules/.bin/biome')

/** Few tasks keep the logs small, and a fast line keeps the run short. */
const SETTING = { tasks: 12, baud: 115_200, memoryMib: 256, sysctls: {} } as const
const WITHIN_SEC = 120
/** A busy host damages lines of the console (see compareConsole), or another asks than should. */
const TRIES = 4
/** Of what came before the first report, as in any log. */
const CONTEXT_LINES = 10

function texts(run: GuestRun): readonly string[] {
  return (run.consoles[0] ?? []).map(({ text }) => text)
}

/** A cgroup's counters are one record of many lines, of which dmesg gives fewer than a console: 1 KiB with stamps. */
const COUNTER = /^\w+ \d+$/

/** Whether each line that came to the console came whole. */
function isWhole(run: GuestRun): boolean {
  if (run.kernelLog.length === 0) return true
  const logged = new Set(parseKernelLines(run.kernelLog).map(({ printed }) => printed))
  return parseKernelLines(texts(run)).every(
    ({ printed, text }) => logged.has(printed) || COUNTER.test(text),
  )
}

function tellOoms(scenario: Scenario, run: GuestRun): readonly FixtureOom[] {
  const source = run.kernelLog.length > 0 ? run.kernelLog : texts(run)
  return findPrintedOoms(parseKernelLines(source)).flatMap((printed, index) => {
    const truth = scenario.ooms[Math.min(index, scenario.ooms.length - 1)]
    if (truth === undefined) return []
    const { killed: _, diedToo: __, mayRepeat: ___, ...rest } = truth
    const killed = [...new Map(printed.killed.map((one) => [one.pid, one])).values()]
    return [{ ...rest, trigger: printed.asker, constraint: printed.constraint, killed }]
  })
}

async function makeFixture({ name, version, scenario }: Play): Promise<Fixture> {
  const kernel = await findKernel(version)
  let why: readonly string[] = []
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const guest = scenario.guest({ ...SETTING, kernel })
    const run = await runGuest(guest, { withinSec: WITHIN_SEC })
    const faults = findFaults(scenario, guest, run)
    why = isWhole(run) ? faults : [...faults, 'expected whole lines on the console']
    if (why.length > 0) {
      console.log(`${name}, attempt ${attempt}: ${why[0]}`)
      continue
    }
    writeFileSync(join(LOGS, `${name}.console`), `${texts(run).join('\n')}\n`)
    if (run.kernelLog.length > 0) {
      const from = run.kernelLog.findIndex((line) => line.includes('invoked oom-killer'))
      const kept = run.kernelLog.slice(Math.max(0, from - CONTEXT_LINES))
      writeFileSync(join(LOGS, `${name}.log`), `${kept.join('\n')}\n`)
    }
    return { name, kernel: kernel.release, scenario: scenario.name, ooms: tellOoms(scenario, run) }
  }
  throw new Error(`${name}: ${why.join('; ')}`)
}

/** As the check of this house wants it, so that a run that changes nothing leaves no change. */
function writeIndex(fixtures: readonly Fixture[]): void {
  writeFileSync(INDEX, `${JSON.stringify(fixtures, null, 2)}\n`)
  execFileSync(BIOME, ['format', '--write', INDEX], { stdio: 'ignore' })
}

function readIndex(): readonly Fixture[] {
  try {
    return JSON.parse(readFileSync(INDEX, 'utf8'))
  } catch {
    return []
  }
}

interface Play {
  readonly name: string
  readonly version: KernelVersion
  readonly scenario: Scenario
}

const PLAYS: readonly Play[] = KERNEL_VERSIONS.flatMap((version) =>
  SCENARIOS.filter(({ notOn }) => notOn?.includes(version) !== true).map((scenario) => ({
    name: `${version}-${scenario.name}`,
    version,
    scenario,
  })),
)

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !PLAYS.some((play) => play.name === name))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${PLAYS.map((p) => p.name).join(', ')}`)
  process.exit(2)
}
mkdirSync(LOGS, { recursive: true })
for (const play of PLAYS) {
  if (wanted.length > 0 && !wanted.includes(play.name)) continue
  const made = await makeFixture(play)
  const known = new Map([...readIndex(), made].map((fixture) => [fixture.name, fixture]))
  writeIndex(PLAYS.flatMap(({ name }) => known.get(name) ?? []))
  console.log(play.name)
}
