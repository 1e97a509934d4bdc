/** @module All scenarios, in the order in which a person meets them. */
import { killAsker, manyLeakers, sparedLeaker } from './choice.ts'
import { incident, noTaskDump, quietConsole } from './incident.ts'
import { cgroupGroup, cgroupLimit, cgroupLimitV1, cpuset, mempolicy } from './limits.ts'
import { panic, swapFull, sysrq } from './machine.ts'
import { hugepages, kernelMemory, swarm, tmpfs } from './nobody.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  incident,
  noTaskDump,
  quietConsole,
  sparedLeaker,
  manyLeakers,
  killAsker,
  swarm,
  tmpfs,
  kernelMemory,
  hugepages,
  swapFull,
  cgroupLimit,
  cgroupLimitV1,
  cgroupGroup,
  cpuset,
  mempolicy,
  panic,
  sysrq,
]

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}
