/**
 * @module The tables of the history, and how fine and for how long each keeps.
 *
 * A step's points lie in parts, one table for each stretch of time. So what is old goes by dropping a
 * table, which costs the same however many series there were, and a read looks at few tables. Each
 * part begins with a point of every series that lives: none is needed from before it.
 */
import { DAY_SEC, HOUR_SEC, SECOND_MS } from '../../base/units.ts'

/** Goes up when a file of the version before can no longer be used. */
export const SCHEMA_VERSION = 2

export interface Step {
  readonly stepMs: number
  /** Points older than this are deleted, also where there is room. */
  readonly keepMs: number
  /** Time that one part holds. */
  readonly partMs: number
  /** A point waits about so long before it is written: the price of writing each page less often. */
  readonly writeWithinMs: number
}

const PARTS = 12

function step(stepSec: number, keepSec: number, writeWithinSec: number): Step {
  return {
    stepMs: stepSec * SECOND_MS,
    keepMs: keepSec * SECOND_MS,
    partMs: (keepSec / PARTS) * SECOND_MS,
    writeWithinMs: writeWithinSec * SECOND_MS,
  }
}

/** Finest first. Where room is short the finest lose their oldest first. */
export const FINEST: Step = step(1, HOUR_SEC, 8)
export const COARSEST: Step = step(7200, 400 * DAY_SEC, 300)
export const STEPS: readonly Step[] = [
  FINEST,
  step(10, 12 * HOUR_SEC, 60),
  step(60, 4 * DAY_SEC, 120),
  step(900, 30 * DAY_SEC, 300),
  COARSEST,
]

export function partOf(step: Step, bucket: number): number {
  return Math.floor((bucket * step.stepMs) / step.partMs)
}

export function pointTable(step: Step, part: number): string {
  return `point_${step.stepMs / SECOND_MS}s_${part}`
}

/** Step and part of a table's name; `undefined` for any other table. */
export function parsePointTable(name: string): { step: Step; part: number } | undefined {
  const match = /^point_(\d+)s_(\d+)$/.exec(name)
  const step = STEPS.find(({ stepMs }) => stepMs === Number(match?.[1]) * SECOND_MS)
  return step === undefined ? undefined : { step, part: Number(match?.[2]) }
}

export function hostTable(step: Step): string {
  return `host_${step.stepMs / SECOND_MS}s`
}

/** Figures of a point. `level` is the lowest of its step, the rest the last. */
export const POINT_COLUMNS = ['level', 'anon', 'file', 'shmem', 'swap', 'threads', 'fds'] as const

/** Columns of a host row, in the order of HostHistoryColumns. */
export const HOST_COLUMNS = [
  'anon',
  'file',
  'shmem',
  'slab',
  'kernel',
  'hugepages',
  'unaccounted',
  'free',
  'swap_used',
  'psi_some',
  'psi_full',
] as const

export function createPointTable(step: Step, part: number): string {
  return `CREATE TABLE IF NOT EXISTS ${pointTable(step, part)} (
    series INTEGER NOT NULL, t INTEGER NOT NULL, ${POINT_COLUMNS.join(' ANY, ')} ANY,
    PRIMARY KEY (series, t)
  ) WITHOUT ROWID`
}

function createHostTable(step: Step): string {
  return `CREATE TABLE IF NOT EXISTS ${hostTable(step)} (
    t INTEGER PRIMARY KEY, ${HOST_COLUMNS.join(' ANY, ')} ANY
  ) WITHOUT ROWID;`
}

/**
 * Makes what is not there yet. `series.last_ms` is null while the series lives; `coarsest` is the
 * index of the coarsest step that holds a point of it; `lost.before_ms` says up to when a step's
 * points were deleted.
 */
export const CREATE_TABLES = `
  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE,
    first_ms INTEGER NOT NULL, last_ms INTEGER, coarsest INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS series_last ON series (coarsest, last_ms);
  CREATE TABLE IF NOT EXISTS lost (step_ms INTEGER PRIMARY KEY, before_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, wall_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, subject TEXT, body TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS event_subject ON event (subject, wall_ms);
  CREATE INDEX IF NOT EXISTS event_wall ON event (wall_ms);
  CREATE TABLE IF NOT EXISTS oom_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE, wall_ms INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS mark (subject TEXT PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS notified (subject TEXT PRIMARY KEY, state TEXT NOT NULL);
  ${STEPS.map(createHostTable).join('\n')}
  PRAGMA user_version = ${SCHEMA_VERSION};
`
