/** @module What is stored one by one, at once: events, marks, and what was notified. */
import type { Event, Mark, SubjectId } from '../../core/wire/records.ts'
import type { EventQuery } from './records.ts'
import type { Store } from './store.ts'

/** Events kept at most: the newest. */
const MAX_EVENTS = 20_000
/** Marks kept at most: the newest. */
const MAX_MARKS = 5_000
/** An event whose data take more is kept without them. */
const MAX_EVENT_CHARS = 8_192

function eventBody(event: Event): string {
  const body = JSON.stringify(event)
  return body.length <= MAX_EVENT_CHARS ? body : JSON.stringify({ ...event, data: {} })
}

export function writeEvent(store: Store, event: Event): void {
  store
    .sql('INSERT OR IGNORE INTO event (id, wall_ms, kind, subject, body) VALUES (?, ?, ?, ?, ?)')
    .run(
      event.id,
      Math.round(event.wallMs),
      event.kind,
      event.subject?.id ?? null,
      eventBody(event),
    )
  store.sql('DELETE FROM event WHERE seq <= (SELECT max(seq) FROM event) - ?').run(MAX_EVENTS)
}

export function readEvents(store: Store, query: EventQuery): Event[] {
  const { sinceMs = 0, untilMs = Number.MAX_SAFE_INTEGER, kind, subjectId, limit } = query
  const rows = store
    .sql(
      `SELECT body FROM event WHERE wall_ms BETWEEN ?1 AND ?2 AND (?3 IS NULL OR kind = ?3)
       AND (?4 OR subject IS ?5) ORDER BY wall_ms DESC, seq DESC LIMIT ?6`,
    )
    .all(
      Math.round(sinceMs),
      Math.round(untilMs),
      kind ?? null,
      subjectId === undefined ? 1 : 0,
      subjectId ?? null,
      limit,
    )
  return rows.map((row) => JSON.parse(String(row.body)) as Event)
}

export function writeMark(store: Store, mark: Mark): void {
  store
    .sql('INSERT OR REPLACE INTO mark (subject, body) VALUES (?, ?)')
    .run(mark.subjectId, JSON.stringify(mark))
  store.sql('DELETE FROM mark WHERE rowid <= (SELECT max(rowid) FROM mark) - ?').run(MAX_MARKS)
}

export function removeMark(store: Store, id: SubjectId): void {
  store.sql('DELETE FROM mark WHERE subject = ?').run(id)
}

/** Those that have expired too. */
export function readMarks(store: Store): Mark[] {
  return store
    .sql('SELECT body FROM mark')
    .all()
    .map((row) => JSON.parse(String(row.body)) as Mark)
}

export function readAllNotified(store: Store): Map<SubjectId, string> {
  const rows = store.sql('SELECT subject, state FROM notified').all()
  return new Map(rows.map((row) => [String(row.subject), String(row.state)]))
}

export function writeNotified(store: Store, id: SubjectId, state: string | undefined): void {
  if (state === undefined) store.sql('DELETE FROM notified WHERE subject = ?').run(id)
  else store.sql('INSERT OR REPLACE INTO notified (subject, state) VALUES (?, ?)').run(id, state)
}

/** Takes over what must not be lost where a history in memory gives way to one on disk. */
export function copyLedger(from: Store, to: Store): void {
  const everything = { limit: MAX_EVENTS }
  for (const event of readEvents(from, everything).reverse()) writeEvent(to, event)
  for (const mark of readMarks(from)) writeMark(to, mark)
  for (const [id, state] of readAllNotified(from)) writeNotified(to, id, state)
}
