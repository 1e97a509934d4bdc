/**
 * @module Cgroups that may reach their limit before anybody looks again: their OOM prints its report under
 * the same lock as the host's. Most containers have so little room that this holds for as long as they run.
 */
import { GIB, SECOND_MS } from '../../base/units.ts'

/** The group that is closest to its limit, and what it may still take. */
export interface GroupRoom {
  /** Untrusted text. */
  readonly path: string
  readonly roomBytes: number
}

/** What a group fills in a moment; one processor's rate, since it seldom has more. */
const FILLED_BYTES_PER_MS = GIB / SECOND_MS
/** Clear is so many times what is near, so that nothing comes and goes at it. */
const CLEAR_SHARE = 5 / 3

/**
 * The group for which it is near now; `null`: none.
 * @param before what was said at the last look
 * @param everyMs until the next look
 */
export function followGroups(
  before: string | null,
  tightest: GroupRoom | undefined,
  everyMs: number,
): string | null {
  if (tightest === undefined) return null
  const line = FILLED_BYTES_PER_MS * everyMs * (before === null ? 1 : CLEAR_SHARE)
  return tightest.roomBytes < line ? tightest.path : null
}
