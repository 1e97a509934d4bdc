/** @module Reads one series or the host back as columns, in the step that suits the range. */
import type { HistoryColumns, HostHistoryColumns, SubjectId } from '../../core/wire/records.ts'
import { hostFigures } from './figures.ts'
import type { PendingStep, Point } from './pending.ts'
import type { Stepped } from './records.ts'
import type { Step } from './schema.ts'
import {
  COARSEST,
  HOST_COLUMNS,
  hostTable,
  POINT_COLUMNS,
  partOf,
  pointTable,
  STEPS,
} from './schema.ts'
import type { Store } from './store.ts'

export const NO_COLUMNS: HistoryColumns = {
  wallMs: [],
  levelBytes: [],
  anonBytes: [],
  fileBytes: [],
  shmemBytes: [],
  swapBytes: [],
  threads: [],
  fds: [],
}

export const NO_HOST_COLUMNS: HostHistoryColumns = {
  wallMs: [],
  anonBytes: [],
  fileBytes: [],
  shmemBytes: [],
  slabBytes: [],
  kernelBytes: [],
  hugepagesBytes: [],
  unaccountedBytes: [],
  freeBytes: [],
  swapUsedBytes: [],
  psiSomeAvg10Pct: [],
  psiFullAvg10Pct: [],
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly maxPoints: number
}

type Figures = readonly (number | null)[]

/**
 * The finest step that gives no more than `maxPoints` and still has all of the time; else that which
 * reaches back furthest.
 */
export function chooseStep(store: Store, { fromMs, toMs, maxPoints }: Span): Step {
  const lost = (step: Step): number => store.lostBeforeMs.get(step) ?? 0
  const few = STEPS.filter((step) => (toMs - fromMs) / step.stepMs <= maxPoints)
  const whole = few.find((step) => lost(step) <= fromMs)
  const furthest = [...few].sort((a, b) => lost(a) - lost(b) || a.stepMs - b.stepMs)[0]
  return whole ?? furthest ?? COARSEST
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}

function figuresOf(point: Point): Figures {
  const { levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds } = point
  return [levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds]
}

/** What was written and what waits, by bucket and in order, from before `from` where it held then. */
function readPoints(
  store: Store,
  pending: PendingStep,
  id: SubjectId,
  seriesId: number,
  from: number,
  to: number,
): Map<number, Figures> {
  const { step } = pending
  const found = new Map<number, Figures>()
  const firstPart = partOf(step, from)
  for (const part of store.parts.get(step) ?? []) {
    if (part < firstPart || part > partOf(step, to)) continue
    const table = pointTable(step, part)
    // What held at `from` began at the last point up to it.
    const since =
      part === firstPart
        ? `coalesce((SELECT max(t) FROM ${table} WHERE series = ?1 AND t <= ?2), ?2)`
        : '?2'
    const rows = store
      .sql(`SELECT * FROM ${table} WHERE series = ?1 AND t >= ${since} AND t <= ?3 ORDER BY t`)
      .all(seriesId, from, to)
    for (const row of rows) {
      found.set(
        Number(row.t),
        POINT_COLUMNS.map((name) => numberOrNull(row[name])),
      )
    }
  }
  for (const point of pending.points.get(id) ?? []) {
    const figures = figuresOf(point)
    const level = Math.min(
      point.levelBytes,
      found.get(point.bucket)?.[0] ?? Number.POSITIVE_INFINITY,
    )
    if (point.bucket <= to) found.set(point.bucket, [level, ...figures.slice(1)])
  }
  return new Map([...found].sort(([a], [b]) => a - b))
}

/** Buckets in which the agent was there: only then has a series' silence a meaning. */
function readPresent(store: Store, pending: PendingStep, from: number, to: number): number[] {
  const rows = store
    .sql(`SELECT t FROM ${hostTable(pending.step)} WHERE t BETWEEN ? AND ? ORDER BY t`)
    .all(from, to)
  const present = new Set(rows.map((row) => Number(row.t)))
  for (const bucket of pending.hosts.keys()) if (bucket >= from && bucket <= to) present.add(bucket)
  return [...present].sort((a, b) => a - b)
}

