/** @module A host's own figures for the simulation, as the doctor reads them. */
import { factsOf } from '../../../core/console/facts.ts'
import type { HostFigures } from '../../../core/console/model/choose.ts'
import type { Doubt } from '../../../core/console/model/host-figures.ts'
import { doubtsOf, figuresOf } from '../../../core/console/model/host-figures.ts'
import { readForDoctor } from '../../../linux/console-reading.ts'

export interface ReadHost {
  readonly figures: HostFigures
  readonly doubts: readonly Doubt[]
}

/** @param root `/`, or a directory with a saved tree */
export function readHost(root: string): ReadHost {
  const facts = factsOf(readForDoctor(root))
  return { figures: figuresOf(facts), doubts: doubtsOf(facts) }
}
