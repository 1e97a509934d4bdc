/** @module One process that the agent started: when it ended, and how to end it. */
import type { ChildProcess } from 'node:child_process'

export interface ChildEnd {
  /** `exit code 69`, `SIGKILL`, `spawn node EAGAIN`. */
  readonly how: string
  readonly livedMs: number
}

export interface Child {
  readonly pid: number
  readonly ended: Promise<ChildEnd>
  /** Asks it to end, insists after a while, and resolves once it is gone. */
  end(): Promise<void>
}

/** Guard and web process take less for what they save at their end. */
const END_WITHIN_MS = 8_000

/** A process that could not be started at all, for want of memory or processes, has ended at once. */
export function followChild(process: ChildProcess): Child {
  const startedMs = performance.now()
  const ended = new Promise<ChildEnd>((resolve) => {
    process.once('error', ({ message }) => resolve({ how: message, livedMs: 0 }))
    process.once('exit', (code, signal) => {
      const how = signal ?? `exit code ${code}`
      resolve({ how, livedMs: performance.now() - startedMs })
    })
  })
  return {
    pid: process.pid ?? 0,
    ended,
    async end() {
      // To a process that is gone, and was waited for, nothing is sent.
      process.kill('SIGTERM')
      const insist = setTimeout(() => process.kill('SIGKILL'), END_WITHIN_MS)
      await ended
      clearTimeout(insist)
    },
  }
}
