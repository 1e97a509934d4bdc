/** @module Free pages on the CPUs' own lists, which meminfo takes for used. */
import type { Missing } from '../core/procfs/records.ts'
import { parsePagesetCount } from '../core/procfs/zoneinfo.ts'
import { forEachFileLine } from './file-lines.ts'

/** On a host of many CPUs and zones the file is long, and read seldom. */
const LINES_A_TICK = 2000
const LONG_AGE_MS = 10_000

export interface FreeLists {
  /** Cost: 0.25 us a line; 54 us on two CPUs. 0 where zoneinfo cannot be read. */
  readPages(nowMs: number): number
  missing(): Missing[]
}

export function openFreeLists(procRoot: string): FreeLists {
  const buffer = new Uint8Array(16 * 1024)
  let pages = 0
  let lines = 0
  let code = 0
  let readAtMs = Number.NEGATIVE_INFINITY

  return {
    readPages(nowMs) {
      if (lines > LINES_A_TICK && nowMs - readAtMs < LONG_AGE_MS) return pages
      readAtMs = nowMs
      pages = 0
      lines = 0
      code = forEachFileLine(`${procRoot}/zoneinfo`, buffer, (start, end) => {
        lines++
        pages += parsePagesetCount(buffer, start, end)
      })
      return pages
    },
    missing: () =>
      code >= 0
        ? []
        : [
            {
              what: "free pages on the CPUs' own lists",
              why: 'zoneinfo cannot be read: they count as unaccounted',
            },
          ],
  }
}
