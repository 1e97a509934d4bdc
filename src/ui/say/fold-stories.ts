/** @module One leak is told once, not again by its service and by each cgroup around it. */
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'

/** A path and all that it lies in: `/a/b`, `/a`, `/`. */
function pathsAbove(path: string): string[] {
  const paths = [path]
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    paths.push(path.slice(0, end))
  }
  return [...paths, '/']
}

/**
 * Tells each story once: a service in whose state two or more of its processes are stands for them;
 * one whose only process tells the same is left out, as is a cgroup with such processes in it.
 */
export function foldStories(rows: readonly SubjectRow[]): SubjectRow[] {
  const key = (id: SubjectId | null, { verdict }: SubjectRow): string => `${verdict.state} ${id}`
  const members = new Map<string, number>()
  const services = new Set<string>()
  const cgroups = new Set<string>()
  for (const row of rows) {
    if (row.kind === 'service') services.add(key(row.id, row))
    if (row.kind !== 'process') continue
    if (row.serviceId !== null) {
      const of = key(row.serviceId, row)
      members.set(of, (members.get(of) ?? 0) + 1)
    }
    if (row.cgroup !== null && !cgroups.has(key(row.cgroup, row))) {
      for (const path of pathsAbove(row.cgroup)) cgroups.add(key(path, row))
    }
  }
  return rows.filter((row) => {
    if (row.kind === 'service') return members.get(key(row.id, row)) !== 1
    if (row.kind === 'cgroup') return !cgroups.has(key(row.name, row))
    if (row.kind !== 'process') return true
    const of = key(row.serviceId, row)
    return !services.has(of) || members.get(of) === 1
  })
}
