/**
 * @module What the agent costs: guard and web process as they are shipped, over 300 real processes
 * of which a few change. `node bench/agent.ts [PROCESSES] [TICKS] [WINDOW_SEC]`.
 *
 * Memory is read after an hour's equivalent of samples, at 40 ticks a second; its course is given to
 * the project's own detector. CPU is read at 1 Hz in a real window, beside `top -b -d 1` in the same
 * window, which does part of the same work: it reads every process' stat once a second. Where root
 * runs it, in a PID namespace of its own, so that no other process of the host is counted.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startLeak } from '../lab/leaks/start.ts'
import { buildPrograms } from '../scripts/build.ts'
import { KIB, MIB } from '../src/base/units.ts'
import { feedSeries, openSeries, readVerdict } from '../src/core/leak/detector.ts'
import { createArena } from '../src/core/leak/ladder.ts'
import type { Verdict } from '../src/core/leak/records.ts'
import { guardFlags, WEB_FLAGS } from '../src/io/guard/node-flags.ts'
import { GUARD_DEFAULTS } from '../src/io/guard/settings.ts'

const PROCESSES = Number(process.argv[2] ?? 300)
const TICKS = Number(process.argv[3] ?? 3600)
const WINDOW_SEC = Number(process.argv[4] ?? 60)
const FAST_INTERVAL_MS = 25
const SLICE_SEC = 6
const TARGET = { guardCpuPct: 1, guardRssBytes: 60 * MIB, bothPssBytes: 130 * MIB }
/** Programs of lab/leaks, slowed down so that none reaches its bound. */
const CHANGING = ['leak-steady', 'cache-fill']
const CHANGING_PACE = 0.05

/** The sleepers are killed when the shell ends, and it ends when our end of its input is closed. */
const STARTER = `
i=0
while [ $i -lt "$1" ]; do setpriv --pdeathsig=KILL sleep 3600 & i=$((i + 1)); done
echo started
cat > /dev/null
`

async function startSleepers(count: number): Promise<ChildProcess> {
  const shell = spawn('sh', ['-c', STARTER, 'sh', String(count)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (shell.stdout === null) throw new Error('no pipe to the shell')
  await once(shell.stdout, 'data')
  return shell
}

interface Agent {
  readonly guard: ChildProcess
  readonly web: ChildProcess
  stop(): Promise<void>
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Both as `plimsoll agent` starts them, with a history on disk. */
async function startAgent(programs: string, directory: string, intervalMs: number): Promise<Agent> {
  mkdirSync(directory, { mode: 0o755 })
  const socket = join(directory, 'run', 'guard.sock')
  const isRoot = process.getuid?.() === 0
  const guardFile = join(directory, 'guard.json')
  const guardSettings = {
    ...GUARD_DEFAULTS,
    intervalMs,
    socketPath: socket,
    socketGid: isRoot ? 65_534 : null,
    stateFile: join(directory, 'state', 'guard.state'),
  }
  writeFileSync(guardFile, JSON.stringify(guardSettings))
  const node = process.execPath
  const guard = spawn(
    node,
    [...guardFlags(GUARD_DEFAULTS.maxSeries), join(programs, 'guard.cjs'), '--settings', guardFile],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const webFile = join(directory, 'web.json')
  const webSettings = {
    stateDir: join(directory, 'web'),
    guardSocket: socket,
    loginFile: join(directory, 'login'),
    historyFile: join(directory, 'history', 'history.db'),
    uiDir: join(programs, 'ui'),
    guardGid: isRoot ? 65_534 : null,
  }
  writeFileSync(webFile, JSON.stringify(webSettings))
  const web = spawn(node, [...WEB_FLAGS, join(programs, 'web.cjs'), '--settings', webFile], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  if (web.stdout === null) throw new Error('no pipe to the web process')
  await once(web.stdout, 'data')
  return {
    guard,
    web,
    async stop() {
      await Promise.all([end(guard), end(web)])
    },
  }
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('a process could not be started')
  return pid
}

/** A figure of a file such as /proc/PID/status, in bytes. */
function readKib(path: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'utf8'))
  if (found === null) throw new Error(`${path} has no ${name}`)
  return Number(found[1]) * KIB
}

/** Time on a CPU of all threads, in seconds: /proc/PID/task/TID/schedstat has nanoseconds. */
function readCpuSec(pid: number): number {
  let ns = 0
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    ns += Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0])
  }
  return ns / 1e9
}

