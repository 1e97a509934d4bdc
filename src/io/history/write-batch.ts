/** @module Writes what waited into the parts that it belongs to. */
import type { StatementSync } from 'node:sqlite'
import type { SubjectId } from '../../core/wire/records.ts'
import { hostFigures } from './figures.ts'
import type { Batch, Point } from './pending.ts'
import type { Step } from './schema.ts'
import { HOST_COLUMNS, hostTable, POINT_COLUMNS, partOf, STEPS } from './schema.ts'
import type { Store } from './store.ts'
import { takePart, takeSeries } from './store.ts'

function insertPoint(table: string): string {
  return `INSERT INTO ${table} (series, t, ${POINT_COLUMNS.join(', ')})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (series, t) DO UPDATE SET level = min(level, excluded.level), anon = excluded.anon,
      file = excluded.file, shmem = excluded.shmem, swap = excluded.swap,
      threads = excluded.threads, fds = excluded.fds`
}

function insertHost(step: Step): string {
  const marks = HOST_COLUMNS.map(() => '?').join(', ')
  return `INSERT OR REPLACE INTO ${hostTable(step)} (t, ${HOST_COLUMNS.join(', ')}) VALUES (?, ${marks})`
}

type PutPoint = (part: number) => StatementSync

/** The statement that writes into a part; asked for each point, and nearly always for the same one. */
function pointWriter(store: Store, step: Step): PutPoint {
  let last = { part: -1, put: undefined as StatementSync | undefined }
  return (part) => {
    if (last.put !== undefined && last.part === part) return last.put
    const put = store.sql(insertPoint(takePart(store, step, part)))
    last = { part, put }
    return put
  }
}

function writePoints(
  putInto: PutPoint,
  step: Step,
  seriesId: number,
  points: readonly Point[],
): void {
  for (const point of points) {
    const { bucket, levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds } = point
    const put = putInto(partOf(step, bucket))
    put.run(seriesId, bucket, levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds)
  }
}

/** When a subject was first seen; `undefined`: it is gone. */
export type FirstSeen = (id: SubjectId) => number | undefined

/**
 * Whether a series has not lived through one step yet. One that was first seen after now has: the
 * clock was set back, and it would else be young until the clock is there again.
 */
export function isYoung(firstMs: number, nowMs: number, step: Step): boolean {
  return firstMs <= nowMs && nowMs - firstMs < step.stepMs
}

/**
 * Writes one batch. A coarse step takes a series once it has lived through one step: a host that
 * starts many short programs would else fill the coarse parts with them.
 * @returns series that are too young and wait on
 */
export function writeBatch(
  store: Store,
  batch: Batch,
  firstSeen: FirstSeen,
  nowMs: number,
): Set<SubjectId> {
  const { step } = batch.pending
  const index = STEPS.indexOf(step)
  const putInto = pointWriter(store, step)
  const young = new Set<SubjectId>()
  for (const [subject, points] of batch.series) {
    const seenMs = firstSeen(subject)
    const begunMs = seenMs ?? (points[0]?.bucket ?? 0) * step.stepMs
    const series = takeSeries(store, subject, begunMs, seenMs !== undefined)
    if (index > 0 && seenMs !== undefined && isYoung(series.firstMs, nowMs, step)) {
      young.add(subject)
      continue
    }
    writePoints(putInto, step, series.id, points)
    if (index <= series.coarsest) continue
    series.coarsest = index
    store.sql('UPDATE series SET coarsest = ? WHERE id = ?').run(index, series.id)
  }
  const putHost = store.sql(insertHost(step))
  for (const [bucket, host] of batch.hosts) putHost.run(bucket, ...hostFigures(host))
  return young
}
