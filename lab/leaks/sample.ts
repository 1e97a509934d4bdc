/** @module What the kernel shows of a running program, as one row of a trace. */
import { readdirSync, readFileSync, statfsSync } from 'node:fs'
import { emptyStatus, parseStatus, type Status } from '../../src/core/procfs/status.ts'
import { readOnce } from '../../src/linux/files.ts'
import type { RunningLeak } from './start.ts'

/** A row without its time. */
export interface Figures {
  readonly rssAnonBytes: number
  readonly rssFileBytes: number
  readonly rssShmemBytes: number
  readonly swapBytes: number
  readonly vszBytes: number
  readonly threads: number
  readonly fds: number
}

/** Of one process. */
export interface MemberFigures extends Figures {
  readonly pid: number
}

const TMPFS = '/dev/shm'
const buffer = new Uint8Array(8192)
const status: Status = emptyStatus()

function countFds(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return NaN
  }
}

/** `undefined` once it is gone, or has given its memory back and only waits for its parent. */
function readMember(pid: number): MemberFigures | undefined {
  const length = readOnce(`/proc/${pid}/status`, buffer)
  if (length <= 0) return undefined
  parseStatus(buffer, length, status)
  if (Number.isNaN(status.rssAnonBytes)) return undefined
  return {
    pid,
    rssAnonBytes: status.rssAnonBytes,
    rssFileBytes: status.rssFileBytes,
    rssShmemBytes: status.rssShmemBytes,
    swapBytes: status.vmSwapBytes,
    vszBytes: status.vmSizeBytes,
    threads: status.threads,
    fds: countFds(pid),
  }
}

/** The children that its first thread started (proc_tid_children(5), since v3.5). */
function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return []
  }
}

/** The processes of a program: one, or those of a service. Empty once it has ended. */
export function readMembers({ pid, program }: RunningLeak): readonly MemberFigures[] {
  const pids = program.subject === 'service' ? [pid, ...childrenOf(pid)] : [pid]
  return pids.map(readMember).filter((member) => member !== undefined)
}

export function addFigures(a: Figures, b: Figures): Figures {
  return {
    rssAnonBytes: a.rssAnonBytes + b.rssAnonBytes,
    rssFileBytes: a.rssFileBytes + b.rssFileBytes,
    rssShmemBytes: a.rssShmemBytes + b.rssShmemBytes,
    swapBytes: a.swapBytes + b.swapBytes,
    vszBytes: a.vszBytes + b.vszBytes,
    threads: a.threads + b.threads,
    fds: a.fds + b.fds,
  }
}

/** Bytes in /dev/shm, whoever put them there. */
export function readTmpfsBytes(): number {
  const { blocks, bfree, bsize } = statfsSync(TMPFS)
  return (blocks - bfree) * bsize
}

/** What is judged: what would come back if the program ended. */
export function levelOf(figures: Figures): number {
  return figures.rssAnonBytes + figures.rssShmemBytes + figures.swapBytes
}
