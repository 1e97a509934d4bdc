/** @module One leak is told once, although its process, service and cgroup all grow by it. */
import type { SubjectRow } from './records.ts'

/**
 * Leaves out services and cgroups whose growth is that of a process in the list: one leak is told
 * once.
 */
export function foldContainers(suspects: readonly SubjectRow[]): SubjectRow[] {
  const processes = suspects.filter((row) => row.kind === 'process')
  const services = new Set(processes.map((row) => row.serviceId))
  const isExplained = (row: SubjectRow): boolean => {
    if (row.kind === 'service') return services.has(row.id)
    if (row.kind !== 'cgroup') return false
    const below = `${row.name === '/' ? '' : row.name}/`
    return processes.some(({ cgroup }) => cgroup === row.name || cgroup?.startsWith(below) === true)
  }
  return suspects.filter((row) => !isExplained(row))
}
