/**
 * @module The incident on an emulated machine: how long a bystander stands still, beside the time that the
 * bytes really seen need on the line. Or, with `--soak`, many runs in a row: each ends, and leaves nothing.
 *
 * node bench/lab/run.ts [--runs N] [--tasks 50,200,800] [--baud 9600,19200,115200] [--kernel 6.1] [--write]
 * node bench/lab/run.ts --soak N [--write]
 *
 * Both where `--runs` and `--soak` are given. All runs have one turn, so that no other guest is between.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { findKernel, type KernelVersion } from '../../lab/archive/kernels.ts'
import { findAccelerator } from '../../lab/machine/accelerator.ts'
import { findReports, longestStallMs } from '../../lab/machine/felt.ts'
import { type GuestRun, inTurn, type runGuest } from '../../lab/machine/run.ts'
import { incident } from '../../lab/scenarios/incident.ts'
import { INCIDENT } from '../../lab/scenarios/scenario.ts'
import { replacePart } from '../../scripts/readme.ts'
import {
  type Cell,
  cellRatio,
  describeSetup,
  isClean,
  isWithin,
  lineMs,
  type Setup,
  type SoakRun,
  type StallRun,
  soakSentence,
  stallTable,
} from './report.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    tasks: { type: 'string', default: '50,200,800' },
    baud: { type: 'string', default: '9600,19200,115200' },
    kernel: { type: 'string', default: '6.1' },
    soak: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const PAGES = ['README.md', 'docs/lab-bench.md']
/** A run that deviates is repeated, since another program may have been busy. */
const RUNS_WHEN_DEVIATING = 3
/** Boot, leak and end, on a busy host. */
const PLAY_SEC = 60
const SOAK = { tasks: 200, baud: 115_200 } as const

function numbersOf(text: string): readonly number[] {
  return text.split(',').map((part) => {
    const value = Number(part)
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`expected whole numbers, got ${text}`)
    return value
  })
}

const kernel = await findKernel(values.kernel as KernelVersion)

type Run = typeof runGuest

async function runIncident(runGuest: Run, tasks: number, baud: number): Promise<GuestRun> {
  const guest = incident.guest({ ...INCIDENT, kernel, tasks, baud })
  // A row of the table has 98 bytes, and a report 5 KB beside it.
  const withinSec = PLAY_SEC + (2 * (5000 + 100 * tasks) * 10) / baud
  return await runGuest(guest, { withinSec })
}

async function measureStall(run: Run, tasks: number, baud: number): Promise<StallRun> {
  const played = await runIncident(run, tasks, baud)
  const [report, ...others] = findReports(played.consoles[0] ?? [])
  if (played.ending !== 'played' || report === undefined || others.length > 0) {
    throw new Error(`expected one report, got ${others.length} more; the run ${played.ending}`)
  }
  const { bytes, foreignBytes, foreignLines } = report
  return { bytes, foreignBytes, foreignLines, stallMs: longestStallMs(played.events, 'heartbeat') }
}

async function measureCell(run: Run, tasks: number, baud: number, atLeast: number): Promise<Cell> {
  const runs: StallRun[] = []
  let wanted = atLeast
  while (runs.length < wanted) {
    const stall = await measureStall(run, tasks, baud)
    runs.push(stall)
    const one = { tasks, baud, runs: [stall] }
    const ratio = cellRatio(one).toFixed(3)
    console.error(`${tasks} tasks at ${baud}: ${ratio} (${stall.foreignLines} lines more)`)
    if (!isWithin(one)) wanted = Math.max(wanted, RUNS_WHEN_DEVIATING)
  }
  return { tasks, baud, runs }
}

function childrenOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean)
  } catch {
    return []
  }
}

/** Processes of this one, and what is open or named that was not before. */
function leftBehind(before: ReadonlySet<string>): readonly string[] {
  return [...traces()].filter((trace) => !before.has(trace))
}

function traces(): ReadonlySet<string> {
  const files = ['/tmp', '/var/tmp'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`plimsoll-lab-${process.pid}`) || name.startsWith('vl.'))
      .map((name) => `${folder}/${name}`),
  )
  const open = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return /^(?:socket|pipe):|plimsoll-lab/.test(target) ? [target] : []
    } catch {
      return []
    }
  })
  return new Set([...childrenOf(process.pid).map((pid) => `process ${pid}`), ...files, ...open])
}

async function soakOnce(runGuest: Run): Promise<SoakRun> {
  const before = traces()
  const run = await runIncident(runGuest, SOAK.tasks, SOAK.baud)
  const bytes = run.consoles.flat().reduce((sum, line) => sum + line.wireBytes, 0)
  return {
    ending: run.ending,
    tookMs: run.tookSec * 1000,
    lineMs: lineMs({ bytes, foreignBytes: 0, foreignLines: 0, stallMs: 0 }, SOAK.baud),
    left: leftBehind(before),
  }
}

const [processor] = cpus()
const version = spawnSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' }).stdout ?? ''
const setup: Setup = {
  kernel: kernel.release,
  emulator: `QEMU ${/version (\S+)/.exec(version)?.[1] ?? ''}`,
  accelerator: await findAccelerator(kernel),
  machine: `${cpus().length} processors (${processor?.model.trim() || 'unknown'})`,
  date: new Date().toISOString().slice(0, 10),
}

function publish(part: string, text: string): void {
  console.log(text)
  if (!values.write) return
  const whole = `${text}\n`
  for (const page of PAGES) {
    const before = readFileSync(page, 'utf8')
    if (!before.includes(`<!-- ${part}`)) continue
    writeFileSync(page, replacePart(before, part, whole))
  }
}

async function measureStalls(run: Run, atLeast: number): Promise<void> {
  const cells: Cell[] = []
  for (const tasks of numbersOf(values.tasks)) {
    for (const baud of numbersOf(values.baud)) {
      cells.push(await measureCell(run, tasks, baud, atLeast))
    }
  }
  publish('lab-stall', `${stallTable(cells)}\n\n${describeSetup(setup)}`)
  const missed = cells.filter((cell) => !isWithin(cell)).length
  const result = missed === 0 ? 'reached' : `MISSED by ${missed} of ${cells.length}`
  console.log(`target within 10 %: ${result}`)
  console.log(JSON.stringify({ schema: 'plimsoll.bench-lab/1', ...setup, cells }))
  if (missed > 0) process.exitCode = 1
}

async function soak(runGuest: Run, count: number): Promise<void> {
  const runs: SoakRun[] = []
  for (let i = 1; i <= count; i++) {
    const run = await soakOnce(runGuest)
    runs.push(run)
    const [took, line] = [run.tookMs, run.lineMs].map((ms) => (ms / 1000).toFixed(1))
    console.error(`${i}: ${run.ending}, ${took} s, bytes ${line} s ${run.left.join(', ')}`)
  }
  const what = `${SOAK.tasks} idle tasks at ${SOAK.baud} baud.`
  publish('lab-soak', `${soakSentence(runs)} ${what} ${describeSetup(setup)}`)
  console.log(JSON.stringify({ schema: 'plimsoll.bench-lab-soak/1', ...setup, ...SOAK, runs }))
  if (!runs.every(isClean)) process.exitCode = 1
}

const [atLeast = 1] = numbersOf(values.runs ?? '1')
await inTurn(async (run) => {
  if (values.runs !== undefined || values.soak === undefined) await measureStalls(run, atLeast)
  if (values.soak !== undefined) await soak(run, numbersOf(values.soak)[0] ?? 1)
})
