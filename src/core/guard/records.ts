/** @module Plain records of this room: what the guard's policy knows of a host, and what it decides. */
import type { Verdict } from '../leak/records.ts'

/**
 * Growth is measured over these, seconds: what takes the memory now shows in the shortest window in which
 * the host lost any, and what held it before does not.
 */
export const WINDOWS_SEC = [10, 60, 300] as const

/** Bytes that something grew by over each of WINDOWS_SEC, or since it is known; below 0: it shrank. */
export type Grown = readonly [number, number, number]

/** A process that might have to go. Names are untrusted text. */
export interface Candidate {
  readonly pid: number
  /** With the pid, the identity of a process (field 22 of proc_pid_stat(5)). */
  readonly startTicks: number
  /** comm, of an interpreter with its script. */
  readonly name: string
  /** Path of its executable; `null`: may not be read. */
  readonly exe: string | null
  readonly uid: number | null
  readonly parentPid: number | null
  readonly cgroup: string | null
  readonly unit: string | null
  /** `null`: may not be read. */
  readonly oomScoreAdj: number | null
  /** What would come back if it ended: anon, shmem, swap. */
  readonly levelBytes: number
  /** What the kernel counts: rss and swap (oom_kill.c, oom_badness; page tables left out). */
  readonly badnessBytes: number
  readonly grown: Grown
  readonly verdict: Verdict
}

/** Memory that no process gives back when it ends. */
export interface Pool {
  readonly name: 'tmpfs and shared memory' | 'unreclaimable slab' | 'huge pages' | 'kernel memory'
  readonly bytes: number
  readonly grown: Grown
}

/** The memory of a host at one moment. */
export interface HostMemory {
  /** What programs can have: without what huge pages took. */
  readonly totalBytes: number
  readonly availableBytes: number
  readonly swapFreeBytes: number
  /** How fast room (available, and free swap) falls; 0: it does not. */
  readonly fallBytesPerSec: number
  /** /proc/pressure/memory, full avg10; `null`: this kernel does not tell. */
  readonly psiFullPct: number | null
}

export interface HostState {
  /** Time since boot, seconds: the clock of the verdicts. */
  readonly bootSec: number
  readonly memory: HostMemory
  /** Room that the host lost over each window. */
  readonly lost: Grown
  readonly pools: readonly Pool[]
  readonly candidates: readonly Candidate[]
}

/**
 * - `calm`: nothing is to be done.
 * - `near`: memory may end soon.
 * - `critical`: it ends unless somebody goes.
 */
export type Severity = 'calm' | 'near' | 'critical'

export interface Shortage {
  readonly severity: Severity
  readonly roomBytes: number
  /** What must come back before the danger is over. */
  readonly neededBytes: number
  /** Until the room is gone at the rate of now; Infinity: it does not fall. */
  readonly lastsSec: number
  /** One clause, with its figures. */
  readonly why: string
}

/** By what a process was ranked. */
export type RankedBy = 'leak' | 'owner' | 'growth' | 'badness'

export interface Ranked {
  readonly candidate: Candidate
  readonly by: RankedBy
  /** Share of what is missing that it explains, 0 to 1; `null`: not known. */
  readonly share: number | null
  /** The owner's rules would rather spare it. */
  readonly isAvoided: boolean
  /** Why it stands where it stands, as a clause. */
  readonly why: string
}

/** Who is never touched, and why, as a clause. */
export interface Spared {
  readonly candidate: Candidate
  readonly why: string
}

export interface Choice {
  /** Who would go first, then second...; empty: nobody may. */
  readonly ranking: readonly Ranked[]
  /** Largest first. */
  readonly spared: readonly Spared[]
  /** Who or what has the memory, where that is no process; then nobody is to go. */
  readonly pool: Pool | null
}

/** The next step of the ladder, with its reason as a sentence without a full stop. */
export type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'term' | 'kill'; readonly victim: Ranked; readonly reason: string }
  /** It does not end: the next is chosen. */
  | { readonly kind: 'stuck'; readonly victim: Ranked; readonly reason: string }
  /** No process is at fault, or none may go. */
  | { readonly kind: 'nobody'; readonly reason: string }
  /** The budget is spent: no more than a warning. */
  | { readonly kind: 'spent'; readonly reason: string }

/** What the owner may set. */
export interface LadderPolicy {
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number
  /** Processes that may be ended in an hour. */
  readonly killsPerHour: number
}
