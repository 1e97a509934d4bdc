/** @module What of the process table could not be read, in words. */
import type { Missing, ProcessTable } from '../core/procfs/records.ts'

function count(of: number, all: number): string {
  return of === all ? 'all' : String(of)
}

/** Figures that are unknown of some processes, though a full pass looked for them. */
export function explainTable(table: ProcessTable): Missing[] {
  let fds = 0
  let memory = 0
  for (let slot = 0; slot < table.length; slot++) {
    if (table.pid[slot] === 0 || table.fullAtMs[slot] === 0) continue
    if (table.fds[slot] === -1) fds++
    if (Number.isNaN(table.anonBytes[slot])) memory++
  }
  const missing: Missing[] = []
  if (fds > 0) {
    missing.push({
      what: `descriptors of ${count(fds, table.processes)} processes`,
      why: 'needs root, or to be their owner',
    })
  }
  if (memory > 0) {
    missing.push({
      what: `memory of ${count(memory, table.processes)} processes`,
      why: 'their statm cannot be read',
    })
  }
  return missing
}

/** @param hidepid the option that /proc is mounted with (proc(5)); '': none */
export function explainHidden(hidepid: string): Missing[] {
  return hidepid === ''
    ? []
    : [
        {
          what: "other users' processes",
          why: `/proc is mounted with hidepid=${hidepid}: root alone sees all`,
        },
      ]
}

export function explainUnnamed(containers: number): Missing[] {
  return containers === 0
    ? []
    : [
        {
          what: `names of ${containers} containers`,
          why: "their runtime's files may not be read, or do not tell",
        },
      ]
}
