/**
 * @module The sampler's passes against `ps -eo pid,rss,comm` as a whole process, over 3,000 real
 * processes, interleaved in one run, with the guard's own flags. `node bench/sampler.ts [PROCESSES] [ROUNDS]`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { guardFlags } from '../src/io/guard/node-flags.ts'
import { GUARD_DEFAULTS } from '../src/io/guard/settings.ts'
import { readBootMs } from '../src/linux/identity.ts'
import { openSampler, type Sampler } from '../src/linux/sampler.ts'

const PROCESSES = Number(process.argv[2] ?? 3000)
const ROUNDS = Number(process.argv[3] ?? 31)
/** Time between two full passes over one process at 1 Hz with the monitor's budget of 64 a tick. */
const FULL_EVERY_MS = Math.ceil(PROCESSES / 64) * 1000
const TARGET = { fast: 10, full: 3 }

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

function runWhole(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${program} ended with ${status}`)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

interface Columns {
  readonly psMs: number[]
  readonly trueMs: number[]
  readonly fastMs: number[]
  readonly fullMs: number[]
  readonly poolsMs: number[]
}

/** Until every process was read in full once, so that descriptors are kept as in a guard's second minute. */
function warmUp(sampler: Sampler, bootMs: number): void {
  sampler.fastPass(bootMs)
  sampler.fullPass(PROCESSES * 2, bootMs)
  for (let round = 1; round <= 3; round++) {
    sampler.fastPass(bootMs + round)
    sampler.fullPass(PROCESSES, bootMs + round)
    sampler.readHost(bootMs + round, Date.now())
    sampler.readPools()
  }
}

function measure(sampler: Sampler): Columns {
  const columns: Columns = { psMs: [], trueMs: [], fastMs: [], fullMs: [], poolsMs: [] }
  let bootMs = readBootMs()
  warmUp(sampler, bootMs)
  for (let round = 0; round < ROUNDS; round++) {
    columns.trueMs.push(timeMs(() => runWhole('true', [])))
    columns.psMs.push(timeMs(() => runWhole('ps', ['-eo', 'pid,rss,comm'])))
    bootMs += FULL_EVERY_MS
    columns.fastMs.push(timeMs(() => sampler.fastPass(bootMs)))
    columns.fullMs.push(timeMs(() => sampler.fullPass(sampler.table.processes, bootMs)))
    sampler.readHost(bootMs, Date.now())
    columns.poolsMs.push(timeMs(() => sampler.readPools()))
  }
  return columns
}

const FLAGS = guardFlags(GUARD_DEFAULTS.maxSeries)

/** The guard runs without optimising compilers: so do the passes here. */
function runAsShipped(): never {
  const args = [...FLAGS, ...process.argv.slice(1)]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  process.exit(status ?? 1)
}

if (!FLAGS.every((flag) => process.execArgv.includes(flag))) runAsShipped()
const sleepers = await startSleepers()
const sampler = openSampler()
try {
  const columns = measure(sampler)
  const { processes } = sampler.table
  const ps = median(columns.psMs)
  const ratios = { fast: ps / median(columns.fastMs), full: ps / median(columns.fullMs) }
  console.log(`${processes} processes, ${ROUNDS} rounds, medians in ms`)
  for (const [name, values] of Object.entries({
    'ps -eo pid,rss,comm': columns.psMs,
    'of which starting a process (true)': columns.trueMs,
    'fast pass': columns.fastMs,
    'full pass over all': columns.fullMs,
    pools: columns.poolsMs,
  })) {
    const ratio = name.startsWith('f') ? `  ${(ps / median(values)).toFixed(1)} times faster` : ''
    console.log(`  ${name.padEnd(36)}${median(values).toFixed(2).padStart(8)}${ratio}`)
  }
  const isReached = ratios.fast >= TARGET.fast && ratios.full >= TARGET.full
  console.log(`target ${TARGET.fast} and ${TARGET.full} times: ${isReached ? 'reached' : 'MISSED'}`)
  console.log(
    JSON.stringify({
      schema: 'plimsoll.bench-sampler/1',
      processes,
      rounds: ROUNDS,
      psMs: round(ps),
      spawnMs: round(median(columns.trueMs)),
      fastMs: round(median(columns.fastMs)),
      fullMs: round(median(columns.fullMs)),
      poolsMs: round(median(columns.poolsMs)),
      fastRatio: round(ratios.fast),
      fullRatio: round(ratios.full),
    }),
  )
  if (!isReached) process.exitCode = 1
} finally {
  sampler.close()
  sleepers.stdin?.end()
  await once(sleepers, 'exit')
}
