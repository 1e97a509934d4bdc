/** @module System V shared memory: segments stay when every process that knew them has ended. */
import type { Missing, PoolRow } from '../core/procfs/records.ts'
import { parseShmLine, type ShmSegment } from '../core/procfs/sysvipc-shm.ts'
import { forEachFileLine } from './file-lines.ts'
import { GONE } from './files.ts'

export interface SysvShm {
  /** The largest segments, and all together: a leak of them shows in their number. */
  readRows(): PoolRow[]
  missing(): Missing[]
}

const MAX_SEGMENTS = 32
export const ALL_SEGMENTS = 'System V segments'

/** A key is the same after a restart of its program; a private segment has but its id. */
function nameSegment({ key, shmId }: ShmSegment): string {
  return key === 0 ? `shmid ${shmId}` : `key 0x${key.toString(16).padStart(8, '0')}`
}

/**
 * No segment has a limit of its own here: it cannot outgrow its size, and to fill it up is no harm.
 */
export function shmRows(segments: readonly ShmSegment[]): PoolRow[] {
  const row = (name: string, usedBytes: number): PoolRow => ({
    kind: 'shm',
    name,
    usedBytes,
    limitBytes: null,
  })
  const total = segments.reduce((sum, { usedBytes }) => sum + usedBytes, 0)
  const largest = segments.toSorted((a, b) => b.usedBytes - a.usedBytes).slice(0, MAX_SEGMENTS)
  return [
    row(ALL_SEGMENTS, total),
    ...largest.map((segment) => row(nameSegment(segment), segment.usedBytes)),
  ]
}

export function openSysvShm(procRoot: string): SysvShm {
  const path = `${procRoot}/sysvipc/shm`
  const buffer = new Uint8Array(32 * 1024)
  let code = 0

  return {
    readRows() {
      const segments: ShmSegment[] = []
      code = forEachFileLine(path, buffer, (start, end) => {
        const segment = parseShmLine(buffer, start, end)
        if (segment !== undefined) segments.push(segment)
      })
      return code < 0 ? [] : shmRows(segments)
    },
    missing() {
      if (code >= 0) return []
      const why = code === GONE ? 'this kernel has no CONFIG_SYSVIPC' : `${path} cannot be read`
      return [{ what: 'System V shared memory', why }]
    },
  }
}
