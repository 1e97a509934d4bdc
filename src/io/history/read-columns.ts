/** @module Reads one series or the host back as columns, in the step that suits the range. */
import type { StatementSync } from 'node:sqlite'
import type { HistoryColumns, HostHistoryColumns, SubjectId } from '../../core/wire/records.ts'
import type { Stepped } from './history.ts'
import type { Step } from './schema.ts'
import { type HOST_COLUMNS, hostTable, pointTable, STEPS } from './schema.ts'

type Sql = (text: string) => StatementSync

/** The finest step that reaches back far enough and gives no more than `maxPoints`. */
export function chooseStep(fromMs: number, toMs: number, maxPoints: number, nowMs: number): Step {
  const fitting = STEPS.find(
    (step) => (toMs - fromMs) / step.stepMs <= maxPoints && nowMs - fromMs <= step.keepMs,
  )
  return fitting ?? (STEPS.at(-1) as Step)
}

const FIGURES = ['level', 'anon', 'file', 'shmem', 'swap', 'threads', 'fds'] as const

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}

export function readColumns(
  sql: Sql,
  id: SubjectId,
  fromMs: number,
  toMs: number,
  maxPoints: number,
  nowMs: number,
): Stepped<HistoryColumns> {
  const step = chooseStep(fromMs, toMs, maxPoints, nowMs)
  const { stepMs } = step
  const wallMs: number[] = []
  const figures = FIGURES.map((): (number | null)[] => [])
  const [levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds] = figures as [
    (number | null)[],
    (number | null)[],
    (number | null)[],
    (number | null)[],
    (number | null)[],
    (number | null)[],
    (number | null)[],
  ]
  const columns: HistoryColumns = {
    wallMs,
    levelBytes,
    anonBytes,
    fileBytes,
    shmemBytes,
    swapBytes,
    threads,
    fds,
  }
  const series = sql('SELECT id, first_ms, last_ms FROM series WHERE subject = ?').get(id)
  if (series === undefined) return { stepMs, columns }
  const from = Math.floor(Math.max(fromMs, Number(series.first_ms)) / stepMs)
  const to = Math.floor(Math.min(toMs, Number(series.last_ms)) / stepMs)
  const table = pointTable(step)
  const seriesId = Number(series.id)
  let current = sql(
    `SELECT * FROM ${table} WHERE series = ? AND t < ? ORDER BY t DESC LIMIT 1`,
  ).get(seriesId, from)
  const points = sql(
    `SELECT * FROM ${table} WHERE series = ? AND t BETWEEN ? AND ? ORDER BY t`,
  ).all(seriesId, from, to)
  // The agent was there where the host has a row: only then has the series' silence a meaning.
  const present = sql(`SELECT t FROM ${hostTable(step)} WHERE t BETWEEN ? AND ? ORDER BY t`).all(
    from,
    to,
  )
  let next = 0
  let before = Number.NaN
  for (const { t } of present) {
    const at = Number(t)
    while (next < points.length && Number(points[next]?.t) <= at) current = points[next++]
    if (current === undefined) continue
    if (at - before > 3) pushGap(wallMs, figures, (at - 1) * stepMs)
    before = at
    wallMs.push(at * stepMs)
    for (const [index, name] of FIGURES.entries()) figures[index]?.push(numberOrNull(current[name]))
  }
  return { stepMs, columns }
}

/** A point of nulls, so that a chart draws no line across the time when nobody looked. */
function pushGap(wallMs: number[], figures: (number | null)[][], at: number): void {
  wallMs.push(at)
  for (const column of figures) column.push(null)
}

export function readHostColumns(
  sql: Sql,
  fromMs: number,
  toMs: number,
  maxPoints: number,
  nowMs: number,
): Stepped<HostHistoryColumns> {
  const step = chooseStep(fromMs, toMs, maxPoints, nowMs)
  const { stepMs } = step
  const rows = sql(`SELECT * FROM ${hostTable(step)} WHERE t BETWEEN ? AND ? ORDER BY t`).all(
    Math.floor(fromMs / stepMs),
    Math.floor(toMs / stepMs),
  )
  const column = (name: (typeof HOST_COLUMNS)[number]): number[] =>
    rows.map((row) => Number(row[name]))
  const optional = (name: (typeof HOST_COLUMNS)[number]): (number | null)[] =>
    rows.map((row) => numberOrNull(row[name]))
  return {
    stepMs,
    columns: {
      wallMs: rows.map((row) => Number(row.t) * stepMs),
      anonBytes: column('anon'),
      fileBytes: column('file'),
      shmemBytes: column('shmem'),
      slabBytes: column('slab'),
      kernelBytes: column('kernel'),
      hugepagesBytes: column('hugepages'),
      unaccountedBytes: column('unaccounted'),
      freeBytes: column('free'),
      swapUsedBytes: column('swap_used'),
      psiSomeAvg10Pct: optional('psi_some'),
      psiFullAvg10Pct: optional('psi_full'),
    },
  }
}
