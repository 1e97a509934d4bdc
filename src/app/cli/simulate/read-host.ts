/** @module A host's own figures for the simulation, as the doctor reads them. */
import { factsOf, isNominal } from '../../../core/console/facts.ts'
import { nominally } from '../../../core/console/host-consoles.ts'
import type { Figure, HostFigures } from '../../../core/console/model/choose.ts'
import { meminfoKb } from '../../../core/console/reading.ts'
import { readForDoctor } from '../../../linux/console-reading.ts'

/** A figure that may be otherwise than it was read, in a sentence. */
export interface Doubt {
  readonly about: Figure
  readonly text: string
}

export interface ReadHost {
  readonly figures: HostFigures
  readonly doubts: readonly Doubt[]
}

const EMULATED: Doubt = {
  about: 'consoles',
  text: 'Its serial lines are emulated, and may be faster than their rates say.',
}
const NOT_ALL_SEEN: Doubt = {
  about: 'tasks',
  text: 'Not all of its processes are seen from here: --tasks says how many there are.',
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
    doubts: [...(isNominal(facts) ? [EMULATED] : []), ...(facts.seesAll ? [] : [NOT_ALL_SEEN])],
  }
}
