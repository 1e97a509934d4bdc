/** @module What the index of recorded logs says of each. */
import type { OomTruth } from './scenario.ts'

export interface FixtureOom extends Omit<OomTruth, 'killed' | 'diedToo' | 'mayRepeat'> {
  /** Who asked in this run. */
  readonly trigger: string
  readonly constraint: string | null
  /** Each process once, the first chosen first. */
  readonly killed: readonly { readonly name: string; readonly pid: number }[]
}

export interface Fixture {
  /** Of the files: `NAME.console`, and `NAME.log` where the guest lived to give it. */
  readonly name: string
  /** As uname -r says. */
  readonly kernel: string
  readonly scenario: string
  readonly ooms: readonly FixtureOom[]
}
