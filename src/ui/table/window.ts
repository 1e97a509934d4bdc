/** @module Which rows of a long table are in sight: only those are made. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows above and below those in sight, so that a short scroll finds them there. */
const SPARE_ROWS = 6

export interface RowWindow {
  readonly first: number
  /** One past the last. */
  readonly end: number
}

/**
 * @param topPx of the first row, from the upper edge of what is in sight; negative: scrolled past
 * @param heightPx of what is in sight
 */
export function windowOf(topPx: number, heightPx: number, rowPx: number, count: number): RowWindow {
  const above = Math.floor(-topPx / rowPx) - SPARE_ROWS
  const end = Math.min(count, Math.ceil((heightPx - topPx) / rowPx) + SPARE_ROWS)
  // The end of a table that became shorter below the reader's feet is shown, not nothing.
  const first = Math.max(0, Math.min(above, count - 1))
  return { first, end: Math.max(end, Math.min(first + 1, count)) }
}

/** Follows the page's scrolling; a table that is not laid out yet shows its first rows. */
export function useRowWindow(
  body: RefObject<HTMLElement | null>,
  rowPx: number,
  count: number,
): RowWindow {
  const [shown, setShown] = useState<RowWindow>({ first: 0, end: Math.min(count, 30) })
  const measure = (): void => {
    const top = body.current?.getBoundingClientRect().top
    if (top === undefined) return
    const next = windowOf(top, innerHeight, rowPx, count)
    setShown((last) => (last.first === next.first && last.end === next.end ? last : next))
  }
  const latest = useRef(measure)
  latest.current = measure
  // What stands above the table may have changed with what is in it.
  useLayoutEffect(measure)
  useLayoutEffect(() => {
    const follow = (): void => latest.current()
    addEventListener('scroll', follow, { passive: true })
    addEventListener('resize', follow)
    return () => {
      removeEventListener('scroll', follow)
      removeEventListener('resize', follow)
    }
  }, [])
  return { first: Math.min(shown.first, count), end: Math.min(shown.end, count) }
}
