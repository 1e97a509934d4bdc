/** @module A host's own figures for the simulation, as the doctor reads them. */
import { factsOf, isNominal } from '../../../core/console/facts.ts'
import { nominally } from '../../../core/console/host-consoles.ts'
import type { HostFigures } from '../../../core/console/model/choose.ts'
import { meminfoKb } from '../../../core/console/reading.ts'
import { readForDoctor } from '../../../linux/console-reading.ts'

export interface ReadHost {
  readonly figures: HostFigures
  /** An emulated line may be faster than its rate says. */
  readonly isNominal: boolean
}

/** @param root `/`, or a directory with a saved tree */
export function readHost(root: string): ReadHost {
  const facts = factsOf(readForDoctor(root))
  const kb = meminfoKb(facts, 'MemAvailable') ?? meminfoKb(facts, 'MemFree')
  return {
    figures: {
      release: facts.release,
      memoryBytes: kb === null ? null : kb * 1024,
      consoles: facts.consoles === null ? null : nominally(facts.consoles.consoles),
      printk: facts.printk,
      dumpsTasks: facts.dumpsTasks,
      stamp: facts.stamp,
      tasks: facts.tasks?.length ?? null,
      report: facts.report,
    },
    isNominal: isNominal(facts),
  }
}
