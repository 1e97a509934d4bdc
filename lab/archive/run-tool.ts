/** @module Runs a program of the host to its end: no shell, bounded output, ended by a signal. */
import { execFile } from 'node:child_process'
import { messageOf } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'

/** The longest listing is that of a whole system's packages, well below; a module is larger. */
const OUTPUT_BYTES = 64 * MIB

export interface RunOptions {
  /** Ends the program, and the wait for it. */
  readonly signal?: AbortSignal | undefined
  readonly cwd?: string
}

export type RunResult =
  | { readonly ok: true; readonly stdout: Buffer }
  /** `reason`: what the program said last, or why it did not run. */
  | { readonly ok: false; readonly reason: string }

const REASON_CHARACTERS = 600

/** The first line that a program of Debian marks as an error, else the last that it wrote. */
export function explainExit(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const error = lines.find((line) => line.startsWith('E: '))?.slice('E: '.length)
  return (error ?? lines.at(-1) ?? '').replace(/\s+/g, ' ').slice(0, REASON_CHARACTERS)
}

/**
 * Runs a program with untranslated messages and waits for its end.
 * @throws what `signal` was aborted with; that a program fails is a value
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { signal, cwd }: RunOptions = {},
): Promise<RunResult> {
  signal?.throwIfAborted()
  return await new Promise((resolve, reject) => {
    let result: RunResult = { ok: false, reason: 'ended without a result' }
    const child = execFile(
      program,
      args,
      {
        encoding: 'buffer',
        env: { ...process.env, LC_ALL: 'C' },
        maxBuffer: OUTPUT_BYTES,
        signal,
        ...(cwd === undefined ? {} : { cwd }),
      },
      (error, stdout, stderr) => {
        const reason = explainExit(stderr.toString()) || messageOf(error)
        result = error === null ? { ok: true, stdout } : { ok: false, reason }
      },
    )
    // An abort calls back at once: what the program still writes must not outlive this call.
    child.on('close', () => {
      if (signal?.aborted && !result.ok) reject(signal.reason)
      else resolve(result)
    })
    child.stdin?.end()
  })
}
