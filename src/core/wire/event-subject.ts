/** @module Whom an event is about, from the row that it is about. */
import type { EventSubject, SubjectRow } from './records.ts'

export function subjectOf(row: SubjectRow): EventSubject {
  return {
    id: row.id,
    pid: row.pid,
    startTicks: row.startTicks,
    comm: row.kind === 'process' ? row.name : null,
    cgroup: row.cgroup,
    unit: row.unit,
    container: row.container,
  }
}