function countProcesses(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`

interface Memory {
  readonly rssBytes: number
  readonly pssBytes: number
  readonly anonBytes: number
  readonly verdict: Verdict
}

/** What one process takes in the end, and what the detector says of its course. */
function followMemory(pid: number, limitBytes: number) {
  const arena = createArena(1)
  openSeries(arena, 0)
  return {
    sample(tSec: number): void {
      feedSeries(arena, 0, tSec, readKib(`/proc/${pid}/status`, 'RssAnon'), limitBytes)
    },
    end(): Memory {
      return {
        rssBytes: readKib(`/proc/${pid}/status`, 'VmRSS'),
        pssBytes: readKib(`/proc/${pid}/smaps_rollup`, 'Pss'),
        anonBytes: readKib(`/proc/${pid}/status`, 'RssAnon'),
        verdict: readVerdict(arena, 0),
      }
    },
  }
}

/** One sample of memory for ten ticks: ten seconds' worth. */
const TICKS_A_SAMPLE = 10

async function measureMemory(agent: Agent): Promise<{ guard: Memory; web: Memory }> {
  const guard = followMemory(pidOf(agent.guard), TARGET.guardRssBytes)
  const web = followMemory(pidOf(agent.web), TARGET.bothPssBytes)
  const startMs = performance.now()
  for (let tick = 0; tick < TICKS; tick += TICKS_A_SAMPLE) {
    await wait(Math.max(1, startMs + tick * FAST_INTERVAL_MS - performance.now()))
    guard.sample(tick)
    web.sample(tick)
  }
  return { guard: guard.end(), web: web.end() }
}

interface CpuShares {
  readonly guard: number[]
  readonly web: number[]
  readonly peer: number[]
}

/** CPU in percent of one core, slice by slice, of all three in the same window. */
async function measureCpu(agent: Agent, peer: ChildProcess): Promise<CpuShares> {
  const shares: CpuShares = { guard: [], web: [], peer: [] }
  const pids = { guard: pidOf(agent.guard), web: pidOf(agent.web), peer: pidOf(peer) }
  const names = ['guard', 'web', 'peer'] as const
  for (let slice = 0; slice < Math.ceil(WINDOW_SEC / SLICE_SEC); slice++) {
    const before = names.map((name) => readCpuSec(pids[name]))
    const startMs = performance.now()
    await wait(SLICE_SEC * 1000)
    const lastedSec = (performance.now() - startMs) / 1000
    for (const [index, name] of names.entries()) {
      const usedSec = readCpuSec(pids[name]) - (before[index] ?? 0)
      shares[name].push((usedSec / lastedSec) * 100)
    }
  }
  return shares
}

const isLeak = ({ state }: Verdict): boolean => state === 'suspected' || state === 'confirmed'

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-agent-'))
  const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true })]
  try {
    chmodSync(directory, 0o755)
    const programs = join(directory, 'programs')
    await buildPrograms(programs)
    mkdirSync(join(programs, 'ui'))
    writeFileSync(join(programs, 'ui', 'index.html'), '<!doctype html><title>Plimsoll</title>\n')
    const sleepers = await startSleepers(PROCESSES - CHANGING.length)
    open.push(() => void sleepers.stdin?.end())
    for (const name of CHANGING) {
      const leak = await startLeak(name, { pace: CHANGING_PACE })
      open.push(() => leak.stop())
    }

    const fast = await startAgent(programs, join(directory, 'fast'), FAST_INTERVAL_MS)
    open.push(() => fast.stop())
    const { guard, web } = await measureMemory(fast)
    await fast.stop()

    const live = await startAgent(programs, join(directory, 'live'), 1000)
    open.push(() => live.stop())
    const peer = spawn('top', ['-b', '-d', '1'], { stdio: ['ignore', 'ignore', 'inherit'] })
    open.push(() => end(peer))
    // Both have read everything once by then, as has top.
    await wait(20_000)
    const cpu = await measureCpu(live, peer)
    const peerRssBytes = readKib(`/proc/${peer.pid}/status`, 'VmRSS')
    report(guard, web, cpu, peerRssBytes)
  } finally {
    for (const close of open.reverse()) await close()
  }
}

function report(guard: Memory, web: Memory, cpu: CpuShares, peerRssBytes: number): void {
  const both = guard.pssBytes + web.pssBytes
  // Shared with no other Node on the host, their PSS would be at most this.
  const atMost = guard.rssBytes + web.rssBytes
  const share = { guard: median(cpu.guard), web: median(cpu.web), peer: median(cpu.peer) }
  const lines = [
    `${PROCESSES} processes (${countProcesses()} with those of the benchmark and the host's own); memory after ${TICKS} ticks; CPU: median of ${cpu.guard.length} slices of ${SLICE_SEC} s at 1 Hz`,
    `guard        ${share.guard.toFixed(2)} % of a core, RSS ${mib(guard.rssBytes)} (anonymous ${mib(guard.anonBytes)}), PSS ${mib(guard.pssBytes)}`,
    `web          ${share.web.toFixed(2)} % of a core, RSS ${mib(web.rssBytes)} (anonymous ${mib(web.anonBytes)}), PSS ${mib(web.pssBytes)}`,
    `guard + web  PSS ${mib(both)}, RSS ${mib(atMost)}: what their PSS is at most where no other Node shares its text`,
    `top -b -d 1  ${share.peer.toFixed(2)} % of a core, RSS ${mib(peerRssBytes)}`,
    `guard / top  ${(share.guard / share.peer).toFixed(2)} of its CPU`,
    `own growth   guard: ${guard.verdict.state} (${guard.verdict.reason}), web: ${web.verdict.state} (${web.verdict.reason})`,
  ]
  const targets: readonly (readonly [string, boolean])[] = [
    [`guard below ${TARGET.guardCpuPct} % of a core`, share.guard < TARGET.guardCpuPct],
    [`guard below ${mib(TARGET.guardRssBytes)} RSS`, guard.rssBytes < TARGET.guardRssBytes],
    [`guard and web below ${mib(TARGET.bothPssBytes)} PSS`, both < TARGET.bothPssBytes],
    ['no growth of their own', !isLeak(guard.verdict) && !isLeak(web.verdict)],
  ]
  for (const line of lines) console.log(line)
  for (const [what, isMet] of targets) console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what}`)
  if (targets.some(([, isMet]) => !isMet)) process.exitCode = 1
}

/** The exit code of the same program in a PID namespace of its own; `null` where there may be none. */
function runAlone(): number | null {
  const probe = ['--pid', '--fork', '--mount-proc', '--kill-child']
  if (process.env.PLIMSOLL_BENCH_ALONE !== undefined) return null
  if (spawnSync('unshare', [...probe, 'true']).status !== 0) return null
  return spawnSync('unshare', [...probe, process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, PLIMSOLL_BENCH_ALONE: '1' },
  }).status
}

const status = runAlone()
if (status === null) await main()
else process.exitCode = status
