/** @module Memory is free, but not where this request may take it: in other zones, or in too small pieces. */
import type { OomReport } from '../records.ts'
import type { Evidence, Rule } from './rule.ts'
import { HALF, notAProcess, share } from './rule.ts'

/** The same bit in every kernel (include/linux/gfp.h). */
const GFP_HIGHMEM = 0x02

function mayUseHighMemory({ gfpText, gfpMask }: OomReport): boolean {
  if (gfpText !== null) return /HIGHMEM|HIGHUSER|MOVABLE/.test(gfpText)
  // Kernels before 4.6 print the mask alone.
  return gfpMask !== null && (gfpMask & GFP_HIGHMEM) !== 0
}

/** 32-bit: the kernel's own allocations come from low zones alone. */
export function isLowMemory({ report }: Evidence): boolean {
  const high = report.zones.find(({ name }) => name === 'HighMem')
  if (high === undefined || mayUseHighMemory(report)) return false
  return (high.kb.free ?? 0) > (high.kb.min ?? 0)
}

export const lowMemory: Rule = (e) => {
  if (!isLowMemory(e)) return undefined
  const low = e.report.zones.filter(({ name }) => name === 'Normal' || name === 'DMA')
  const sum = (names: readonly string[]): number =>
    low.reduce(
      (total, { kb }) => total + names.reduce((part, name) => part + (kb[name] ?? 0), 0),
      0,
    )
  const file = sum(['active_file', 'inactive_file', 'writepending', 'active', 'inactive'])
  const managed = sum(['managed']) || sum(['present'])
  const isCache = file > managed * 0.2
  return notAProcess(
    e,
    isCache ? 'page-cache' : 'kernel-memory',
    isCache ? 'page cache in low memory' : 'kernel memory in low memory',
    'the zones that the kernel itself can use are full, while high memory is free',
  )
}

/** Zones that the request may take from: those above what its flags allow are out of reach. */
function usableBuddies({ report }: Evidence): OomReport['buddies'] {
  const isMovable = report.gfpText !== null && /MOVABLE/.test(report.gfpText)
  return report.buddies.filter(({ name }) => isMovable || name !== 'Movable')
}

/** Blocks set aside for other uses are none for this request: high-order atomic, CMA, isolated. */
const SET_ASIDE = /^[HCI]+$/

export const fragmentation: Rule = (e) => {
  const order = e.report.order ?? 0
  if (order < 1 || e.kind === 'memcg' || e.balance === undefined) return undefined
  if (share(e, 'slab, reclaimable', 'slab, unreclaimable') > HALF) return undefined
  const buddies = usableBuddies(e)
  const hasBlock = buddies.some(({ blocks }) =>
    blocks.some(
      ({ kb, count, types }) => count > 0 && kb >= e.pageKb * 2 ** order && !SET_ASIDE.test(types),
    ),
  )
  const free = e.report.counters.free ?? 0
  const min = e.report.zones.reduce((sum, { kb }) => sum + (kb.min ?? 0), 0) / e.pageKb
  if (free < 2 * min && order <= 1) return undefined
  if (hasBlock && order <= 3 && free < 4 * min) return undefined
  return notAProcess(
    e,
    'fragmentation',
    'fragmentation',
    `${2 ** order} pages in one piece were asked for, and none was free where they may come from`,
  )
}
