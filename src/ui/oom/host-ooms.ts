/** @module OOMs of the host itself as a person knows them: those that follow each other are one. Plain functions. */
import { formatDuration } from '../../base/format.ts'
import type { VerdictClass } from '../../core/oom/verdict.ts'
import { VERDICT_CLASSES } from '../../core/oom/verdict.ts'
import type { Event } from '../../core/wire/records.ts'

/** As in a log: with less between them they are one storm. */
const STORM_GAP_MS = 300_000

export interface HostOom {
  /** Oldest first, at least one. */
  readonly events: readonly Event[]
  readonly first: Event
  readonly fromMs: number
  readonly toMs: number
}

/** Newest first. */
export function groupOoms(events: readonly Event[]): readonly HostOom[] {
  const groups: Event[][] = []
  for (const event of events.toSorted((a, b) => a.wallMs - b.wallMs)) {
    const last = groups.at(-1)?.at(-1)
    const isNext =
      last !== undefined &&
      last.bootId === event.bootId &&
      event.wallMs - last.wallMs < STORM_GAP_MS
    if (isNext) groups.at(-1)?.push(event)
    else groups.push([event])
  }
  return groups.reverse().flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined) return []
    return [{ events: group, first, fromMs: first.wallMs, toMs: last.wallMs }]
  })
}

/** The one that the address names by any of its events. */
export function findOom(ooms: readonly HostOom[], id: string | null): HostOom | undefined {
  return ooms.find(({ events }) => events.some((event) => event.id === id))
}

export function verdictOf({ data }: Event): VerdictClass {
  const { verdict } = (data.report ?? {}) as { readonly verdict?: unknown }
  return VERDICT_CLASSES.find((each) => each === verdict) ?? 'unknown'
}

/** What is said of one: its first report, and how many followed. */
export function sayOom({ events, first, fromMs, toMs }: HostOom): string {
  const more = events.length - 1
  if (more === 0) return first.reason
  return `${first.reason}; and ${more === 1 ? 'one more OOM' : `${more} more OOMs`} within ${formatDuration(Math.max(1, (toMs - fromMs) / 1_000))}`
}
