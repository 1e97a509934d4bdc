/** @module Which processes a service or a cgroup is made of. */
import type { SubjectRow } from './records.ts'

/** Processes of a service, or of a cgroup and those below it; of anything else none. */
export function membersOf(
  rows: Iterable<SubjectRow>,
  { kind, id, name }: SubjectRow,
): SubjectRow[] {
  const below = `${name === '/' ? '' : name}/`
  return [...rows].filter((row) => {
    if (row.kind !== 'process') return false
    if (kind === 'service') return row.serviceId === id
    return kind === 'cgroup' && (row.cgroup === name || row.cgroup?.startsWith(below) === true)
  })
}
