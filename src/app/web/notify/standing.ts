/**
 * @module Which leaks are to be told: each once when it is confirmed, and once when it is over. Pure.
 *
 * A process, its service and its cgroup that leak together are one leak; what its owner marked is none. What was
 * told is kept by subject, as text, and outlives this process.
 */
import type { LeakState } from '../../../core/leak/records.ts'
import type { Mark, SubjectId, SubjectRow } from '../../../core/wire/records.ts'

/** What is remembered of a leak that was told. */
export interface Told {
  readonly name: string
  readonly kind: SubjectRow['kind']
  readonly pid: number | null
  readonly serviceId: SubjectId | null
  readonly cgroup: string | null
  readonly wallMs: number
}

export type Change =
  | { readonly what: 'begun'; readonly row: SubjectRow }
  /** `row`: as it is now; `undefined`: it is gone. */
  | {
      readonly what: 'over'
      readonly id: SubjectId
      readonly told: Told
      readonly row: SubjectRow | undefined
    }
  /** The same leak, from now on known by another subject: not told. */
  | { readonly what: 'moved'; readonly id: SubjectId; readonly row: SubjectRow }
  /**
   * No longer told by itself: its owner marked it, and should it stand when the mark is gone it is told
   * anew; or what leaks in a cgroup is told by its own name.
   */
  | { readonly what: 'dropped'; readonly id: SubjectId }

export interface Standing {
  readonly rows: ReadonlyMap<SubjectId, SubjectRow>
  readonly marks: readonly Mark[]
  readonly told: ReadonlyMap<SubjectId, Told>
  /** Since when a leak that was told is calm; kept from call to call. */
  readonly calmSinceMs: Map<SubjectId, number>
  readonly nowMs: number
}

/** A verdict that wavers is not over each time. */
export const CALM_FOR_MS = 60_000

export function toldOf(row: SubjectRow, wallMs: number): Told {
  const { name, kind, pid, serviceId, cgroup } = row
  return { name, kind, pid, serviceId, cgroup, wallMs }
}

type Related = Pick<Told, 'kind' | 'serviceId' | 'cgroup'>

/** Whether `outer` is a cgroup that holds `inner`. */
function holds(outer: Related, inner: Related): boolean {
  if (outer.kind !== 'cgroup' || outer.cgroup === null || inner.cgroup === null) return false
  return `${inner.cgroup}/`.startsWith(outer.cgroup === '/' ? '/' : `${outer.cgroup}/`)
}

/** A service and one of its processes, or a cgroup and something in it. */
function areRelated(a: SubjectRow, bId: SubjectId, b: Related): boolean {
  return a.serviceId === bId || b.serviceId === a.id || holds(a, b) || holds(b, a)
}

/**
 * Where several of one leak are new: the service stands for its processes, its only process for the
 * service, a cgroup for none.
 */
function rankOf({ kind, processes }: SubjectRow): number {
  if (kind === 'service') return processes === 1 ? 2 : 0
  return kind === 'cgroup' ? 3 : 1
}

function isMarked(
  row: SubjectRow,
  leaking: readonly SubjectRow[],
  marked: Set<SubjectId>,
): boolean {
  if (marked.has(row.id)) return true
  if (row.serviceId !== null && marked.has(row.serviceId)) return true
  if (row.kind !== 'service') return false
  // A service of which nothing leaks but what was marked.
  const members = leaking.filter((each) => each.serviceId === row.id)
  return members.length > 0 && members.every((each) => marked.has(each.id))
}

/** What says that a leak is none, or none any more; `unknown` and `growing` say only less than before. */
const CALM_STATES: readonly LeakState[] = ['steady', 'harmless']

/** A service without a process that is still shown is one that is awaited back. */
function isAwaited({ serviceId }: Told, rows: ReadonlyMap<SubjectId, SubjectRow>): boolean {
  return serviceId !== null && rows.get(serviceId)?.processes === 0
}

/** Whether what was told is over by now: at once where it is gone for good, else after a calm. */
function isOver(standing: Standing, id: SubjectId, told: Told): boolean {
  const { rows, calmSinceMs, nowMs } = standing
  const row = rows.get(id)
  if (row !== undefined && !CALM_STATES.includes(row.verdict.state)) {
    calmSinceMs.delete(id)
    return false
  }
  if (row === undefined && !isAwaited(told, rows)) return true
  // A clock may be set back.
  const sinceMs = Math.min(calmSinceMs.get(id) ?? nowMs, nowMs)
  calmSinceMs.set(id, sinceMs)
  return nowMs - sinceMs >= CALM_FOR_MS
}

export function findChanges(standing: Standing): Change[] {
  const { rows, marks, told, nowMs, calmSinceMs } = standing
  const leaking = [...rows.values()].filter(({ verdict }) => verdict.state === 'confirmed')
  if (leaking.length === 0 && told.size === 0) return []
  const marked = new Set(marks.map(({ subjectId }) => subjectId))
  const open = leaking.filter((row) => !isMarked(row, leaking, marked))
  const standingTold = new Map(told)
  const changes: Change[] = []
  for (const [id, known] of told) {
    const row = rows.get(id)
    const marksIt = marked.has(id) || (known.serviceId !== null && marked.has(known.serviceId))
    if (marksIt || (row !== undefined && isMarked(row, leaking, marked))) {
      changes.push({ what: 'dropped', id })
    } else if (!isOver(standing, id, known)) continue
    else {
      const heir = open.find((each) => each.id !== id && areRelated(each, id, known))
      if (heir !== undefined && !standingTold.has(heir.id)) {
        changes.push({ what: 'moved', id, row: heir })
        standingTold.set(heir.id, toldOf(heir, known.wallMs))
      } else changes.push({ what: 'over', id, told: known, row })
    }
    standingTold.delete(id)
    calmSinceMs.delete(id)
  }
  for (const row of open.sort((a, b) => rankOf(a) - rankOf(b))) {
    if (standingTold.has(row.id)) continue
    const related = [...standingTold].filter(([id, known]) => areRelated(row, id, known))
    // A cgroup says only that something in it leaks.
    const vague = related.filter(([, known]) => known.kind === 'cgroup' && row.kind !== 'cgroup')
    if (related.length > vague.length) continue
    for (const [id] of vague) {
      changes.push({ what: 'dropped', id })
      standingTold.delete(id)
      calmSinceMs.delete(id)
    }
    changes.push({ what: 'begun', row })
    standingTold.set(row.id, toldOf(row, nowMs))
  }
  return changes
}
