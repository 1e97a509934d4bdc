/** @module The figures of a service: those of its processes taken together. */
import type { HostRow, ProcessTable } from '../../core/procfs/records.ts'

export interface ServiceFigures {
  /** Slots of its processes in the sampler's table. */
  readonly members: ReadonlySet<number>
  anonBytes: number
  fileBytes: number
  shmemBytes: number
  swapBytes: number
  threads: number
  fds: number
}

export const NO_FIGURES = {
  anonBytes: 0,
  fileBytes: 0,
  shmemBytes: 0,
  swapBytes: 0,
  threads: 0,
  fds: 0,
} as const

/** What all of the host has: no service can have more. */
export type SharedBounds = Pick<HostRow, 'anonBytes' | 'shmemBytes'>

/** Pages that members share count once for each of them, but never more than the host has of them. */
export function sumMembers(service: ServiceFigures, table: ProcessTable, host: SharedBounds): void {
  let anon = 0
  let file = 0
  let shmem = 0
  let swap = 0
  let threads = 0
  let fds = 0
  for (const slot of service.members) {
    anon += finite(table.anonBytes[slot])
    file += finite(table.fileBytes[slot])
    shmem += finite(table.shmemBytes[slot])
    swap += finite(table.swapBytes[slot])
    threads += Math.max(0, table.threads[slot] ?? 0)
    fds += Math.max(0, table.fds[slot] ?? 0)
  }
  service.anonBytes = atMost(anon, host.anonBytes)
  service.fileBytes = file
  service.shmemBytes = atMost(shmem, host.shmemBytes)
  service.swapBytes = swap
  service.threads = threads
  service.fds = fds
}

/** @param boundBytes 0: not told, as in some containers */
function atMost(bytes: number, boundBytes: number): number {
  return boundBytes > 0 ? Math.min(bytes, boundBytes) : bytes
}

function finite(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value
}
