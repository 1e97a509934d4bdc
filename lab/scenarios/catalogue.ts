/** @module All scenarios, in the order in which a person meets them. */
import { manyLeakers, sparedLeaker } from './choice.ts'
import { incident, noTaskDump, quietConsole } from './incident.ts'
import { cgroupLimit } from './limits.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  incident,
  noTaskDump,
  quietConsole,
  sparedLeaker,
  manyLeakers,
  cgroupLimit,
]

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}
