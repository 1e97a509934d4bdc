/** @module A recorded life with what is true of it: what a detector is scored by. */
import type { Trace, TraceSpec } from '../../src/core/leak/records.ts'

export interface LabelledTrace {
  readonly family: string
  readonly spec: TraceSpec
  readonly trace: Trace
  readonly truth: TraceTruth
}

export interface TraceTruth {
  /** Whether it is a harmful leak: left alone it would exhaust its headroom. */
  readonly leaking: boolean
  /** When the leak begins, in the trace's time; `null` where there is none. */
  readonly onsetSec: number | null
  /** Mean rate of the leak from its onset to the trace's end; `null` where there is none. */
  readonly rateBytesPerSec: number | null
}

/** A kind of life. The same seed gives the same trace on any machine. */
export interface TraceFamily {
  readonly name: string
  readonly leaking: boolean
  /** One sentence: what in real systems looks like this. */
  readonly imitates: string
  readonly make: (seed: number) => LabelledTrace
}
