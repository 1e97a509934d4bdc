/** @module How many different keys have been asked for after so many requests, when some are liked better. */

/** Ranks are taken together in classes that are a fifth wider each. */
const CLASS_GROWTH = 1.2

/**
 * Expected number of distinct ones of `keys` after a number of requests, the key of rank r being asked
 * for in proportion to 1 / r^exponent (Breslau et al., INFOCOM 1999, measured 0.64 to 0.83 at proxies).
 */
export function distinctKeys(keys: number, exponent: number): (requests: number) => number {
  const classes: { readonly count: number; readonly weight: number }[] = []
  for (let rank = 1; rank <= keys; ) {
    const next = Math.min(keys + 1, Math.max(rank + 1, Math.ceil(rank * CLASS_GROWTH)))
    const count = next - rank
    classes.push({ count, weight: (rank + count / 2) ** -exponent })
    rank = next
  }
  const all = classes.reduce((total, { count, weight }) => total + count * weight, 0)
  return (requests) =>
    classes.reduce((total, { count, weight }) => {
      return total + count * (1 - Math.exp((-requests * weight) / all))
    }, 0)
}
