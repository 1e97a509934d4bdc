/** @module Compares who holds the memory by a report with who holds it by construction. Pure. */
import { KIB } from '../../src/base/units.ts'
import type { PrintedMemory, PrintedOom } from './printed.ts'
import type { OomTruth } from './scenario.ts'

/** Of all RAM: a third of a machine is more than its user space has at rest. */
const LARGE_SHARE = 1 / 3
const PAGE_KIB = 4096 / KIB

type Holder = keyof Pick<PrintedMemory, 'shmemPages' | 'unreclaimableSlabPages' | 'hugetlbKib'>

const KIB_OF: Readonly<Record<string, readonly [Holder, number]>> = {
  tmpfs: ['shmemPages', PAGE_KIB],
  slab: ['unreclaimableSlabPages', PAGE_KIB],
  hugetlb: ['hugetlbKib', 1],
}

function compareShare(what: string, kib: number, { memory }: PrintedOom): readonly string[] {
  const ramKib = (memory.ramPages ?? 0) * PAGE_KIB
  if (kib >= ramKib * LARGE_SHARE && ramKib > 0) return []
  return [`expected ${what} to hold much of ${ramKib} KiB, got ${kib} KiB`]
}

/** What is not as the truth has it. Empty where the report tells nothing of it. */
export function compareHolder(truth: OomTruth, printed: PrintedOom): readonly string[] {
  const { culprit, cause, killed } = truth
  const { freeSwapKib, totalSwapKib } = printed.memory
  if (truth.isSwapFull === true && !(freeSwapKib === 0 && Number(totalSwapKib) > 0))
    return [`expected full swap, got ${freeSwapKib} KiB free of ${totalSwapKib}`]
  if (culprit !== null && KIB_OF[culprit] !== undefined) {
    const [member, unitKib] = KIB_OF[culprit]
    return compareShare(culprit, (printed.memory[member] ?? 0) * unitKib, printed)
  }
  if (printed.tasks.length === 0) return []
  if (cause === 'many-processes') {
    const pages = printed.tasks
      .filter(({ name }) => name === killed)
      .reduce((sum, { rssPages }) => sum + rssPages, 0)
    return compareShare(`all of ${killed}`, pages * PAGE_KIB, printed)
  }
  const [largest] = printed.tasks.toSorted((one, other) => other.rssPages - one.rssPages)
  if (culprit === null || largest?.name === culprit) return []
  return [`expected ${culprit} to be the largest, got ${largest?.name}`]
}
