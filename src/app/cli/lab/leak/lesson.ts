/** @module One lesson on a leak as plain data: what is true of the program, and what is seen of it. */
import type { LeakKind } from '../../../../../lab/leaks/kinds.ts'
import type { Truth } from '../../../../../lab/leaks/program.ts'
import type { HeapAtExit } from '../../../../../lab/leaks/valgrind-report.ts'
import type { SubjectRow } from '../../../../core/wire/records.ts'

/** What valgrind said of the same program, or why it was not asked. */
export type ValgrindPart =
  | { readonly ran: true; readonly ownSec: number; readonly heap: HeapAtExit }
  | { readonly ran: false; readonly why: string }

export interface Ending {
  /** By itself, at its bound or before; as a person asked; or as its time was over. */
  readonly how: 'itself' | 'asked' | 'time-over'
  readonly exitCode: number | null
  readonly signal: string | null
}

export interface Lesson {
  readonly kind: LeakKind
  readonly pid: number
  /** At the pace that it runs at. */
  readonly truth: Truth
  readonly pace: number
  readonly boundBytes: number
  /** It is ended then at the latest. */
  readonly forSec: number
  /** `null`: was not wanted. */
  readonly valgrind: ValgrindPart | null
  readonly elapsedSec: number
  /** As last seen alive; `null`: not yet. */
  readonly row: SubjectRow | null
  readonly peakRssBytes: number
  /** `null` while it runs. */
  readonly ending: Ending | null
}

/** Resident memory of all kinds; what could not be read counts for nothing. */
export function rssOf(row: SubjectRow | null): number {
  return (row?.anonBytes ?? 0) + (row?.fileBytes ?? 0) + (row?.shmemBytes ?? 0)
}

/** To be run in another terminal; `null` where the program is gone before anybody can. */
export function nextCommandOf({ kind, pid }: Pick<Lesson, 'kind' | 'pid'>): string | null {
  return kind.lifeSec === null ? `plimsoll watch --filter ${pid}` : null
}
