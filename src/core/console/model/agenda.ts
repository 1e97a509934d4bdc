/** @module What happens next: a heap by time; what was planned first comes first where times are equal. */

export interface Agenda {
  readonly plan: (atMs: number, act: () => void) => void
  /** Takes the next out and sets the time, `undefined` when nothing is left before `untilMs`. */
  readonly next: (
    untilMs: number,
  ) => { readonly atMs: number; readonly act: () => void } | undefined
}

interface Entry {
  readonly atMs: number
  readonly order: number
  readonly act: () => void
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

export function createAgenda(): Agenda {
  const heap: Entry[] = []
  let order = 0

  function rise(entry: Entry): void {
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as Entry
      if (!isBefore(entry, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  function sink(entry: Entry): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      const right = heap[below + 1]
      if (right !== undefined && isBefore(right, heap[below] as Entry)) below++
      const child = heap[below] as Entry
      if (!isBefore(child, entry)) break
      heap[at] = child
      at = below
    }
    heap[at] = entry
  }

  return {
    plan: (atMs, act) => rise({ atMs, order: order++, act }),
    next: (untilMs) => {
      const [first] = heap
      if (first === undefined || first.atMs > untilMs) return undefined
      const last = heap.pop() as Entry
      if (heap.length > 0) sink(last)
      return first
    },
  }
}
