/** @module Starts a guard, detached: it outlives this process, since it must not die with a terminal. */
import { spawn } from 'node:child_process'
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { guardFlags } from '../../../io/guard/node-flags.ts'
import type { Child } from './child.ts'
import { followChild } from './child.ts'
import type { Fault } from './fault.ts'
import { parseFault } from './fault.ts'

export interface GuardFiles {
  /** guard.cjs */
  readonly program: string
  readonly settings: string
  readonly log: string
  readonly maxSeries: number
}

export interface GuardChild extends Child {
  /** What it last complained of; `undefined`: nothing. */
  readonly readFault: () => Fault | undefined
}

const MAX_LOG_BYTES = 1024 * 1024
const MAX_TAIL_BYTES = 16 * 1024

/** The guard writes by its own descriptor and appends, so that its log may be emptied at any time. */
function openLog(path: string): { fd: number; size: number } {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
  if (fstatSync(fd).size > MAX_LOG_BYTES) ftruncateSync(fd)
  return { fd, size: fstatSync(fd).size }
}

/** Empties the log of a guard that runs, once it is too long; what cannot be emptied now is later. */
export function boundLog(path: string): void {
  try {
    closeSync(openLog(path).fd)
  } catch {
    // No descriptor, no directory: nothing that the agent should end for.
  }
}

/** Empty where it cannot be read: why a guard ended is then not known. */
function readTail(path: string, from: number): string {
  try {
    const { fd, size } = openLog(path)
    try {
      const tail = Buffer.alloc(Math.min(MAX_TAIL_BYTES, Math.max(0, size - from)))
      return tail.toString('utf8', 0, readSync(fd, tail, 0, tail.length, size - tail.length))
    } finally {
      closeSync(fd)
    }
  } catch {
    return ''
  }
}

export function startGuardProcess(files: GuardFiles): GuardChild {
  const { program, settings, log, maxSeries } = files
  const flags = guardFlags(maxSeries)
  const { fd, size } = openLog(log)
  try {
    const child = spawn(process.execPath, [...flags, program, '--settings', settings], {
      detached: true,
      cwd: '/',
      stdio: ['ignore', 'ignore', fd],
    })
    return {
      ...followChild(child),
      readFault: () =>
        readTail(log, size)
          .split('\n')
          .map(parseFault)
          .findLast((fault) => fault !== undefined),
    }
  } finally {
    closeSync(fd)
  }
}
