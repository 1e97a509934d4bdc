/**
 * @module `npm run bench:simulate`: the model's longest stall beside that of a real kernel in an emulated machine,
 * and what a thousand modelled seconds cost. Names of cases as arguments run those alone; `--no-lab` runs the
 * model's speed only.
 */
import type { Kernel } from '../lab/archive/kernels.ts'
import { findKernel } from '../lab/archive/kernels.ts'
import type { GuestEvent } from '../lab/machine/events.ts'
import { findReports } from '../lab/machine/felt.ts'
import type { Guest } from '../lab/machine/guest.ts'
import { runGuest } from '../lab/machine/run.ts'
import { growUntilKilled, setScene } from '../lab/scenarios/scene.ts'
import { MIB } from '../src/base/units.ts'
import type { Incident } from '../src/core/console/model/host.ts'
import { INCIDENT, LOUD, settingOf } from '../src/core/console/model/host.ts'
import { simulate } from '../src/core/console/model/simulate.ts'
import { BAUD, guardGuest, TASKS } from './console-guard/guest.ts'
import { table } from './detect/markdown.ts'

/** The model is wrong where it is further off than this. */
const ALLOWED = 0.15
/** Two beats of who feels it: less is nothing. */
const ALLOWED_MS = 40
const MAX_CPU_SEC = 1
const ROUNDS = 5
const RUNS = 3
const MEMORY_MIB = 512
const CONTAINERS = 5
const CONTAINER_MIB = 64

interface Case {
  readonly name: string
  readonly kernel: string
  readonly change: Partial<Incident>
  readonly scene: readonly string[]
  readonly special?: Partial<Guest>
  /** A whole guest of another bench, in place of the scene. */
  readonly guest?: (kernel: Kernel) => Promise<Guest>
}

/** Leakers end by themselves; whoever waits for memory in a container tells of it under this name. */
const INSIDE = 'inside'
/** All who tell how long they stood still: the last in the guests of the console guard. */
const BYSTANDERS: readonly unknown[] = ['heartbeat', INSIDE, 'bystander']
/** In a guest of 1 GiB with Node in it. */
const GUARDED_MIB = 800

function leakers(count: number, mibPerSec: number): readonly string[] {
  const grow = `grow leaker ${mibPerSec} & leakers="$leakers $!"`
  return [...Array.from({ length: count }, () => grow), 'wait $leakers']
}

function inContainer(number: number, command: string): string {
  return `sh -c 'echo $$ > /sys/fs/cgroup/job${number}/cgroup.procs; exec ${command}' &`
}

const STORM: readonly string[] = [
  ...Array.from({ length: CONTAINERS }, (_, number) => number).flatMap((number) => [
    `mkdir /sys/fs/cgroup/job${number}`,
    `echo ${CONTAINER_MIB}M > /sys/fs/cgroup/job${number}/memory.max`,
    inContainer(number, `heartbeat ${INSIDE} /dev/ttyS2`),
    'beats="$beats $!"; echo -1000 > /proc/$!/oom_score_adj',
  ]),
  'sleep 0.5',
  ...Array.from({ length: CONTAINERS }, (_, number) => number).flatMap((number) => [
    inContainer(number, 'grow leaker 50'),
    'leakers="$leakers $!"',
  ]),
  'wait $leakers',
  'sleep 1',
  'kill $beats',
  'wait $beats',
]

function incident(
  kernel: string,
  tasks: number,
  baud: number,
  change: Partial<Incident> = {},
): Case {
  const name = `incident, ${tasks} tasks, ${baud} baud`
  return {
    name,
    kernel,
    change: { tasks, bauds: [baud], ...change },
    scene: growUntilKilled('leaker', 200),
  }
}

const CASES: readonly Case[] = [
  incident('6.1', 50, 115_200),
  incident('6.1', 200, 115_200),
  incident('5.10', 100, 115_200),
  incident('6.12', 100, 115_200),
  incident('6.1', 50, 38_400),
  incident('6.1', 200, 19_200),
  {
    ...incident('6.1', 100, 115_200, { dumpsTasks: false }),
    name: 'no task table, 115200 baud',
    special: { sysctls: { 'vm.oom_dump_tasks': '0' } },
  },
  {
    ...incident('6.1', 100, 19_200, { printk: { ...LOUD, consoleLevel: 5, defaultLevel: 7 } }),
    name: 'printk 5 7 1 7, 19200 baud',
    special: { sysctls: { 'kernel.printk': '5 7 1 7' } },
  },
  {
    name: 'four leakers, 100 tasks, 115200 baud',
    kernel: '6.1',
    change: { tasks: 100, bauds: [115_200], leakers: 4, leakBytesPerSec: 100 * MIB },
    scene: leakers(4, 100),
  },
  {
    name: `adaptive console, ${TASKS} tasks, ${BAUD} baud`,
    kernel: '6.1',
    change: {
      tasks: TASKS,
      bauds: [BAUD],
      memoryBytes: GUARDED_MIB * MIB,
      isAdaptive: true,
    },
    scene: [],
    guest: (kernel) => guardGuest(kernel, 'guard', 'host', 1),
  },
  ...['6.1', '6.12'].map(
    (kernel): Case => ({
      name: `${CONTAINERS} containers, 115200 baud`,
      kernel,
      change: {
        leakers: 0,
        containers: CONTAINERS,
        containerLimitBytes: CONTAINER_MIB * MIB,
        leakBytesPerSec: 50 * MIB,
        bauds: [115_200],
      },
      scene: STORM,
      special: { cgroups: 'v2' },
    }),
  ),
]

