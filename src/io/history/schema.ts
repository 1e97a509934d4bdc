/** @module The tables of the history, and how fine and for how long each keeps. */
import { DAY_SEC, HOUR_SEC, SECOND_MS } from '../../base/units.ts'

/** Goes up when a file of the version before can no longer be used. */
export const SCHEMA_VERSION = 1

export interface Step {
  readonly stepMs: number
  /** Points older than this are deleted, also where there is room. */
  readonly keepMs: number
}

/** Finest first. Where room is short the finest lose their oldest first. */
export const STEPS: readonly Step[] = [
  { stepMs: 1 * SECOND_MS, keepMs: 1 * HOUR_SEC * SECOND_MS },
  { stepMs: 10 * SECOND_MS, keepMs: 12 * HOUR_SEC * SECOND_MS },
  { stepMs: 60 * SECOND_MS, keepMs: 4 * DAY_SEC * SECOND_MS },
  { stepMs: 900 * SECOND_MS, keepMs: 30 * DAY_SEC * SECOND_MS },
  { stepMs: 7200 * SECOND_MS, keepMs: 400 * DAY_SEC * SECOND_MS },
]

export function pointTable(step: Step): string {
  return `point_${step.stepMs / SECOND_MS}s`
}

export function hostTable(step: Step): string {
  return `host_${step.stepMs / SECOND_MS}s`
}

const POINT_COLUMNS = 'level, anon, file, shmem, swap, threads, fds'

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

function createStep(step: Step): string {
  return `
    CREATE TABLE IF NOT EXISTS ${pointTable(step)} (
      series INTEGER NOT NULL, t INTEGER NOT NULL, ${POINT_COLUMNS.replaceAll(',', ' ANY,')} ANY,
      PRIMARY KEY (t, series)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ${pointTable(step)}_series ON ${pointTable(step)} (series, t);
    CREATE TABLE IF NOT EXISTS ${hostTable(step)} (
      t INTEGER PRIMARY KEY, ${HOST_COLUMNS.join(' ANY, ')} ANY
    ) WITHOUT ROWID;`
}

/** Makes what is not there yet. A step's `level` is the lowest of its time, the rest the last. */
export const CREATE_TABLES = `
  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE,
    first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS series_last ON series (last_ms);
  CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, wall_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, subject TEXT, body TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS event_subject ON event (subject, wall_ms);
  CREATE TABLE IF NOT EXISTS mark (subject TEXT PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS notified (subject TEXT PRIMARY KEY, state TEXT NOT NULL);
  ${STEPS.map(createStep).join('\n')}
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** Events kept at most: the newest. */
export const MAX_EVENTS = 20_000
