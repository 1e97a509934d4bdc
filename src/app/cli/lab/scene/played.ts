/** @module A scene that was played, as everything that is told of it needs it. Plain data. */
import type { Account } from '../../../../../lab/scenarios/account.ts'
import type { Scenario, Setting } from '../../../../../lab/scenarios/scenario.ts'
import { EXIT, type ExitCode } from '../../../../base/errors.ts'

export interface PlayedScene {
  readonly scenario: Scenario
  readonly setting: Setting
  /** What was changed for this run, `null` where nothing was. */
  readonly change: string | null
  readonly account: Account
  /** What the guest's shell complained of. */
  readonly talk: readonly string[]
}

/** From which on people notice that a machine stands still. */
const FELT_MS = 1000

/** A machine that is to panic is gone at the end. */
export function isComplete({ scenario, account }: PlayedScene): boolean {
  const isToPanic = scenario.ooms.some(({ kind }) => kind === 'panic')
  return account.ending === (isToPanic ? 'gone' : 'played')
}

export function wasFelt({ account }: PlayedScene): boolean {
  return account.longestStallMs >= FELT_MS
}

export function exitCodeOf(scenes: readonly PlayedScene[]): ExitCode {
  if (!scenes.every(isComplete)) return EXIT.incomplete
  return scenes.some(wasFelt) ? EXIT.finding : EXIT.ok
}
