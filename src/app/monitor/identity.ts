/** @module Which service a process belongs to. */

/** A service by the name that survives a restart. */
export interface ServiceIdentity {
  readonly name: string
  readonly unit: string | null
  readonly container: string | null
}

/** From a process' cgroup path, and its program where no unit or container says more. */
export function identifyService(cgroup: string, comm: string): ServiceIdentity {
  const unit = cgroup.split('/').findLast((part) => part.endsWith('.service')) ?? null
  return { name: unit ?? comm, unit, container: null }
}
