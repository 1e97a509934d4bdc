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

/** The lines that a program of Debian marks as errors, else the last that it wrote. */
export function explainExit(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const errors = lines.filter((line) => line.startsWith('E: '))
  const said = errors.length > 0 ? errors.map((line) => line.slice(3)) : lines.slice(-1)
  return said.join('; ').slice(0, REASON_CHARACTERS)
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
        if (error === null) resolve({ ok: true, stdout })
        else if (signal?.aborted) reject(signal.reason)
        else resolve({ ok: false, reason: explainExit(stderr.toString()) || messageOf(error) })
      },
    )
    child.stdin?.end()
  })
}
