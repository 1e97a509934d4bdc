/**
 * @module `plimsoll doctor` as a whole process over 1,000 processes, beside `ps -eo pid,rss,comm` and a Node that does
 * nothing, interleaved in one run. `node bench/doctor.ts [PROCESSES] [ROUNDS]`; it wants dist/.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { factsOf } from '../src/core/console/facts.ts'
import { readForDoctor } from '../src/linux/console-reading.ts'

const PROCESSES = Number(process.argv[2] ?? 1000)
const ROUNDS = Number(process.argv[3] ?? 11)
const WITHIN_MS = 1000

/** The sleepers are killed when the shell ends, and it ends when our end of its input is closed. */
const STARTER = `
i=0
while [ $i -lt "$1" ]; do setpriv --pdeathsig=KILL sleep 3600 & i=$((i + 1)); done
echo started
cat > /dev/null
`

async function startSleepers(): Promise<ChildProcess> {
  const shell = spawn('sh', ['-c', STARTER, 'sh', String(PROCESSES)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (shell.stdout === null) throw new Error('no pipe to the shell')
  await once(shell.stdout, 'data')
  return shell
}

function timeMs(work: () => void): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

function runWhole(program: string, args: readonly string[], codes: readonly number[]): void {
  const { status } = spawnSync(program, args, { stdio: 'ignore' })
  if (status === null || !codes.includes(status)) throw new Error(`${program} ended with ${status}`)
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const sleepers = await startSleepers()
try {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length
  const times: Record<'doctor' | 'node' | 'ps' | 'reading', number[]> = {
    doctor: [],
    node: [],
    ps: [],
    reading: [],
  }
  for (let round = 0; round < ROUNDS; round++) {
    times.ps.push(timeMs(() => runWhole('ps', ['-eo', 'pid,rss,comm'], [0])))
    times.node.push(timeMs(() => runWhole(process.execPath, ['-e', '0'], [0])))
    times.doctor.push(
      timeMs(() => runWhole(process.execPath, ['dist/cli.cjs', 'doctor'], [0, 10, 11])),
    )
    times.reading.push(timeMs(() => factsOf(readForDoctor('/'))))
  }
  const doctorMs = median(times.doctor)
  const slowestMs = Math.max(...times.doctor)
  console.log(`${processes} processes, ${ROUNDS} rounds, medians in ms`)
  for (const [name, values] of [
    ['plimsoll doctor', times.doctor],
    ['of which reading and counting', times.reading],
    ['of which starting Node', times.node],
    ['ps -eo pid,rss,comm', times.ps],
  ] as const) {
    console.log(`  ${name.padEnd(32)}${median(values).toFixed(1).padStart(8)}`)
  }
  const isReached = slowestMs < WITHIN_MS
  console.log(
    `target: within ${WITHIN_MS} ms, slowest ${slowestMs.toFixed(0)}: ${isReached ? 'reached' : 'MISSED'}`,
  )
  console.log(
    JSON.stringify({
      schema: 'plimsoll.bench-doctor/1',
      processes,
      rounds: ROUNDS,
      doctorMs: Math.round(doctorMs),
      slowestMs: Math.round(slowestMs),
      readingMs: Math.round(median(times.reading)),
      nodeMs: Math.round(median(times.node)),
      psMs: Math.round(median(times.ps)),
    }),
  )
  if (!isReached) process.exitCode = 1
} finally {
  sleepers.stdin?.end()
  await once(sleepers, 'exit')
}
