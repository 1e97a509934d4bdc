/** @module No shortage: somebody asked for the kill, or memory was free. */

import type { Rule } from './rule.ts'
import { MUCH_FREE, notAProcess, percent, share } from './rule.ts'
import { isLowMemory } from './zones.ts'

export const manual: Rule = (e) =>
  e.kind === 'sysrq'
    ? notAProcess(
        e,
        'manual',
        'a person or program',
        'somebody asked for it by SysRq-f: memory was not short',
      )
    : undefined

export const noShortage: Rule = (e) => {
  if (
    e.balance === undefined ||
    e.kind === 'memcg' ||
    e.kind === 'cpuset' ||
    e.kind === 'mempolicy'
  )
    return undefined
  const free = share(e, 'free')
  if (free < MUCH_FREE || (e.report.order ?? 0) > 0) return undefined
  if (isLowMemory(e)) return undefined
  const why = e.report.gfpMask === 0 ? ': a charge to a group failed in a page fault' : ''
  return notAProcess(
    e,
    'not-a-shortage',
    'no shortage',
    `${percent(free)} of memory was free${why}`,
  )
}
