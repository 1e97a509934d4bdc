/** @module All scenarios, in the order in which a person meets them. */
import { incident } from './incident.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [incident]

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}
