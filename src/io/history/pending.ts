/**
 * @module What waits to be written: for each step one point a series and bucket of time, however many
 * samples fell into it. Bounded: while a disk is full this is what is kept.
 */
import type { HostRow } from '../../core/procfs/records.ts'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { Step } from './schema.ts'
import { partOf, STEPS } from './schema.ts'

export interface Point {
  /** Number of the step's bucket since 1970. */
  readonly bucket: number
  /** The lowest level of the bucket: what is seen from afar is the floor. */
  levelBytes: number
  /** The rest as the bucket's last sample had it. */
  anonBytes: number | null
  fileBytes: number | null
  shmemBytes: number | null
  swapBytes: number | null
  threads: number | null
  fds: number | null
}

/** One step's share of what waits. */
export interface PendingStep {
  readonly step: Step
  /** Those that wait longest first, both the series and the points of each. */
  readonly points: Map<SubjectId, Point[]>
  readonly hosts: Map<number, HostRow>
  /** The part that the last sample fell into. */
  part: number
  count: number
}

/** What is written in one go. */
export interface Batch {
  readonly pending: PendingStep
  readonly series: readonly (readonly [SubjectId, readonly Point[]])[]
  readonly hosts: readonly (readonly [number, HostRow])[]
}

/** Points that wait for one step at most. */
const MAX_POINTS = 20_000
/** Points written at once: what a pause of some milliseconds has room for. */
const MAX_BATCH_POINTS = 1_500
/** Where more than half of what may wait does, this share of it: what comes must not outrun what goes. */
const CROWDED_SHARE = 0.25

export function createPending(): PendingStep[] {
  return STEPS.map((step) => ({ step, points: new Map(), hosts: new Map(), part: -1, count: 0 }))
}

function addPoint(pending: PendingStep, row: SubjectRow, bucket: number): void {
  let points = pending.points.get(row.id)
  if (points === undefined) {
    points = []
    pending.points.set(row.id, points)
  }
  const { levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds } = row
  const last = points.at(-1)
  if (last !== undefined && last.bucket === bucket) {
    last.levelBytes = Math.min(last.levelBytes, levelBytes)
    Object.assign(last, { anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds })
    return
  }
  points.push({ bucket, levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds })
  pending.count++
}

/**
 * Takes one tick: the rows that changed, and where a part begins, all that live.
 * @returns how many points found no room
 */
export function addTick(
  pending: PendingStep,
  host: HostRow,
  changed: Iterable<SubjectRow>,
  alive: () => Iterable<SubjectRow>,
): number {
  const bucket = Math.floor(host.wallMs / pending.step.stepMs)
  const part = partOf(pending.step, bucket)
  pending.hosts.set(bucket, host)
  for (const row of part === pending.part ? changed : alive()) addPoint(pending, row, bucket)
  pending.part = part
  if (pending.count <= MAX_POINTS) return 0
  const dropped = pending.count
  pending.points.clear()
  pending.hosts.clear()
  pending.count = 0
  // What was dropped held the last known figures: the next tick tells all again.
  pending.part = -1
  return dropped
}

/** The part of what waits that is due after `elapsedMs`, so that each waits as long as its step says. */
export function nextBatch(pending: PendingStep, elapsedMs: number): Batch {
  const isCrowded = pending.count > MAX_POINTS / 2
  const least = isCrowded ? CROWDED_SHARE : 0
  const share = Math.min(1, Math.max(least, elapsedMs / pending.step.writeWithinMs))
  const most = Math.max(MAX_BATCH_POINTS, pending.count * least)
  const due = Math.ceil(pending.points.size * share)
  const series: [SubjectId, Point[]][] = []
  let count = 0
  for (const entry of pending.points) {
    if (series.length >= due || count >= most) break
    series.push(entry)
    count += entry[1].length
  }
  const hosts = [...pending.hosts].slice(0, Math.ceil(pending.hosts.size * share))
  return { pending, series, hosts }
}

/** Forgets what was written; what is `kept` waits again, behind the rest. */
export function settleBatch({ pending, series, hosts }: Batch, kept: ReadonlySet<SubjectId>): void {
  for (const [id, points] of series) {
    pending.points.delete(id)
    if (kept.has(id)) pending.points.set(id, [...points])
    else pending.count -= points.length
  }
  for (const [bucket] of hosts) pending.hosts.delete(bucket)
}

export function forgetPoints(pending: PendingStep, id: SubjectId): void {
  pending.count -= pending.points.get(id)?.length ?? 0
  pending.points.delete(id)
}
