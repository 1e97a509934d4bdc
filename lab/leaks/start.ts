/** @module Starts a program of the catalogue within its bound, and ends it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PlimsollError } from '../../src/base/errors.ts'
import { buildProgram } from './build.ts'
import { findProgram } from './catalogue.ts'
import { type LeakProgram, type Truth, truthAtPace } from './program.ts'

export interface LeakOptions {
  /** Instead of the program's own bound. */
  readonly boundBytes?: number
  /** How many times as fast the program's own time runs; 1 where it is not said. */
  readonly pace?: number
}

/** How a program ended: the exit code, or the signal that ended it. */
export interface LeakEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningLeak {
  readonly program: LeakProgram
  readonly pid: number
  readonly boundBytes: number
  /** At the pace that it runs at. */
  readonly truth: Truth
  /** Settles when the program has ended, by itself or not. */
  readonly ended: Promise<LeakEnd>
  /** Sends a signal; does nothing once it has ended. */
  signal(name: NodeJS.Signals): void
  /** Kills it and waits until it is gone. */
  stop(): Promise<LeakEnd>
}

/** Enough for a leak of descriptors to be seen, too few to trouble the host. */
const MAX_FDS = 4096

/** Runtimes that reserve far more address space than they use are bounded by their heap's limit. */
export function hasAddressSpaceLimit({ language }: LeakProgram): boolean {
  return language === 'c' || language === 'c++' || language === 'python'
}

/**
 * The program dies with whoever started it, even by SIGKILL, and leaves no core file. Neither wrapper
 * forks: the pid is the program's own (setpriv(1), prlimit(1), both of util-linux).
 */
function wrapCommand(program: LeakProgram, boundBytes: number): readonly string[] {
  const addressSpace = boundBytes * (program.sparseness ?? 1)
  const limits = [`--as=${addressSpace}`, `--fsize=${boundBytes}`]
  return [
    'setpriv',
    '--pdeathsig=KILL',
    'prlimit',
    '--core=0',
    `--nofile=${MAX_FDS}`,
    ...(hasAddressSpaceLimit(program) ? limits : []),
    ...buildProgram(program, boundBytes),
  ]
}

function waitForEnd(child: ChildProcess): Promise<LeakEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
}

/**
 * Starts the program of that name; settles when it has said its first word, from which its truth
 * counts. It lives until its bound, its own end, `stop()` or the end of this process.
 * @throws PLM_LAB where there is no such program, a tool is missing, or it ends before its first word
 */
export async function startLeak(name: string, options: LeakOptions = {}): Promise<RunningLeak> {
  const program = findProgram(name)
  if (program === undefined) {
    throw new PlimsollError('PLM_LAB', `there is no program named ${JSON.stringify(name)}`, {
      hint: '`npm run leak -- --list` names every program.',
    })
  }
  const boundBytes = options.boundBytes ?? program.boundBytes
  const pace = options.pace ?? 1
  const [command = '', ...args] = wrapCommand(program, boundBytes)
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LEAK_PACE: String(pace), LEAK_BOUND: String(boundBytes) },
  })
  const ended = waitForEnd(child)
  let lastWords = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-500)
  })
  const early = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended])
  child.stdout.resume()
  if (early !== undefined || child.pid === undefined) {
    throw new PlimsollError(
      'PLM_LAB',
      `${name} ended before it was ready, ${explainEnd(early)}: ${lastWords.trim() || 'it said nothing'}`,
    )
  }
  return {
    program,
    pid: child.pid,
    boundBytes,
    truth: truthAtPace(program.truth, pace),
    ended,
    signal: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGKILL')
      return await ended
    },
  }
}

/** `by SIGABRT` or `with code 12`. */
export function explainEnd(end: LeakEnd | undefined): string {
  if (end === undefined) return 'somehow'
  return end.signal === null ? `with code ${end.exitCode}` : `by ${end.signal}`
}
