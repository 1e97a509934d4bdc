/** @module What came of a run of the model: who waited how long, what was printed, who was killed. Times are ms from the start. */
import type { ReportPart } from '../records.ts'

export type Role = 'leaker' | 'other' | 'guard'

export interface Stall {
  readonly fromMs: number
  readonly lastedMs: number
}

export interface ProcessOutcome {
  readonly name: string
  readonly role: Role
  /** Number of its container from 0; `null`: in none. */
  readonly container: number | null
  /** Those of 100 ms and more. */
  readonly stalls: readonly Stall[]
  /** Of all of them, however short; one that the end cuts off counts to there. */
  readonly longestStallMs: number
  readonly totalStallMs: number
  readonly killedAtMs: readonly number[]
}

export interface PrintedPart {
  readonly part: ReportPart
  readonly fromMs: number
  readonly toMs: number
  readonly lines: number
  /** On each console. */
  readonly bytes: number
}

export interface ReportOutcome {
  readonly kind: 'global' | 'memcg'
  readonly container: number | null
  /** Who asked for memory, and printed. */
  readonly printer: string
  readonly victim: string
  readonly fromMs: number
  /** oom_lock is free again. */
  readonly toMs: number
  /** SIGKILL is sent. */
  readonly killMs: number
  /** False where the rate limit left only the kill line. */
  readonly isFull: boolean
  /** What was shown on the consoles. */
  readonly parts: readonly PrintedPart[]
  readonly freedBytes: number
}

export interface ConsoleOutcome {
  readonly name: string
  readonly isSynchronous: boolean
  readonly bytes: number
  /** For which its line was busy. */
  readonly busyMs: number
}

export type ModelEvent =
  | {
      readonly atMs: number
      readonly what: 'short'
      readonly who: string
      readonly container: number | null
    }
  | { readonly atMs: number; readonly what: 'report-begins'; readonly report: number }
  | { readonly atMs: number; readonly what: 'killed'; readonly report: number }
  | { readonly atMs: number; readonly what: 'report-ends'; readonly report: number }
  | {
      readonly atMs: number
      readonly what: 'freed'
      readonly who: string
      readonly bytes: number
    }
  | { readonly atMs: number; readonly what: 'quieted' | 'restored'; readonly printk: string }
  | { readonly atMs: number; readonly what: 'restarted'; readonly who: string }

export interface Outcome {
  readonly events: readonly ModelEvent[]
  /** Events beyond what is kept. */
  readonly moreEvents: number
  readonly processes: readonly ProcessOutcome[]
  readonly reports: readonly ReportOutcome[]
  readonly consoles: readonly ConsoleOutcome[]
  /** Of the processes that do not leak. */
  readonly longestStallMs: number
  readonly kills: number
  /** By the leakers; what was killed has given back `freedBytes`, and `heldBytes` are held at the end. */
  readonly takenBytes: number
  readonly freedBytes: number
  readonly heldBytes: number
}