interface Felt {
  readonly stallMs: number
  readonly reports: number
  readonly bytes: number
}

/** The longest of all beats that were late, however little. */
function longestMs(events: readonly GuestEvent[]): number {
  const beats = events.filter(
    ({ event, name }) => event === 'heartbeat' && BYSTANDERS.includes(name),
  )
  return Math.max(0, ...beats.map((beat) => Number(beat.longestMs)))
}

async function feelInLab({ kernel, change, scene, special, guest }: Case): Promise<Felt> {
  const found = await findKernel(kernel)
  const tasks = change.tasks ?? 0
  const baud = change.bauds?.[0] ?? 0
  const setting = { kernel: found, memoryMib: MEMORY_MIB, tasks, baud, sysctls: {} }
  const played = await runGuest((await guest?.(found)) ?? setScene(setting, scene, special), {
    withinSec: 180,
  })
  if (played.ending !== 'played') {
    throw new Error(`${kernel}: the guest ${played.ending}: ${played.talk.slice(-5).join('; ')}`)
  }
  const reports = findReports(played.consoles[0] ?? [])
  return {
    stallMs: longestMs(played.events),
    reports: reports.length,
    bytes: reports.reduce((sum, { bytes, foreignBytes }) => sum + bytes + foreignBytes, 0),
  }
}

async function feelInModel({ kernel, change }: Case): Promise<Felt> {
  const { release } = await findKernel(kernel)
  const { longestStallMs, reports, consoles } = simulate(
    settingOf({ ...INCIDENT, release, ...change }),
  )
  return { stallMs: longestStallMs, reports: reports.length, bytes: consoles[0]?.bytes ?? 0 }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function isClose(model: Felt, lab: Felt): boolean {
  const offMs = Math.abs(model.stallMs - lab.stallMs)
  return offMs <= Math.max(ALLOWED_MS, ALLOWED * lab.stallMs)
}

/** A run that is off may be the host's: it is repeated until there are three, and the median is taken. */
async function feelUntilClose(
  one: Case,
  model: Felt,
): Promise<{ readonly median: Felt; readonly runs: number }> {
  const felt: Felt[] = []
  while (felt.length < RUNS) {
    const latest = await feelInLab(one)
    felt.push(latest)
    if (felt.length === 1 && isClose(model, latest)) break
  }
  const sorted = felt.toSorted((a, b) => a.stallMs - b.stallMs)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) throw new Error('no run')
  return { median, runs: felt.length }
}

async function compare(cases: readonly Case[]): Promise<void> {
  const rows: string[][] = []
  for (const one of cases) {
    const model = await feelInModel(one)
    const { median: lab, runs } = await feelUntilClose(one, model)
    const off = model.stallMs / lab.stallMs - 1
    if (!isClose(model, lab)) process.exitCode = 1
    rows.push([
      one.name,
      one.kernel,
      seconds(lab.stallMs),
      seconds(model.stallMs),
      `${off < 0 ? '-' : '+'}${(Math.abs(off) * 100).toFixed(1)} %`,
      String(runs),
      `${lab.reports} / ${model.reports}`,
      `${lab.bytes} / ${model.bytes}`,
    ])
    console.error(rows.at(-1)?.join(' | '))
  }
  const head = ['case', 'kernel', 'lab', 'model', 'off', 'n', 'reports', 'bytes']
  console.log(table(head, rows))
}

/** A machine that runs out again and again, most of whose time is one long wait, and one in which nobody ever waits. */
const BUSY: Readonly<Record<string, Partial<Incident>>> = {
  'of 7 processes that run out again and again': { leakers: 2, containers: 2, restartSec: 5 },
  'of 7 processes of which none ever waits': { leakers: 0, others: 7 },
}

/** Processor time of a thousand seconds. */
function measureSpeed(): void {
  for (const [words, change] of Object.entries(BUSY)) {
    const setting = settingOf({ ...INCIDENT, ...change, seconds: 1000 })
    const times = Array.from({ length: ROUNDS }, () => {
      const from = process.cpuUsage()
      simulate(setting)
      const { user, system } = process.cpuUsage(from)
      return (user + system) / 1e6
    })
    const best = Math.min(...times)
    console.log(`1000 seconds ${words}: ${(best * 1000).toFixed(0)} ms of CPU`)
    if (best > MAX_CPU_SEC) process.exitCode = 1
  }
}

measureSpeed()
const wanted = process.argv.slice(2)
if (!wanted.includes('--no-lab')) {
  const isWanted = ({ name }: Case): boolean =>
    wanted.length === 0 || wanted.some((word) => name.includes(word))
  await compare(CASES.filter(isWanted))
}
