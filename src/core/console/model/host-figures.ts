/** @module A host's own figures for the model, from what the doctor read of it. */
import type { HostConsole } from '../cost.ts'
import type { Facts } from '../facts.ts'
import { isNominal } from '../facts.ts'
import { nominally } from '../host-consoles.ts'
import { meminfoKb } from '../reading.ts'
import type { Figure, HostFigures } from './choose.ts'

/** A figure that may be otherwise than it was read, in a sentence. */
export interface Doubt {
  readonly about: Figure
  readonly text: string
}

const EMULATED: Doubt = {
  about: 'consoles',
  text: 'Its serial lines are emulated, and may be faster than their rates say.',
}
const NOT_ALL_SEEN: Doubt = {
  about: 'tasks',
  text: 'Not all of its processes are seen from here: there may be more tasks.',
}

/** With serial lines as if each were held to its speed. */
export function figuresOf(facts: Facts): HostFigures {
  const kb = meminfoKb(facts, 'MemAvailable') ?? meminfoKb(facts, 'MemFree')
  const consoles = facts.consoles === null ? null : nominally(facts.consoles.consoles)
  return {
    release: facts.release,
    memoryBytes: kb === null ? null : kb * 1024,
    consoles:
      consoles?.map(({ name, kind, isSynchronous, cost }): HostConsole => {
        return { name, kind, isSynchronous, cost }
      }) ?? null,
    printk: facts.printk,
    dumpsTasks: facts.dumpsTasks,
    stamp: facts.stamp,
    tasks: facts.tasks?.length ?? null,
    report: facts.report,
  }
}

export function doubtsOf(facts: Facts): readonly Doubt[] {
  return [...(isNominal(facts) ? [EMULATED] : []), ...(facts.seesAll ? [] : [NOT_ALL_SEEN])]
}