/** Nobody looked for more than so many steps: a chart draws no line across. */
const MAX_SILENT_STEPS = 3

/** @param endedMs when the subject was last seen, where that is not on the disk yet */
export function readColumns(
  store: Store,
  pending: readonly PendingStep[],
  id: SubjectId,
  span: Span,
  endedMs: number | undefined,
): Stepped<HistoryColumns> {
  const step = chooseStep(store, span)
  const { stepMs } = step
  const rows: [number, Figures][] = []
  const series = store.sql('SELECT id, last_ms FROM series WHERE subject = ?').get(id)
  const waiting = pending.find((each) => each.step === step)
  if (waiting !== undefined) {
    const lastMs = endedMs ?? numberOrNull(series?.last_ms) ?? Number.POSITIVE_INFINITY
    const from = Math.floor(span.fromMs / stepMs)
    const to = Math.floor(Math.min(span.toMs, lastMs) / stepMs)
    const points = [...readPoints(store, waiting, id, Number(series?.id ?? -1), from, to)]
    let current: Figures | undefined
    let next = 0
    let before = Number.NaN
    for (const at of readPresent(store, waiting, from, to)) {
      for (; (points[next]?.[0] ?? Number.POSITIVE_INFINITY) <= at; next++)
        current = points[next]?.[1]
      if (current === undefined) continue
      if (at - before > MAX_SILENT_STEPS) rows.push([at - 1, POINT_COLUMNS.map(() => null)])
      before = at
      rows.push([at, current])
    }
  }
  const column = (index: number): (number | null)[] =>
    rows.map(([, figures]) => figures[index] ?? null)
  return {
    stepMs,
    columns: {
      wallMs: rows.map(([at]) => at * stepMs),
      levelBytes: column(0),
      anonBytes: column(1),
      fileBytes: column(2),
      shmemBytes: column(3),
      swapBytes: column(4),
      threads: column(5),
      fds: column(6),
    },
  }
}

export function readHostColumns(
  store: Store,
  pending: readonly PendingStep[],
  span: Span,
  nowMs: number,
): Stepped<HostHistoryColumns> {
  const { fromMs, toMs, maxPoints } = span
  const few = STEPS.filter(({ stepMs }) => (toMs - fromMs) / stepMs <= maxPoints)
  // Rows of the host are few and kept as long as their step says.
  const step = few.find(({ keepMs }) => nowMs - fromMs <= keepMs) ?? few.at(-1) ?? COARSEST
  const { stepMs } = step
  const waiting = pending.find((each) => each.step === step)
  const from = Math.floor(fromMs / stepMs)
  const to = Math.floor(toMs / stepMs)
  const table = hostTable(step)
  const found = new Map<number, Figures>()
  for (const row of store.sql(`SELECT * FROM ${table} WHERE t BETWEEN ? AND ?`).all(from, to)) {
    found.set(
      Number(row.t),
      HOST_COLUMNS.map((name) => numberOrNull(row[name])),
    )
  }
  for (const [bucket, host] of waiting?.hosts ?? []) {
    if (bucket >= from && bucket <= to) found.set(bucket, hostFigures(host))
  }
  const rows = [...found].sort(([a], [b]) => a - b)
  const optional = (index: number): (number | null)[] => rows.map(([, row]) => row[index] ?? null)
  const column = (index: number): number[] => rows.map(([, row]) => row[index] ?? 0)
  return {
    stepMs,
    columns: {
      wallMs: rows.map(([at]) => at * stepMs),
      anonBytes: column(0),
      fileBytes: column(1),
      shmemBytes: column(2),
      slabBytes: column(3),
      kernelBytes: column(4),
      hugepagesBytes: column(5),
      unaccountedBytes: column(6),
      freeBytes: column(7),
      swapUsedBytes: column(8),
      psiSomeAvg10Pct: optional(9),
      psiFullAvg10Pct: optional(10),
    },
  }
}
