/** @module Slab caches that the kernel cannot reclaim, by name. */
import type { Missing, PoolRow } from '../core/procfs/records.ts'
import { decodeText } from '../core/procfs/scan.ts'
import { emptySlabLine, parseSlabLine } from '../core/procfs/slabinfo.ts'
import { forEachFileLine } from './file-lines.ts'
import { DENIED, GONE, readOnce } from './files.ts'

export interface SlabCaches {
  /** Largest first; none where slabinfo cannot be read. Cost: 0.2 ms for 240 caches. */
  readRows(): PoolRow[]
  missing(): Missing[]
}

const MAX_ROWS = 24
const MIN_BYTES = 1024 * 1024
/** Digit one: the cache's pages count as reclaimable (mm/slub.c reclaim_account_show()). */
const ONE = 49
/** Without SLUB's directory the names must do. */
const RECLAIMABLE_NAME = /(?:inode_cache|_inode|^dentry|^buffer_head|^radix_tree_node|-rcl-\w+)$/

export function openSlabCaches(procRoot: string, sysRoot: string, pageSize: number): SlabCaches {
  const path = `${procRoot}/slabinfo`
  const buffer = new Uint8Array(64 * 1024)
  const probe = new Uint8Array(8)
  const line = emptySlabLine()
  const reclaimable = new Map<string, boolean>()
  let listed: ReadonlySet<string> = new Set()
  let code = 0

  function isReclaimable(name: string): boolean {
    const known = reclaimable.get(name)
    if (known !== undefined) return known
    const length = readOnce(`${sysRoot}/kernel/slab/${name}/reclaim_account`, probe)
    const answer = length > 0 ? probe[0] === ONE : RECLAIMABLE_NAME.test(name)
    reclaimable.set(name, answer)
    return answer
  }

  return {
    readRows() {
      const rows: PoolRow[] = []
      code = forEachFileLine(path, buffer, (start, end) => {
        if (!parseSlabLine(buffer, start, end, line)) return
        const usedBytes = line.pages * pageSize
        if (usedBytes < MIN_BYTES / 2) return
        const name = decodeText(buffer, line.nameStart, line.nameEnd)
        // What is listed stays until it has halved, so that nothing comes and goes at the line.
        if ((usedBytes < MIN_BYTES && !listed.has(name)) || isReclaimable(name)) return
        rows.push({ kind: 'slab', name, usedBytes, limitBytes: null })
      })
      if (code < 0) return []
      rows.sort((a, b) => b.usedBytes - a.usedBytes)
      const largest = rows.slice(0, MAX_ROWS)
      listed = new Set(largest.map(({ name }) => name))
      return largest
    },
    missing() {
      if (code >= 0) return []
      const why =
        code === DENIED
          ? 'needs root: /proc/slabinfo is not for others'
          : code === GONE
            ? 'this kernel has no slabinfo'
            : `${path} cannot be read`
      return [{ what: 'slab caches by name', why }]
    },
  }
}
