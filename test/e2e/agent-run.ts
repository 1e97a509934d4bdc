/** @module For the tests of the agent: the real program, in directories that no other agent uses. */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildPrograms } from '../../scripts/build.ts'
import type { Cleanup } from './web-server.ts'

/** What is waited for is there by then, or never. */
const UNTIL_MS = 60_000

/** One line of `plimsoll agent --json`. */
export interface Said {
  readonly kind: string
  readonly text: string
  readonly [key: string]: unknown
}

let programs: Promise<string> | undefined

/** As they are shipped, with a page in place of the dashboard; open to root's web process, nobody. */
export function buildOnce(): Promise<string> {
  programs ??= (async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-agent-build-'))
    process.on('exit', () => rmSync(directory, { recursive: true }))
    chmodSync(directory, 0o755)
    await buildPrograms(directory)
    mkdirSync(join(directory, 'ui'))
    writeFileSync(join(directory, 'ui/index.html'), '<!doctype html><title>Plimsoll</title>\n')
    return directory
  })()
  return programs
}

/** Where one agent after the other runs, apart from any other on this machine. */
export interface Place {
  readonly directory: string
  readonly config: string
  /** Ended with the test. */
  readonly agents: ChildProcess[]
}

/** Ends what a test left: a killed agent's guard goes on, its web process ends by itself. */
async function clear({ directory, agents }: Place): Promise<void> {
  const pidFile = join(directory, 'run/guard.pid')
  const guardPid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0
  for (const agent of agents) {
    agent.kill('SIGKILL')
    await untilGone(agent.pid ?? 0)
  }
  if (guardPid > 0 && isAlive(guardPid)) {
    process.kill(guardPid, 'SIGKILL')
    await untilGone(guardPid)
  }
  rmSync(directory, { recursive: true })
}

/** @param settings beside state and runtime directory: dotted TOML */
export function openPlace(context: Cleanup, settings = 'web.port = 0\n'): Place {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-agent-'))
  chmodSync(directory, 0o755)
  const place = { directory, config: join(directory, 'plimsoll.toml'), agents: [] }
  context.after(() => clear(place))
  writeFileSync(
    place.config,
    `agent.state_dir = "${directory}/state"
agent.runtime_dir = "${directory}/run"
agent.interval = "500ms"
${settings}`,
  )
  return place
}

export async function until<Value>(
  what: string,
  find: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const endMs = performance.now() + UNTIL_MS
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    assert.ok(performance.now() < endMs, `waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie is nobody, until its parent looks.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

export async function untilGone(pid: number): Promise<void> {
  await until(`the end of process ${pid}`, () => (isAlive(pid) ? undefined : true))
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `plimsoll ARGS` to its end. */
export async function runToEnd(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(await buildOnce(), 'cli.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: UNTIL_MS,
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...texts }
}

export interface RunningAgent {
  readonly child: ChildProcess
  readonly said: readonly Said[]
  /** The first that is as wanted, from the `from`th on. */
  readonly untilSaid: (
    what: string,
    isWanted: (said: Said) => boolean,
    from?: number,
  ) => Promise<Said>
  /** Its exit code. */
  readonly ended: Promise<number | null>
  /** Sends a signal and resolves with the exit code. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
}

/** @param built instead of a build of its own: where the programs and the real dashboard are */
export async function startAgent(
  place: Place,
  args: readonly string[] = [],
  built?: string,
): Promise<RunningAgent> {
  const program = join(built ?? (await buildOnce()), 'cli.cjs')
  const child = spawn(
    process.execPath,
    [program, 'agent', '--json', '--config', place.config, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  place.agents.push(child)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const said: Said[] = []
  createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line) as Said))
  return {
    child,
    said,
    untilSaid: (what, isWanted, from = 0) =>
      until(what, () => {
        const found = said.slice(from).find(isWanted)
        if (found === undefined) assert.equal(child.exitCode, null, `${what}: the agent ended`)
        return found
      }),
    ended,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}
