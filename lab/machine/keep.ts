/** @module How much of what a guest says is kept, since a broken one may never stop. Pure. */

/** What a short line costs in memory beyond its text, about. */
const COST_PER_LINE = 128

/** Says of each line, by its length, whether it still has room within `maxBytes`. */
export function createRoom(maxBytes: number): (length: number) => boolean {
  let left = maxBytes
  return (length) => {
    const cost = length + COST_PER_LINE
    if (cost > left) return false
    left -= cost
    return true
  }
}
